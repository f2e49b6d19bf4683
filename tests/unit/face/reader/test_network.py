"""The network's own geometry: where the strip with the eyes is cut, and where it starts."""

import pytest
import torch

from talkingface.face.reader.network import (
    EYE_CORNERS,
    EYE_PATCH_PX,
    EYE_STRIP_WIDTH,
    ReaderNetwork,
    as_input,
    eye_strips,
)

HEIGHT, WIDTH = EYE_PATCH_PX


def ramp(side):
    """Return a picture whose first channel is x and whose second is y, in pixels."""
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return torch.stack([x, y, 0 * x]).float()[None]


def eyes(left, right, depth_of_right=0.0):
    """Return landmarks whose outer corners are given, the inner ones between them."""
    points = torch.zeros(1, 68, 3)
    left, right = torch.tensor([*left, 0.0]), torch.tensor([*right, depth_of_right])
    for corner, share in zip(EYE_CORNERS, (0, 0.3, 0.7, 1), strict=True):
        points[0, corner] = left + share * (right - left)
    return points


def test_the_strip_lies_along_the_eyes_and_its_middle_is_between_them():
    strip = eye_strips(ramp(112), eyes((30, 40), (70, 70)))[0]  # 50 px apart, 3-4-5
    px = EYE_STRIP_WIDTH * 50 / WIDTH  # of the picture in one of the strip
    across = px * (torch.arange(WIDTH) - (WIDTH - 1) / 2)
    down = px * (torch.arange(HEIGHT) - (HEIGHT - 1) / 2)[:, None]
    # 1e-3 px: float32, of coordinates up to 112
    torch.testing.assert_close(strip[0], 50 + 0.8 * across - 0.6 * down, atol=1e-3, rtol=0)
    torch.testing.assert_close(strip[1], 55 + 0.6 * across + 0.8 * down, atol=1e-3, rtol=0)


def test_a_turned_head_has_a_strip_of_the_same_scale():
    upright = eye_strips(ramp(112), eyes((31, 50), (81, 50)))[0, 0, 0]
    turned = eye_strips(ramp(112), eyes((41, 50), (71, 50), depth_of_right=40))[0, 0, 0]  # 50 too
    torch.testing.assert_close(turned, upright, atol=1e-3, rtol=0)


def test_an_untrained_network_begins_with_the_face_that_it_is_given():
    network = ReaderNetwork(width=2).eval()
    face = 20 + 70 * torch.rand(68, 3)
    network.start_from(face)
    with torch.inference_mode():
        read = network(torch.zeros(2, 3, 112, 112)).landmarks
    # 4 px: the untrained last layer adds its own small numbers
    assert float((read - face).abs().max()) < 4


def test_a_picture_pulls_at_every_reading_of_it():
    network = ReaderNetwork(width=2).eval()
    network.start_from(eyes((35, 45), (75, 45))[0])
    pictures = torch.rand(1, 3, 112, 112, requires_grad=True)
    read = network(pictures)
    for name in read._fields:
        (gradient,) = torch.autograd.grad(getattr(read, name).sum(), pictures, retain_graph=True)
        assert gradient.abs().sum() > 0, name


def test_the_ends_of_the_scale_are_minus_one_and_one():
    pictures = torch.tensor([0, 255], dtype=torch.uint8).view(1, 1, 2, 1).expand(1, 1, 2, 3)
    assert as_input(pictures).shape == (1, 3, 1, 2)
    assert as_input(pictures)[0, :, 0].tolist() == [[-1, 1]] * 3


@pytest.mark.parametrize("side", [56, 224])
def test_the_strip_of_a_picture_of_another_size_shows_the_same(side):
    scale = side / 112
    points = eyes((31, 50), (81, 60))
    own = scale * (points + 0.5) - 0.5
    own[..., 2] = scale * points[..., 2]
    shown = (eye_strips(ramp(side), own)[0, :2] + 0.5) / scale - 0.5
    torch.testing.assert_close(shown, eye_strips(ramp(112), points)[0, :2], atol=1e-3, rtol=0)
