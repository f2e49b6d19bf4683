"""Folded networks against the same networks before."""

import pytest
import torch
from torch import nn

from talkingface.nn.equalized import EqualizedLinear
from talkingface.nn.face_alignment_network import FaceAlignmentNetwork
from talkingface.nn.folding import fold
from talkingface.nn.identity_encoder import IdentityEncoder
from talkingface.nn.modulated_conv import ModulatedConv2d, UpsamplingModulatedConv2d
from talkingface.nn.spectral_norm import spectral_norm
from talkingface.nn.speech_resnet import SpeechResNet
from talkingface.nn.style_generator import StyleGenerator

TOLERANCE = 1e-11  # float64, up to a hundred layers


def random(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def trained(network):
    """Return a network in float64 whose norms and biases are not those of a new one."""
    torch.manual_seed(0)
    network = network.double().eval()
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if name.endswith("running_var"):
                tensor.uniform_(0.5, 2)
            elif tensor.ndim == 1 or name.endswith("bias"):
                tensor.normal_(0.3, 0.2)
    return network


NETWORKS = {
    "identity": lambda: IdentityEncoder(4, (1, 2, 1, 1), groups=2),
    "speech": lambda: SpeechResNet(80, 6, channels=8, depths=(1, 2, 1, 1)),
    "face": lambda: FaceAlignmentNetwork(64, 5, channels=4, num_points=7),
    "linear": lambda: EqualizedLinear(4, 3, 1.0, rate=0.1),
    "row": lambda: nn.Sequential(
        nn.Conv1d(3, 4, 3), nn.BatchNorm1d(4), nn.ReLU(), nn.Conv1d(4, 2, 1)
    ),
    "spectral": lambda: nn.Sequential(spectral_norm(nn.Conv2d(3, 5, 4)), nn.BatchNorm2d(5)),
}
GIVEN = {
    "identity": (2, 1, 3, 64, 64),
    "speech": (2, 80, 20),
    "face": (2, 3, 64, 64),
    "linear": (2, 4),
    "row": (2, 3, 9),
    "spectral": (2, 3, 9, 9),
}


@pytest.mark.parametrize("name", NETWORKS)
@torch.no_grad()
def test_folding_changes_nothing_but_the_cost(name):
    network, x = trained(NETWORKS[name]()), random(*GIVEN[name])
    before = network(x)
    torch.testing.assert_close(fold(network)(x), before, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(
    "layer",
    [
        ModulatedConv2d(4, 6, 1, 5, demodulate=False),
        ModulatedConv2d(4, 6, 3, 5),
        UpsamplingModulatedConv2d(4, 6, 5),
    ],
)
@torch.no_grad()
def test_folded_filters_are_modulated_as_before(layer):
    layer, x, style = layer.double(), random(3, 4, 7, 7), random(3, 5)
    before = layer(x, style)
    torch.testing.assert_close(fold(layer)(x, style), before, rtol=0, atol=TOLERANCE)


@torch.no_grad()
def test_a_folded_generator_draws_the_same_with_and_without_noise():
    generator = trained(StyleGenerator(6, (8, 6, 4), start_size=4))
    style, start = random(3, 6), random(1, 8, 4, 4)
    noise = [one.double() for one in generator.kept_noise()]
    before = [generator(style, start, one) for one in (noise, None)]
    folded = fold(generator)
    for one, expected in zip((noise, None), before, strict=True):
        torch.testing.assert_close(folded(style, start, one), expected, rtol=0, atol=TOLERANCE)


def test_nothing_that_can_be_fixed_is_computed_in_every_call():
    for name, new in NETWORKS.items():
        folded = fold(trained(new()))
        kinds = [type(layer) for layer in folded.modules()]
        assert EqualizedLinear not in kinds, name
        for layer in folded.modules():
            assert not nn.utils.parametrize.is_parametrized(layer), name
    # A rectifier stands between the first convolution of this block and its norm.
    block = fold(trained(SpeechResNet(80, 6, channels=8, depths=(1, 1, 1, 1)))).layer1[0]
    assert isinstance(block.bn2, nn.Identity)
    assert isinstance(block.bn1, nn.BatchNorm2d)


def test_norms_that_follow_each_batch_stay():
    network = nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3, track_running_stats=False)).eval()
    x = torch.randn(2, 2, 4, 4)
    before = network(x)
    torch.testing.assert_close(fold(network)(x), before)
    assert isinstance(network[1], nn.BatchNorm2d)


def test_a_folded_network_cannot_be_trained():
    assert not any(one.requires_grad for one in fold(trained(NETWORKS["face"]())).parameters())
