"""Puts tensors into a network, strictly: every name and every shape must agree."""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from torch import Tensor, nn

from talkingface.errors import CheckpointError

NUM_NAMED = 5  # names of a kind in one message


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
    unfit = {
        "missing": [name for name in own if name not in tensors],
        "unknown": [name for name in tensors if name not in own],
        "of another shape": [
            name for name in own if name in tensors and own[name].shape != tensors[name].shape
        ],
    }

    def is_free(name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in may_differ)

    faults = [
        f"{len(names)} {what} ({first_of([_described(name, own, tensors) for name in names])})"
        for what, all_names in unfit.items()
        if (names := [name for name in all_names if not is_free(name)])
    ]
    if faults:
        raise CheckpointError(
            f"{source} does not fit {type(module).__name__}: of its tensors "
            f"{', '.join(faults)}. Give weights made for this network and these sizes."
        )
    left_out = {name for names in unfit.values() for name in names}
    fitting = {name: tensor for name, tensor in tensors.items() if name not in left_out}
    module.load_state_dict(own | fitting)
    return tuple(f"{name} is {what}" for what, names in unfit.items() for name in names)


def _described(name: str, own: Mapping[str, Tensor], tensors: Mapping[str, Tensor]) -> str:
    """Return the name, with both shapes where they differ."""
    if name in own and name in tensors:
        return f"{name} {tuple(tensors[name].shape)} instead of {tuple(own[name].shape)}"
    return name


def first_of(names: Iterable[str]) -> str:
    """Return the first five names, and say that there are more."""
    listed = list(names)
    return ", ".join(listed[:NUM_NAMED]) + (", ..." if len(listed) > NUM_NAMED else "")
