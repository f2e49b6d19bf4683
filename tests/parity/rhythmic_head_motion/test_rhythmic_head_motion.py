"""Our networks from speech to head motion against the published ones."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from talkingface.models.rhythmic_head_motion.head_motion import HeadMotion, MotionCritic
from talkingface.models.rhythmic_head_motion.weights import head_motion_weights
from tests.parity.deterministic import fill, normal
from tests.parity.rhythmic_head_motion.recipe import HERE, shapes_in

GOLDEN = np.load(HERE / "head_motion.npz")
NAMES = shapes_in("head_motion_names.json")
PARTS = {"encode": "rt_encode", "mid_net": "audio_encode", "decode": "rt_decode"}  # in one file
NUM_KNOWN = 32


def filled(part: str) -> dict[str, Tensor]:
    return fill([{"name": name, "shape": shape} for name, shape in NAMES[part].items()])


@pytest.fixture(scope="module")
def network() -> HeadMotion:
    published = {
        f"{place}.{name}": tensor
        for place, part in PARTS.items()
        for name, tensor in filled(part).items()
    }
    with torch.device("meta"):  # 50 million numbers that would be drawn in vain
        network = HeadMotion().eval()
    network.load_state_dict(head_motion_weights(published), strict=True, assign=True)
    return network


@pytest.fixture(scope="module")
def windows() -> Tensor:
    return torch.from_numpy(normal("input/rotate_audio", [1, 48, 1, 7, 640])).squeeze(2)


@pytest.fixture(scope="module")
def history() -> Tensor:
    return torch.from_numpy(normal("input/rotate_rt", [1, NUM_KNOWN, 6]))


@torch.no_grad()
def test_codes_and_motion_are_the_originals(
    network: HeadMotion, windows: Tensor, history: Tensor
) -> None:
    speech = network.speech_encoder(windows)
    code = network.motion_encoder(history, speech[:, :NUM_KNOWN])
    made = {
        "audio_feat": (speech, 1e-5),  # float32 sums of 90 000 products
        "rt_feat": (code, 1e-5),
        "rt_pred": (network(windows, history), 5e-5),  # values up to 5, behind both
    }
    for name, (ours, tolerance) in made.items():
        np.testing.assert_allclose(ours.numpy(), GOLDEN[name], rtol=0, atol=tolerance)


@torch.no_grad()
def test_the_critic_is_the_originals() -> None:
    critic = MotionCritic()
    published = filled("discriminator")
    critic.load_state_dict({name.replace("l.0", "judge"): published[name] for name in published})
    logits = critic(torch.from_numpy(GOLDEN["rt_pred"]).repeat(2, 1, 1))
    loss = F.binary_cross_entropy_with_logits(logits, torch.ones(2))
    np.testing.assert_allclose(logits.sigmoid().numpy(), GOLDEN["d_prob"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(loss.numpy(), GOLDEN["d_loss"], rtol=0, atol=1e-6)  # float32
