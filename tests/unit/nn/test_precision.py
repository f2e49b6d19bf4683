"""Networks with convolutions of half the digits against the same with all."""

import copy

import pytest
import torch
from torch import nn

from talkingface.nn.face_alignment_network import FaceAlignmentNetwork
from talkingface.nn.folding import fold
from talkingface.nn.identity_encoder import IdentityEncoder
from talkingface.nn.precision import KeepsDigits, lower
from talkingface.nn.speech_resnet import SpeechResNet
from talkingface.nn.style_generator import StyleGenerator

DIGITS = 2**-8  # of bfloat16, relative


def pair(network):
    """Return a folded network, and the same with convolutions of half the digits."""
    full = fold(network.eval())
    half = copy.deepcopy(full)
    lower(half, torch.bfloat16)
    return full, half


def check(half, full, layers):
    assert half.dtype == torch.float32
    # Errors of one layer after another are independent, so their squares add up.
    error = (half - full).std() / full.std()
    assert 0 < error < DIGITS * layers**0.5


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)
    with torch.inference_mode():
        yield


def test_pictures_lose_no_more_than_the_digits_of_the_format():
    full, half = pair(StyleGenerator(16, (32, 32, 16), learned_start=True))
    style = torch.randn(2, 16)
    check(half(style), full(style), layers=5)


def test_styles_and_the_sum_of_colours_keep_all_digits():
    _, half = pair(StyleGenerator(16, (32, 16), learned_start=True))
    formats = {name: one.dtype for name, one in half.named_parameters()}
    assert formats["conv1.conv.conv.weight"] == torch.bfloat16
    assert formats["conv1.conv.modulation.weight"] == torch.float32
    assert all(skip.dtype == torch.float32 for skip in half.skips(torch.randn(1, 16)))


def test_what_encoders_see_and_hear_comes_out_in_full():
    full, half = pair(IdentityEncoder(8, (1, 1, 1, 1), groups=2))
    portraits = torch.rand(2, 1, 3, 64, 64)
    for one, other in zip(half(portraits), full(portraits), strict=True):
        check(one, other, layers=14)
    full, half = pair(FaceAlignmentNetwork(64, 8, channels=8))
    check(half(portraits[:, 0]), full(portraits[:, 0]), layers=60)
    full, half = pair(SpeechResNet(80, 8, channels=8, depths=(1, 1, 1, 1)))
    windows = torch.rand(2, 80, 20)
    check(half(windows), full(windows), layers=10)


def test_layers_take_what_comes_in_any_format():
    _, half = pair(nn.Sequential(nn.Conv2d(3, 4, 1), nn.Flatten(), nn.Linear(16, 2)))
    x = torch.rand(2, 3, 2, 2)
    assert half(x).equal(half(x.to(torch.bfloat16).float()))


def test_what_says_where_something_is_keeps_all_digits():
    class Pointer(KeepsDigits, nn.Sequential):
        pass

    network = nn.Sequential(nn.Conv2d(3, 8, 3), Pointer(nn.Conv2d(8, 8, 3), nn.Linear(8, 2)))
    lower(network, torch.bfloat16)
    formats = [one.weight.dtype for one in (network[0], *network[1])]
    assert formats == [torch.bfloat16, torch.float32, torch.float32]
