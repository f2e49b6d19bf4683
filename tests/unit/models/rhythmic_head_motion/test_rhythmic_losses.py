"""The losses on flows, masks and regions, against numbers worked out by hand."""

import pytest
import torch

from talkingface.models.rhythmic_head_motion import losses
from talkingface.models.rhythmic_head_motion.flow import Warped


def warped(picture, mask):
    return Warped(picture, mask, torch.zeros(1, 2, *picture.shape[-2:]))


def test_a_flow_is_believed_where_it_explains_the_target():
    picture = torch.linspace(-1, 1, 8).expand(1, 3, 8, 8)
    flow = torch.zeros(1, 2, 8, 8)
    flow[:, 0] = 2
    target = picture.roll(-2, dims=-1).clone()
    target[..., 0, 3] += 0.2  # squared distance 0.12, above 0.02
    target[..., 1, 3] += 0.05  # 0.0075
    confident = losses.confidence(target, picture, flow)
    assert confident[0, 0, :, :6].sum() == 6 * 8 - 1
    assert confident[0, 0, 0, 3] == 0
    assert not confident[0, 0, :, 7].any()  # there the picture ends


def test_flows_are_compared_where_the_teacher_is_confident():
    flow, taught = torch.zeros(1, 2, 2, 2), torch.full((1, 2, 2, 2), 3.0)
    confident = torch.tensor([[[[1.0, 0.0], [0.0, 0.0]]]])
    assert losses.flow_distance(flow, taught, confident) == pytest.approx(3 / 4)


def test_a_warped_picture_is_compared_with_the_target():
    picture = torch.full((1, 3, 2, 2), 0.25)
    distance = losses.warp_distance(warped(picture, torch.zeros(1, 1, 2, 2)), -picture)
    assert distance == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("difference", "mask", "expected"),
    [
        (0.0, 0.3, 0.3),  # it fits: the mask should be 0
        (0.5, 0.3, 0.7),  # a distance of 1.5 in all: the mask should be 1
        (0.1, 0.3, 0.7 * 0.3 + 0.3 * (1 - 0.3)),  # fits by 0.7
    ],
)
def test_the_mask_is_drawn_to_where_the_picture_does_not_fit(difference, mask, expected):
    target = torch.zeros(1, 3, 4, 4)
    one = warped(target + difference, torch.full((1, 1, 4, 4), mask))
    assert losses.mask_distance(one, target) == pytest.approx(expected, abs=1e-6)


def test_the_mask_gives_the_flow_no_gradient():
    picture = torch.rand(1, 3, 4, 4, requires_grad=True)
    mask = torch.rand(1, 1, 4, 4, requires_grad=True)
    losses.mask_distance(warped(picture, mask), torch.rand(1, 3, 4, 4)).backward()
    assert picture.grad is None
    assert mask.grad is not None


def test_a_region_is_compared_and_nothing_else():
    image, target = torch.zeros(1, 3, 2, 2), torch.ones(1, 3, 2, 2)
    region = torch.tensor([[[[0.0, 1.0], [0.0, 0.0]]]])
    assert losses.region_distance(image, target, region) == pytest.approx(1 / 4)
