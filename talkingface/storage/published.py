"""The weights of the papers, as their authors published them: pickles that hold tensors.

Most are read as they are. One that holds more than tensors is refused; `convert_trusted` then makes
a safe file of its tensors, on the user's word, and still runs nothing that is in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save

from talkingface.errors import CheckpointError
from talkingface.storage.atomic import write_bytes
from talkingface.storage.pickles import read_pickle, require_safe_torch
from talkingface.storage.weights import read_tensors

_NO_WAY = "Get it again from its source, or have its owner save only the tensors."


@dataclass(frozen=True)
class Conversion:
    """What became of a trusted file."""

    num_tensors: int
    stand_ins: tuple[str, ...]  # classes and functions that the file asked for and did not get


class _StandIn:
    """Takes the place of whatever a file asks for, accepts all it is given, and does nothing."""

    def __new__(cls, *_: object, **__: object) -> "_StandIn":
        return super().__new__(cls)

    def __setstate__(self, state: object) -> None:
        """Forget the state."""


def read_published(path: Path) -> dict[str, torch.Tensor]:
    """Return the tensors of a published file (``.pth .pt .model``, or converted ``.safetensors``).

    Names of nested dicts are joined with dots; values that are no tensors are left out.

    Raises:
        CheckpointError: the file is absent, damaged, refused, or holds no tensors.
    """
    if path.suffix == ".safetensors":
        return read_tensors(path)
    return _tensors_of(read_pickle(path), path)


def convert_trusted(path: Path, out: Path, *, overwrite: bool = False) -> Conversion:
    """Write the tensors of `path`, a file that `read_published` refuses, to the safetensors `out`.

    The user's trust is needed to take the tensors for what they claim to be, not to run anything:
    each class or function that the file asks for is replaced by one that does nothing.

    Raises:
        CheckpointError: the file is damaged, holds no tensors, asks for the operating system, or
            is of the format before PyTorch 1.6 and holds more than tensors.
        StorageError: `out` cannot be written, or exists.
    """
    require_safe_torch(path)
    asked_for = _asked_for(path)
    # One stand-in for each name: PyTorch takes pairs of a class and the name that it answers to.
    with torch.serialization.safe_globals([(_StandIn, name) for name in asked_for]):
        tensors = _tensors_of(read_pickle(path, cure=_NO_WAY), path)
    safe = {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}
    write_bytes(out, save(safe, {"converted_from": path.name}), overwrite=overwrite)
    return Conversion(len(safe), asked_for)


def _asked_for(path: Path) -> tuple[str, ...]:
    """Return the names that the file asks for besides tensors, found without unpickling it."""
    try:
        return tuple(sorted(torch.serialization.get_unsafe_globals_in_checkpoint(path)))
    except FileNotFoundError:
        raise CheckpointError(f"There is no file {path}.") from None
    except ValueError:
        return ()  # no zip file: the format before PyTorch 1.6, which is read strictly or refused
    except Exception as error:  # a damaged file can break the reader at any of its lines
        raise CheckpointError(f"{path} is damaged, or not made by PyTorch. {_NO_WAY}") from error


def _tensors_of(content: object, path: Path) -> dict[str, torch.Tensor]:
    tensors = dict(_walk(content, ""))
    if not tensors:
        raise CheckpointError(f"{path} holds no tensors by name. Is it the right file?")
    return tensors


def _walk(content: object, prefix: str) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield every tensor below `content`, named by the keys that lead to it."""
    if isinstance(content, torch.Tensor) and prefix:
        yield prefix, content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from _walk(value, f"{prefix}.{key}" if prefix else str(key))
