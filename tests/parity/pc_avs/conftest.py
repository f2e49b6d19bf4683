"""The networks of PC-AVS and its variant at their published sizes, with weights anyone can make.

Filling them is the cost of these tests, so one set serves all, and what is never read is not made.
"""

import math

import numpy as np
import pytest
import torch

from talkingface.engine.published_weights import own_tensors
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.models.pc_avs.non_identity_encoder import NonIdentityEncoder
from talkingface.models.pc_avs.speech_encoder import SpeechEncoder
from talkingface.models.pc_avs.voice_identity_encoder import VoiceIdentityEncoder
from talkingface.models.pc_avs.weights import PC_AVS, SPEECH2TALKING_FACE
from talkingface.nn.identity_encoder import IdentityEncoder
from talkingface.nn.style_generator import StyleGenerator
from talkingface.storage.fitting import load_into
from tests.parity.deterministic import fill, narrowed, read_manifest
from tests.parity.pc_avs.published_numbers import NUM_SCORES, manifest, mels, pictures

# The generator's start map is read too, as the variant does.
FILES = PC_AVS | {"latest_net_G.pth": SPEECH2TALKING_FACE["latest_net_G.pth"]}
# The original has 5,830 classes; its goldens are the first hundred scores.
SCORES = ("fc.*", "classifier.2.*", "mouth_fc.1.*", "headpose_fc.1.*")


def published(file):
    """Return a published file's tensors, but those that nothing is computed from."""
    unused = FILES[file].unused if file in FILES else ()
    rows = read_manifest(manifest(file), without=unused)
    return fill(narrowed(rows, SCORES, NUM_SCORES))


def equalised(state):
    """Return a generator's tensors as large as at a real start of training."""

    def at_start(name, value):
        fan_in = int(np.prod(value.shape[1:])) if value.ndim > 1 else 1
        if name.endswith("modulation.bias"):
            return value + 1
        if name.endswith("modulation.weight") or (name.endswith("weight") and value.ndim == 5):
            return value * math.sqrt(fan_in)
        return value

    return {name: at_start(name, value) for name, value in state.items()}


@pytest.fixture(scope="session")
def network():
    """Return PC-AVS, whose generator also has the start map of its variant."""
    with torch.device("meta"):  # nothing is drawn that the weights would replace
        pc_avs = PCAVSNetwork(
            IdentityEncoder(num_classes=NUM_SCORES),
            SpeechEncoder(num_classes=NUM_SCORES),
            NonIdentityEncoder(num_classes=NUM_SCORES),
            StyleGenerator(2560, learned_start=True),
        )
    pc_avs.to_empty(device="cpu")
    for name, file in FILES.items():
        part = pc_avs.get_submodule(file.network.removeprefix("network."))
        held = (
            equalised(published(name)) if file.network == "network.generator" else published(name)
        )
        tensors = own_tensors(file, held, set(part.state_dict()), source=name)
        assert load_into(part, tensors, source=name) == ()
    return pc_avs.eval()


@pytest.fixture(scope="session")
def generator(network):
    return network.generator


@pytest.fixture(scope="session")
def voice_encoder():
    """Return the identity encoder of the variant."""
    with torch.device("meta"):
        encoder = VoiceIdentityEncoder(num_classes=NUM_SCORES)
    encoder.to_empty(device="cpu")
    load_into(encoder, published("latest_net_A.pth"), source="the goldens' weights")
    return encoder.eval()


@pytest.fixture(scope="session")
def portraits():
    return pictures("input/identity", (2, 3, 224, 224))


@pytest.fixture(scope="session")
def identity(network, portraits):
    """Return the identity of the first portrait."""
    with torch.inference_mode():
        return network.identify(portraits[None, :1])


@pytest.fixture(scope="session")
def identity_of_two(network, portraits):
    """Return the identity of both portraits, taken for one person."""
    with torch.inference_mode():
        return network.identify(portraits[None])


@pytest.fixture(scope="session")
def two_voices(voice_encoder):
    with torch.inference_mode():
        return voice_encoder(mels("input/mel_identity", (2, 1, 320, 80)))


@pytest.fixture(scope="session")
def resting_pose(network, portraits):
    """Return the pose code of the first portrait."""
    with torch.inference_mode():
        return network.resting_pose_code(portraits[None, :1])


@pytest.fixture(scope="session")
def pose_codes(network):
    with torch.inference_mode():
        return network.pose_codes(pictures("input/pose", (2, 3, 224, 224)))


@pytest.fixture(scope="session")
def mouth_codes(network):
    with torch.inference_mode():
        return network.mouth_codes(mels("input/mel", (2, 1, 80, 20)).squeeze(1))


@pytest.fixture(autouse=True)
def _without_gradients():
    with torch.inference_mode():
        yield
