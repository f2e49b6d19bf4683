"""Warping, and the teacher of flows."""

import numpy as np
import pytest
import torch

from talkingface.models.rhythmic_head_motion.flow import FlowNetwork, warp
from talkingface.models.rhythmic_head_motion.optical_flow import optical_flow


@pytest.fixture
def ramp():
    """A picture 9 wide and 6 high that says x in its first channel and y in its second."""
    y, x = torch.meshgrid(torch.arange(6.0), torch.arange(9.0), indexing="ij")
    return torch.stack([x, y])[None]


def test_a_mended_flow_of_nothing_moves_nothing(ramp):
    still = warp(ramp, torch.zeros(1, 2, 6, 9), quirks="mended")
    torch.testing.assert_close(still, ramp, rtol=0, atol=1e-5)  # float32 positions up to 8


def test_a_mended_flow_says_where_a_pixel_is_taken_from(ramp):
    flow = torch.tensor([2.0, -1.5])[None, :, None, None].expand(1, 2, 6, 9)
    moved = warp(ramp, flow, quirks="mended")
    expected = torch.stack([(ramp[0, 0] + 2).clamp(max=8), (ramp[0, 1] - 1.5).clamp(min=0)])
    torch.testing.assert_close(moved[0], expected, rtol=0, atol=1e-5)


def test_a_kept_flow_of_nothing_enlarges_by_half_a_pixel_at_the_border(ramp):
    still = warp(ramp, torch.zeros(1, 2, 6, 9), quirks="kept")
    x = (ramp[0, 0] * 9 / 8 - 0.5).clamp(0, 8)  # from edge to edge instead of corner to corner
    y = (ramp[0, 1] * 6 / 5 - 0.5).clamp(0, 5)
    torch.testing.assert_close(still[0], torch.stack([x, y]), rtol=0, atol=1e-5)


def test_positions_keep_their_digits_in_half_precision():
    picture = torch.linspace(-1, 1, 256).expand(1, 1, 256, 256)
    flow = torch.full((1, 2, 256, 256), 0.5)
    moved = warp(picture.bfloat16(), flow.bfloat16(), quirks="mended")
    assert moved.dtype == torch.bfloat16
    exact = warp(picture, flow, quirks="mended")
    # a step of bfloat16 below 1 in the picture, and its rounding in the result
    torch.testing.assert_close(moved.float(), exact, rtol=0, atol=2**-8)


@torch.no_grad()
def test_the_flow_network_gives_a_flow_and_a_mask_for_each_pixel():
    torch.manual_seed(0)
    network = FlowNetwork((4, 8), num_blocks=1, flow_scale=20.0).eval()
    network.to_flow.weight.zero_()
    network.to_flow.bias.copy_(torch.tensor([0.5, -1.0]))
    estimate = network(torch.rand(2, 1, 8, 12), torch.rand(2, 1, 8, 12), torch.rand(2, 3, 8, 12))
    assert torch.equal(estimate.flow[:, 0], torch.full((2, 8, 12), 10.0))
    assert torch.equal(estimate.flow[:, 1], torch.full((2, 8, 12), -20.0))
    assert estimate.mask.shape == (2, 1, 8, 12)
    assert 0 < estimate.mask.min() <= estimate.mask.max() < 1


@torch.no_grad()
@pytest.mark.parametrize(("quirks", "expected"), [("kept", 10.0), ("mended", 10.0 / 16)])
def test_a_mended_flow_is_shorter_in_small_pictures(quirks, expected):
    network = FlowNetwork((4, 8), num_blocks=1, flow_scale=20.0, quirks=quirks).eval()
    network.to_flow.weight.zero_()
    network.to_flow.bias.fill_(0.5)
    small = torch.rand(1, 1, 16, 16)  # a sixteenth of the published size
    flow = network(small, small, torch.rand(1, 3, 16, 16)).flow
    torch.testing.assert_close(flow, torch.full_like(flow, expected))


def test_the_teacher_finds_how_a_picture_was_shifted():
    noise = torch.from_numpy(np.random.default_rng(0).random((1, 3, 16, 16)))
    texture = torch.nn.functional.interpolate(noise, size=(96, 96), mode="bicubic")
    picture = (texture[0].clamp(0, 1) * 255).byte().permute(1, 2, 0).numpy()
    target = np.roll(picture, (-2, 3), axis=(0, 1))  # what was at x is now at x + 3
    flow = optical_flow(np.ascontiguousarray(target), np.ascontiguousarray(picture))
    inner = flow[:, 16:-16, 16:-16]
    # the search is right to about a fifth of a pixel on smooth texture
    np.testing.assert_allclose(inner.mean(axis=(1, 2)), [-3, 2], rtol=0, atol=0.2)
