"""The trunk of the identity encoders; the authors' numbers are met in tests/parity/pc_avs."""

import torch

from talkingface.nn.resnext import ResNeXt


def test_the_full_trunk_has_the_parameters_of_resnext_50():
    with torch.device("meta"):
        trunk = ResNeXt()
    # 25,028,904 by the documentation of torchvision, without a classifier of 1000 x 2049
    assert sum(p.numel() for p in trunk.parameters()) == 25_028_904 - 1000 * 2049
    assert trunk.out_channels == 2048


def test_a_last_stride_of_one_keeps_seven_pixels_of_a_small_picture():
    trunk = ResNeXt(channels=8, depths=(1, 1, 1, 1), groups=4, last_stride=1).eval()
    assert trunk(torch.zeros(2, 3, 112, 112)).shape == (2, 256, 7, 7)
    trunk = ResNeXt(channels=8, depths=(1, 1, 1, 1), groups=4).eval()
    assert trunk(torch.zeros(2, 3, 224, 224)).shape == (2, 256, 7, 7)
