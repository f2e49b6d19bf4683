"""Pickled tensors, written and read so that a file can never run code.

PyTorch keeps training states, and the papers their weights, as pickles: little programs that name
the functions to call. Here they are read with ``weights_only=True``, which admits tensors and plain
values alone. There is no other way in, and no second try when this one refuses.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import BinaryIO

import torch

from talkingface.errors import CheckpointError
from talkingface.storage.atomic import atomic_file

OLDEST_SAFE_TORCH = (2, 10)  # before it, a file could break out of weights_only=True
WAY_OUT = (
    "Get it again from its source; or, if you trust it, copy its tensors to a safe file with "
    "`convert --i-trust-this-file`."
)

_PLAIN_TYPES = frozenset(
    {type(None), bool, int, float, str, bytes, torch.Size, torch.Tensor, torch.nn.Parameter}
)
_SEQUENCE_TYPES = frozenset({list, tuple, set})
_MAPPING_TYPES = frozenset({dict, OrderedDict})


def write_pickle(path: Path, content: Mapping[str, object], *, overwrite: bool = True) -> None:
    """Write tensors and plain values to `path`, whole or not at all.

    Raises:
        CheckpointError: something in `content` is neither, so that it could not be read again.
        StorageError: the file cannot be written.
    """
    for stranger in _strangers(content, ""):
        raise CheckpointError(
            f"{path} is not written: {stranger}. A training state holds tensors, numbers, texts "
            "and lists or dicts of them; convert it before it is saved."
        )
    with atomic_file(path, overwrite=overwrite) as file:
        try:
            torch.save(content, file)
        except RuntimeError as error:
            # After a failed write PyTorch also fails to close its archive, which hides the reason.
            reason = error.__context__
            raise reason if isinstance(reason, OSError) else error from error


def read_pickle(path: Path, *, cure: str = WAY_OUT) -> object:
    """Return the tensors (on the CPU) and plain values in `path`; run nothing that is in it.

    `cure` is the end of the message where that fails: what the user can do.

    Raises:
        CheckpointError: the file is absent, damaged or asks for more than tensors and plain
            values, or this PyTorch cannot read it safely.
    """
    require_safe_torch(path)
    with _opened(path) as file:
        try:
            return torch.load(file, map_location="cpu", weights_only=True)
        except UnpicklingError as error:
            asked = _what_it_asks_for(error)
            raise CheckpointError(f"{path} is refused: {asked}. {cure}") from error
        except Exception as error:  # a damaged file can break the reader at any of its lines
            raise CheckpointError(f"{path} is damaged, or not made by PyTorch. {cure}") from error


def require_safe_torch(path: Path) -> None:
    """Refuse to open `path` with a PyTorch whose safe reading is not safe.

    Raises:
        CheckpointError: PyTorch is older than `OLDEST_SAFE_TORCH`.
    """
    version = tuple(int(part) for part in torch.__version__.split(".")[:2])
    if version < OLDEST_SAFE_TORCH:
        oldest = ".".join(map(str, OLDEST_SAFE_TORCH))
        raise CheckpointError(
            f"{path} is not opened: with PyTorch {torch.__version__} such a file could run code. "
            f"Install torch>={oldest}."
        )


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise CheckpointError(f"There is no file {path}.") from None
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error


def _strangers(value: object, place: str) -> Iterator[str]:
    """Name each thing below `value` that ``weights_only=True`` would not read, and its type.

    Types are compared exactly: a ``numpy.float64`` is a float, and makes a file unreadable.
    """
    kind = type(value)
    if isinstance(value, dict) and kind in _MAPPING_TYPES:
        for key, item in value.items():
            yield from _strangers(key, f"the key {key!r} of {place or 'the state'}")
            yield from _strangers(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple | set) and kind in _SEQUENCE_TYPES:
        for index, item in enumerate(value):
            yield from _strangers(item, f"{place}[{index}]")
    elif kind not in _PLAIN_TYPES:
        yield f"{place} is a {kind.__module__}.{kind.__qualname__}"


def _what_it_asks_for(error: UnpicklingError) -> str:
    """Say what in a file made the safe reader stop."""
    asked = re.search(r"(?:GLOBAL|reduce for unrecognized function) (\S+)", str(error))
    if asked is None:
        return "it is not a file of tensors and plain values, or it is damaged"
    return f"besides tensors it asks for {asked[1]!r}, which could run code on this machine"
