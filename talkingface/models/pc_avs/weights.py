"""Which published file holds which network, and where its tensors belong in ours.

The authors publish one file for each network: ``latest_net_G.pth`` and so on. Whoever loads them
gives their tensors to `network_tensors`; nothing here opens a file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from torch import Tensor

from talkingface.errors import CheckpointError
from talkingface.nn import face_alignment_network, style_generator

# What training alone uses. In published files their sizes may differ, or they may be absent.
TRAINING_HEADS = (
    "identity_encoder.fc.*",
    "speech_encoder.fc.*",
    "non_identity_encoder.classifier.*",
    "non_identity_encoder.mouth_fc.*",
    "non_identity_encoder.headpose_fc.*",
)

# Parts of the non-identity encoder in files from before the program was published.
OLD_NAMES = {
    "mapper": "to_mouth",
    "mapper2small": "mouth_embed",
    "mapper_fc": "mouth_fc",
    "pure_pose": "to_headpose",
    "pure_pose2small": "headpose_embed",
    "pure_pose_fc": "headpose_fc",
}


def _non_identity_name(published: str) -> str:
    """Return our name of a tensor of the non-identity encoder."""
    first, dot, rest = published.partition(".")
    if first == "model":
        rest = face_alignment_network.own_name(rest)
    return OLD_NAMES.get(first, first) + dot + rest


def _same_name(published: str) -> str:
    return published


@dataclass(frozen=True)
class PublishedFile:
    """A published file: the network it is of, our names, and the tensors that nothing uses."""

    network: str  # its attribute in `PCAVSNetwork`
    own_name: Callable[[str], str] = _same_name
    unused: tuple[str, ...] = ()


_SPEECH = PublishedFile("speech_encoder")
_NON_IDENTITY = PublishedFile("non_identity_encoder", _non_identity_name)

PC_AVS: Mapping[str, PublishedFile] = {
    "G": PublishedFile("generator", unused=(*style_generator.UNUSED_TENSORS, "input.*")),
    "V": PublishedFile("identity_encoder", unused=("model.fc.*",)),
    "E": _NON_IDENTITY,
    "A_sync": _SPEECH,
}
SPEECH2TALKING_FACE: Mapping[str, PublishedFile] = {
    "G": PublishedFile("generator", unused=style_generator.UNUSED_TENSORS),
    "A": PublishedFile("identity_encoder"),
    "E": _NON_IDENTITY,
    "A_sync": _SPEECH,
}


def file_name(label: str, epoch: str = "latest") -> str:
    """Return the published name of a file.

    >>> file_name("A_sync")
    'latest_net_A_sync.pth'
    """
    return f"{epoch}_net_{label}.pth"


def network_tensors(
    layout: Mapping[str, PublishedFile], files: Mapping[str, Mapping[str, Tensor]]
) -> dict[str, Tensor]:
    """Return the tensors of a `PCAVSNetwork`, without those that nothing uses.

    Args:
        layout: `PC_AVS` or `SPEECH2TALKING_FACE`.
        files: label (``G``, ``A_sync``) to the tensors of that file.

    Raises:
        CheckpointError: a file is missing.
    """
    missing = [file_name(label) for label in layout if label not in files]
    if missing:
        raise CheckpointError(
            f"The published weights are incomplete: {', '.join(missing)} missing. "
            f"Put all {len(layout)} files into one folder: {', '.join(map(file_name, layout))}."
        )
    return {
        f"{part.network}.{part.own_name(name)}": tensor
        for label, part in layout.items()
        for name, tensor in files[label].items()
        if not any(fnmatchcase(name, pattern) for pattern in part.unused)
    }
