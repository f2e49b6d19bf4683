"""Which published file holds which network, and where its tensors belong in ours.

The authors publish four files. They were saved in training, so some may hold more than drawing
needs; what their own program leaves out is left out here too, and so is what nothing is computed
from, above all the generator's mapping network: 54 of 91 million numbers. Whoever loads the files
gives their tensors to `network_tensors`; nothing here opens one.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from torch import Tensor

from talkingface.errors import CheckpointError
from talkingface.nn import face_alignment_network, style_generator


def _motion_name(published: str) -> str:
    """Return our name of a tensor of the motion encoder."""
    first, dot, rest = published.partition(".")
    return first + dot + (face_alignment_network.own_name(rest) if first == "model" else rest)


def _same_name(published: str) -> str:
    return published


@dataclass(frozen=True)
class PublishedFile:
    """A published file: the network it is of, our names, and the tensors that nothing uses."""

    network: str  # its attribute in `PDFGCNetwork`
    unused: tuple[str, ...]  # patterns of published names
    own_name: Callable[[str], str] = _same_name
    may_hold_more: bool = False  # the authors take what they know of it and leave the rest


SCORES = ("fc.*", "*_fc.*")  # of classes, in training
FILES: Mapping[str, PublishedFile] = {
    "appearance_model.pth": PublishedFile("appearance_encoder", (*SCORES, "model.fc.*")),
    "motion_model.pth": PublishedFile(
        "motion_encoder",
        (*SCORES, "*classifier*", "*to_feature*", "*to_embed*"),
        _motion_name,
        may_hold_more=True,
    ),
    "audio_model.pth": PublishedFile(
        "speech_encoder",
        # the last four are what remains of an expression that was heard
        (*SCORES, "model.layer4_exp*", "model.attention_exp*", "model.fc_exp*", "exp_embed*"),
    ),
    "generator_model.pth": PublishedFile(
        "generator", (*style_generator.UNUSED_TENSORS, "input.*"), may_hold_more=True
    ),
}


@dataclass(frozen=True)
class NetworkTensors:
    """What published files hold for a `PDFGCNetwork`, and what they hold besides."""

    tensors: Mapping[str, Tensor]  # by our names
    left_out: tuple[str, ...]  # published names, each behind its file's


def network_tensors(
    files: Mapping[str, Mapping[str, Tensor]], own_names: Container[str]
) -> NetworkTensors:
    """Return the tensors of a `PDFGCNetwork`, without those that nothing uses.

    Args:
        files: the tensors of each published file, by its name.
        own_names: of all tensors of the network.

    Raises:
        CheckpointError: A file is missing.
    """
    missing = [name for name in FILES if name not in files]
    if missing:
        raise CheckpointError(
            f"The published weights are incomplete: {', '.join(missing)} missing. "
            f"Put all {len(FILES)} files into one folder: {', '.join(FILES)}."
        )
    tensors: dict[str, Tensor] = {}
    left_out: list[str] = []
    for file, part in FILES.items():
        for published, tensor in files[file].items():
            name = f"{part.network}.{part.own_name(published)}"
            is_unused = any(fnmatchcase(published, pattern) for pattern in part.unused)
            if is_unused or (part.may_hold_more and name not in own_names):
                left_out.append(f"{file}: {published}")
            else:
                tensors[name] = tensor
    return NetworkTensors(tensors, tuple(left_out))
