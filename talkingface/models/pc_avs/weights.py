"""Which published file holds which network, and where its tensors belong in ours.

The authors publish one file for each network: ``latest_net_G.pth`` and so on. Half of what they
hold is for training alone, above all the generator's mapping network.
"""

from collections.abc import Mapping

from talkingface.models.base import PublishedFile
from talkingface.nn import face_alignment_network, style_generator

NUM_CLASSES = 5830  # people of the published training

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


def _layer(name: str, outputs: int, inputs: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


_NON_IDENTITY = PublishedFile(
    "network.non_identity_encoder",
    _non_identity_name,
    heads=_layer("classifier.0", 512, 512)
    | _layer("classifier.2", NUM_CLASSES, 512)
    | _layer("mouth_fc.1", NUM_CLASSES, 512)
    | _layer("headpose_fc.1", NUM_CLASSES, 12),
)
_SPEECH = PublishedFile("network.speech_encoder", heads=_layer("fc", NUM_CLASSES, 512))
_IDENTITY_HEAD = _layer("fc", NUM_CLASSES, 2048)

PC_AVS: Mapping[str, PublishedFile] = {
    "latest_net_G.pth": PublishedFile(
        "network.generator", unused=(*style_generator.UNUSED_TENSORS, "input.*")
    ),
    "latest_net_V.pth": PublishedFile(
        "network.identity_encoder", unused=("model.fc.*",), heads=_IDENTITY_HEAD
    ),
    "latest_net_E.pth": _NON_IDENTITY,
    "latest_net_A_sync.pth": _SPEECH,
}
SPEECH2TALKING_FACE: Mapping[str, PublishedFile] = {
    "latest_net_G.pth": PublishedFile("network.generator", unused=style_generator.UNUSED_TENSORS),
    "latest_net_A.pth": PublishedFile("network.identity_encoder", heads=_IDENTITY_HEAD),
    "latest_net_E.pth": _NON_IDENTITY,
    "latest_net_A_sync.pth": _SPEECH,
}
