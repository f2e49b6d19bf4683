"""Puts tensors into a network, strictly: every name and every shape must agree."""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from torch import Tensor, nn

from talkingface.errors import CheckpointError

NUM_NAMED = 5  # names of a kind in one message

Shapes = Mapping[str, tuple[int, ...]]


def load_into(
    module: nn.Module,
    tensors: Mapping[str, Tensor],
    *,
    source: str,
    may_differ: Sequence[str] = (),
) -> tuple[str, ...]:
    """Copy `tensors` into `module`; nothing is copied unless everything fits.

    Args:
        module: the network, on any device.
        tensors: name to tensor, as `module.state_dict()` names them.
        source: what the tensors came from, for the message: a file's name.
        may_differ: patterns of names (``classifier.*``) that no result depends on. Where these do
            not fit they are left as they are and reported.

    Returns:
        One remark for each name among `may_differ` that did not fit.

    Raises:
        CheckpointError: names are missing, unknown, or have another shape; the first five of each.
    """
    own = module.state_dict()
    unfit = _unfit(shapes_of(own), tensors, f"{source} does not fit {_kind(module)}", may_differ)
    left_out = {name for names in unfit.values() for name in names}
    fitting = {name: tensor for name, tensor in tensors.items() if name not in left_out}
    module.load_state_dict(own | fitting)
    return tuple(f"{name} is {what}" for what, names in unfit.items() for name in names)


def let_go(module: nn.Module) -> Shapes:
    """Free the memory of a module's tensors and return their shapes.

    The module is of no use until `move_into` has given it others, nor after that has failed.
    """
    own = module.state_dict(keep_vars=True)
    shapes = shapes_of(own)
    for tensor in own.values():
        tensor.data = tensor.data.new_empty(0)
    return shapes


def move_into(
    module: nn.Module, shapes: Shapes, tensors: dict[str, Tensor], *, source: str
) -> None:
    """Move `tensors` one by one into a module that has let its own go, so none is there twice.

    Args:
        module: the network.
        shapes: of what it let go.
        tensors: name to tensor, as for `load_into`; none are left.
        source: what the tensors came from, for the message.

    Raises:
        CheckpointError: As for `load_into`.
    """
    _unfit(shapes, tensors, f"{source} does not fit {_kind(module)}")
    for name, own in module.state_dict(keep_vars=True).items():
        # A copy, since what a file holds may lie in the file still, or within a larger tensor.
        own.data = tensors.pop(name).to(own.data, copy=True).contiguous()


def shapes_of(tensors: Mapping[str, Tensor]) -> Shapes:
    """Return the shape of each tensor."""
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}


def _unfit(
    own: Shapes, tensors: Mapping[str, Tensor], fault: str, may_differ: Sequence[str] = ()
) -> Mapping[str, list[str]]:
    """Return the names among `may_differ` that do not fit, by what is wrong with them.

    Raises:
        CheckpointError: Others do not fit.
    """
    given = shapes_of(tensors)
    unfit = {
        "missing": [name for name in own if name not in given],
        "unknown": [name for name in given if name not in own],
        "of another shape": [name for name in own if own[name] != given.get(name, own[name])],
    }

    def is_free(name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in may_differ)

    faults = [
        f"{len(names)} {what} ({first_of([_described(name, own, given) for name in names])})"
        for what, all_names in unfit.items()
        if (names := [name for name in all_names if not is_free(name)])
    ]
    if faults:
        raise CheckpointError(
            f"{fault}: of its tensors {', '.join(faults)}. "
            "Give weights made for this network and these sizes."
        )
    return unfit


def _kind(module: nn.Module) -> str:
    return type(module).__name__


def _described(name: str, own: Shapes, given: Shapes) -> str:
    """Return the name, with both shapes where they differ."""
    if name in own and name in given:
        return f"{name} {given[name]} instead of {own[name]}"
    return name


def first_of(names: Iterable[str]) -> str:
    """Return the first five names, and say that there are more."""
    listed = list(names)
    return ", ".join(listed[:NUM_NAMED]) + (", ..." if len(listed) > NUM_NAMED else "")
