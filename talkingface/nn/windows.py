"""How many frames a network draws together."""

from collections.abc import Iterator

import torch

# On a CPU a batch makes convolutions hardly faster, and large maps leave its caches.
PIXELS_ON_CPU = 224**2
PIXELS_ELSEWHERE = 16 * 224**2


def windows(
    frames: range, image_px: int, device: torch.device, at_once: int | None = None
) -> Iterator[range]:
    """Yield frames in the portions in which they are drawn together, in order.

    Args:
        frames: all of them.
        image_px: side of the pictures.
        device: where they are drawn.
        at_once: so many in any case; None for as many as suit the device and the pictures.

    >>> list(windows(range(3, 9), 112, torch.device("cpu")))
    [range(3, 7), range(7, 9)]
    """
    pixels = PIXELS_ON_CPU if device.type == "cpu" else PIXELS_ELSEWHERE
    step = at_once or max(1, pixels // image_px**2)
    for start in range(0, len(frames), step):
        yield frames[start : start + step]
