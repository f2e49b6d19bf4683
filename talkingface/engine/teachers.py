"""Networks that know something already, and help a method to learn."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import torch
from torch import nn

from talkingface.config.locations import checkpoints_folder
from talkingface.engine.build import published_files
from talkingface.errors import CheckpointError
from talkingface.face.reader import open_network
from talkingface.nn.perceptual import UNUSED_TENSORS, VGG19Features
from talkingface.storage.fitting import load_into
from talkingface.storage.published import read_published

# Not the reader that scores: whoever is judged by his own teacher is judged too kindly.
READER_FILE: Final = "SynthTalkReader/demo_teacher.safetensors"
VGG_NAME: Final = "vgg19"  # in checkpoints/weights.yaml


def open_teachers(names: Sequence[str], device: torch.device) -> dict[str, nn.Module]:
    """Return the teachers of these names, ready and at rest.

    Raises:
        CheckpointError: The weights of one are not here.
    """
    return {name: TEACHERS[name]().to(device).eval().requires_grad_(False) for name in names}


def _synthtalk_reader() -> nn.Module:
    return open_network(checkpoints_folder() / READER_FILE)


def _vgg19() -> nn.Module:
    path = published_files({VGG_NAME}).get(VGG_NAME)
    if path is None:
        raise CheckpointError(
            "The teacher VGG19 has no weights here. Get them with `download vgg19`, or train "
            "without it: --train.teachers=[]."
        )
    network = VGG19Features()
    load_into(network, read_published(path), source=str(path), may_differ=UNUSED_TENSORS)
    return network


TEACHERS: Final[Mapping[str, Callable[[], nn.Module]]] = {
    "SynthTalkReader": _synthtalk_reader,
    "VGG19": _vgg19,
}
