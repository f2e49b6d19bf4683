"""Our own weights: tensors in a safetensors file whose header says what they are.

The header carries the model, the sizes of its networks, whether the weights are demo weights,
published ones or trained here, their licence, and the version of this format. All of it is checked
before a tensor is read, and so before any device is touched.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from safetensors import SafetensorError, safe_open

from talkingface.errors import CheckpointError, normalized
from talkingface.storage.atomic import atomic_file

if TYPE_CHECKING:
    from torch import Tensor

FORMAT_VERSION = 1
LARGE = 1 << 20  # bytes; there are some tens of tensors as large
Kind = Literal["demo", "published", "trained"]


@dataclass(frozen=True)
class WeightsHeader:
    """What a file of weights says of itself."""

    model: str  # the registered name
    kind: Kind
    licence: str  # of the weights, as their maker states it
    architecture: Mapping[str, Any]  # sizes of the networks, as JSON has them
    format_version: int = FORMAT_VERSION


@dataclass(frozen=True)
class Weights:
    """Tensors by name, and what they are."""

    header: WeightsHeader
    tensors: dict[str, "Tensor"]  # on the CPU


def write_weights(path: Path, weights: Weights, *, overwrite: bool = True) -> None:
    """Write `weights` to `path`, whole or not at all. A tensor with two names is stored twice.

    Raises:
        StorageError: the file cannot be written.
    """
    from safetensors.torch import save

    header = weights.header
    metadata = {
        "model": header.model,
        "kind": header.kind,
        "licence": header.licence,
        "architecture": json.dumps(dict(header.architecture), allow_nan=False),
        "format_version": str(header.format_version),
    }
    tensors = {
        name: tensor.detach().to("cpu", copy=True).contiguous()
        for name, tensor in weights.tensors.items()
    }
    content = save(tensors, metadata)
    header_end, ordered = _header_in_order(content)
    with atomic_file(path, overwrite=overwrite) as file:
        file.write(ordered)
        file.write(memoryview(content)[header_end:])  # hundreds of megabytes, not copied once more


def _header_in_order(content: bytes) -> tuple[int, bytes]:
    """Return where the header of a safetensors file ends, and the header in order.

    So equal weights are equal files: the library writes the metadata in another order every time.
    The header is 8 bytes of length, little-endian, then JSON padded with blanks, so that the
    numbers stay where they are.
    """
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    ordered = {"__metadata__": dict(sorted(metadata.items())), **header}
    text = json.dumps(ordered, separators=(",", ":"), ensure_ascii=False).encode()
    assert len(text) <= length, "sorting makes a header no longer"
    return 8 + length, content[:8] + text.ljust(length)


def read_header(path: Path) -> WeightsHeader:
    """Return what the weights in `path` say of themselves; no tensor is read, no torch imported.

    Raises:
        CheckpointError: the file is absent, damaged, not ours, or of a newer format.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
    except FileNotFoundError:
        raise CheckpointError(f"There is no file {path}.") from None
    except (SafetensorError, OSError) as error:
        raise damaged(path, error) from error
    try:
        header = WeightsHeader(
            model=metadata["model"],
            kind=_kind(metadata["kind"]),
            licence=metadata["licence"],
            architecture=_mapping(metadata["architecture"]),
            format_version=int(metadata["format_version"]),
        )
    except (KeyError, ValueError) as error:
        raise CheckpointError(
            f"{path} was not written by this toolkit: its header does not say what it holds "
            f"({error}). Weights of a paper are given as its authors published them."
        ) from error
    if header.format_version > FORMAT_VERSION:
        raise CheckpointError(
            f"{path} has format {header.format_version}; this version of the toolkit reads up to "
            f"{FORMAT_VERSION}. Install a newer one."
        )
    return header


def read_weights(
    path: Path, *, model: str, architecture: Mapping[str, Any] | None = None
) -> Weights:
    """Return the weights in `path`, which must be those of `model`.

    Args:
        path: a file of our own weights.
        model: the registered name of the model that asks.
        architecture: sizes that are already settled, and that the file must agree with.

    Raises:
        CheckpointError: the file cannot be used; `read_header` says when, and here also for
            another model or other sizes.
    """
    header = read_header(path)
    if normalized(header.model) != normalized(model):
        raise CheckpointError(
            f"{path} holds weights of {header.model!r}; this run is {model!r}. "
            f"Give weights of {model!r}, or choose --model={header.model}."
        )
    for name, size in (architecture or {}).items():
        if name not in header.architecture or header.architecture[name] != size:
            held = header.architecture.get(name, "not stated")
            raise CheckpointError(
                f"{path} was made with {name} {held}; this run asks for {size}. "
                f"Leave {name} to the file, or give weights of that size."
            )
    return Weights(header, read_tensors(path))


def read_tensors(path: Path) -> dict[str, "Tensor"]:
    """Return every tensor of a safetensors file, whoever wrote it, on the CPU.

    Small ones are read. Each large one lies in the file until it is looked at, and its memory is
    free again as soon as nobody holds it, whatever becomes of the others.

    Raises:
        CheckpointError: the file is absent or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            held = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return {
            name: _mapped_alone(path, name) if tensor.nbytes >= LARGE else tensor.clone()
            for name, tensor in held.items()
        }
    except FileNotFoundError:
        raise CheckpointError(f"There is no file {path}.") from None
    except (SafetensorError, OSError) as error:
        raise damaged(path, error) from error


def _mapped_alone(path: Path, name: str) -> "Tensor":
    # Tensors of one opening share a map of the file, whose pages stay until all of them are gone.
    with safe_open(path, framework="pt") as file:
        tensor: Tensor = file.get_tensor(name)
        return tensor


def damaged(path: Path, error: Exception) -> CheckpointError:
    """Return the error for a file that is not whole, or not safetensors at all."""
    return CheckpointError(
        f"{path} is damaged, or not a safetensors file ({error}). Get it again from its source; "
        "if it is a pickle of PyTorch with another name, give it back its name (.pth)."
    )


def _kind(text: str) -> Kind:
    if text not in get_args(Kind):
        raise ValueError(f"kind {text!r}")
    return cast("Kind", text)


def _mapping(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError(f"architecture {text!r}")  # noqa: TRY004 - the text is wrong, not our call
    return value
