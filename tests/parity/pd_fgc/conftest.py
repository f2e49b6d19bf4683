"""The networks of PD-FGC at their published sizes, with weights anyone can make.

Filling them is much of the cost of these tests, so each is made where it is first asked for, and
what is never read is not made.
"""

import math

import pytest
import torch

from talkingface.models.pd_fgc.motion_encoder import MotionEncoder
from talkingface.models.pd_fgc.network import PDFGCNetwork
from talkingface.models.pd_fgc.speech_encoder import SpeechEncoder
from talkingface.models.pd_fgc.weights import FILES
from talkingface.nn.identity_encoder import IdentityEncoder
from talkingface.nn.style_generator import StyleGenerator
from talkingface.storage.fitting import load_into
from tests.parity.deterministic import fill, narrowed, read_manifest
from tests.parity.pd_fgc.published_numbers import GOLDENS, NUM_SCORES

STYLE_WIDTH = 2590


def published(manifest, *, without=()):
    """Return a published file's tensors; of the 5,995 classes as many as the goldens have."""
    rows = read_manifest(GOLDENS / manifest, without=without)
    return fill(narrowed(rows, ["fc.*"], NUM_SCORES))


def native(state):
    """Return a generator's tensors as large as at a real start of training."""

    def at_start(name, value):
        if name.endswith("modulation.weight"):
            return value * math.sqrt(value.shape[1])
        if name.endswith("modulation.bias"):
            return value + 1
        if value.ndim == 5:
            faint = 0.1 if name.startswith("to_rgb") else 1
            return value * (faint * math.sqrt(value.shape[1:].numel()))
        return value * 0.1 if name.endswith("noise.weight") else value

    return {name: at_start(name, value) for name, value in state.items()}


def filled(build, tensors, own_name=lambda name: name):
    """Return a network with tensors of published names."""
    with torch.device("meta"):  # nothing is drawn that the weights would replace
        network = build()
    network.to_empty(device="cpu")
    named = {own_name(name): tensor for name, tensor in tensors.items()}
    assert load_into(network, named, source="the goldens' weights") == ()
    return network.eval()


@pytest.fixture(scope="session")
def appearance_encoder():
    tensors = published("appearance.json", without=["model.fc.*"])
    return filled(lambda: IdentityEncoder(num_classes=NUM_SCORES), tensors)


@pytest.fixture(scope="session")
def motion_encoder():
    part = FILES["motion_model.pth"]
    return filled(MotionEncoder, published("motion.json"), part.own_name)


@pytest.fixture(scope="session")
def speech_encoder():
    return filled(SpeechEncoder, published("audio.json"))


@pytest.fixture(scope="session")
def plain_generator_tensors():
    """Return the generator's tensors, without those that nothing is computed from."""
    return published("generator.json", without=["style.*", "*.kernel"])


@pytest.fixture(scope="session")
def generator(plain_generator_tensors):
    """Return the generator that the end-to-end goldens have, with its own start map."""
    return filled(
        lambda: StyleGenerator(STYLE_WIDTH, learned_start=True), native(plain_generator_tensors)
    )


@pytest.fixture(scope="session")
def network(appearance_encoder, motion_encoder, speech_encoder, generator):
    return PDFGCNetwork(appearance_encoder, motion_encoder, speech_encoder, generator)


@pytest.fixture(autouse=True)
def _without_gradients():
    with torch.inference_mode():
        yield
