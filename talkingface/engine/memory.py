"""What the process does with memory that is free again.

A network writes maps of some ten megabytes and frees each a moment later. The allocator of Linux
gives such memory back to the system, and the next map then pays for every page anew: up to half of
the time of a program that takes no care. On other systems nothing is done here.
"""

import ctypes
import sys

# Numbers of glibc's malloc.h. Sizes above 32 MiB are always mapped anew, so this is the most.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
LARGEST_KEPT = 32 << 20  # bytes of one map: 128 channels of 250 px
LARGE_WEIGHT = 1 << 20  # bytes; there are some hundreds
MOST_KEPT = 512 << 20  # bytes


def give_back_weights() -> None:
    """Let large tensors lie apart from others, and be given back as soon as they are freed.

    It is for while weights are read and rearranged: what they leave free is in pieces that maps do
    not fit.
    """
    if (library := _library()) is not None:
        library.mallopt(MMAP_THRESHOLD, LARGE_WEIGHT)


def keep_freed_memory(most: int = MOST_KEPT) -> None:
    """Let what is freed be used again, by all threads, up to so many bytes."""
    if (library := _library()) is not None:
        library.mallopt(MMAP_THRESHOLD, LARGEST_KEPT)
        library.mallopt(TRIM_THRESHOLD, most)
        library.mallopt(ARENA_MAX, 1)  # arenas of other threads are given back whatever is said


def give_back_freed_memory() -> None:
    """Let go of what is free now, such as after weights were rearranged."""
    if (library := _library()) is not None:
        library.malloc_trim(0)


def _library() -> ctypes.CDLL | None:
    """Return the C library if it is glibc."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
