"""The networks from speech to head motion, at narrow sizes."""

import pytest
import torch
import torch.nn.functional as F

from talkingface.models.rhythmic_head_motion.head_motion import (
    HeadMotion,
    MotionCritic,
    TimeConv,
    motion_statistics,
)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return HeadMotion(
        window_shape=(7, 20),
        conv_channels=(2, 3),
        hidden_size=12,
        feature_size=8,
        motion_hidden_size=10,
    )


def test_motion_goes_on_as_long_as_there_is_speech(network):
    network.eval()
    windows, history = torch.randn(2, 30, 7, 20), torch.randn(2, 16, 6)
    assert network(windows, history).shape == (2, 14, 6)
    assert network(windows[:, :17], history).shape == (2, 1, 6)


@torch.no_grad()
def test_the_code_of_the_past_is_a_linear_map_from_speech_to_motion(network):
    code, speech = torch.randn(2, 16), torch.randn(2, 5, 8)
    made = network.decode(code, speech)
    for b in range(2):
        numbers = code[b] @ network.decoder.weight.T + network.decoder.bias
        for t in range(5):
            expected = numbers[48:].clone()
            for d in range(8):
                expected += speech[b, t, d] * numbers[6 * d : 6 * d + 6]
            torch.testing.assert_close(made[b, t], expected, rtol=0, atol=1e-5)  # float32


@torch.no_grad()
@pytest.mark.parametrize(("size", "stride", "padding"), [(3, 1, 1), (5, 2, 0)])
def test_filters_that_stay_in_place_give_the_same_series(size, stride, padding):
    conv = TimeConv(6, 4, size, stride, padding)
    for length in (5, 33, 100):  # in one part and in several
        series = torch.randn(2, length, 6).mT
        expected = F.conv1d(series, conv.weight, conv.bias, stride, padding)
        made = conv.eval()(series)
        torch.testing.assert_close(made, expected, rtol=0, atol=1e-5)  # float32, 30 products
        torch.testing.assert_close(conv.train()(series), expected, rtol=0, atol=0)


def test_every_parameter_learns(network):
    motion = network.train()(torch.randn(2, 30, 7, 20), torch.randn(2, 16, 6))
    MotionCritic()(motion).sum().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_statistics_of_a_steady_motion_are_its_mean_and_velocity():
    motion = torch.arange(5.0)[None, :, None] * torch.arange(6.0)
    mean, deviation, velocity, change = motion_statistics(motion).reshape(4, 6)
    speed = torch.arange(6.0)
    torch.testing.assert_close(mean, 2 * speed)
    torch.testing.assert_close(deviation, speed * 2.5**0.5)
    torch.testing.assert_close(velocity, speed)
    torch.testing.assert_close(change, torch.zeros(6))
