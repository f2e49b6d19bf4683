"""Our scores of pictures against those of the published programs."""

import cv2
import numpy as np
import pytest

from talkingface.metrics.gray import gray
from talkingface.metrics.ms_ssim import ms_ssim
from talkingface.metrics.psnr import psnr
from talkingface.metrics.ssim import (
    channels,
    similarity_map,
    ssim,
    ssim_flat,
    ssim_gray,
    ssim_uncropped,
)
from tests.parity.syncnet.inputs import GOLDEN, HERE, degraded_pictures

PICTURES = degraded_pictures()
CLEAN = PICTURES["same"]
every_picture = pytest.mark.parametrize("name", PICTURES)


@every_picture
def test_the_pictures_are_those_of_the_goldens(name):
    levels = PICTURES[name].astype(np.int64).ravel()
    weighted = (levels * np.arange(len(levels)) % 1000003).sum()
    assert [levels.sum(), weighted] == GOLDEN["image_checksums"][name]


@every_picture
def test_ssim_is_that_of_scikit_image(name):
    golden = GOLDEN["image"][name]
    pair = CLEAN, PICTURES[name]
    # theirs is float64 and ours float32
    assert ssim(*pair) == pytest.approx(golden["sk_rgb_wang"], abs=5e-7)
    assert ssim_gray(*pair) == pytest.approx(golden["sk_gray_wang"], abs=5e-7)
    assert ssim_flat(*pair) == pytest.approx(golden["sk_gray_uniform7"], abs=5e-7)
    each = [ssim_flat(*(cv2.merge([one] * 3) for one in both)) for both in channels(*pair)]
    assert np.mean(each) == pytest.approx(golden["sk_rgb_uniform7"], abs=5e-7)


@every_picture
def test_ssim_over_the_border_is_that_of_torchmetrics(name):
    golden = GOLDEN["image"][name]
    pair = CLEAN, PICTURES[name]
    assert ssim_uncropped(*pair) == pytest.approx(golden["tm_rgb_255"], abs=5e-7)
    in_grey = [cv2.merge([gray(one)] * 3) for one in pair]
    assert ssim_uncropped(*in_grey) == pytest.approx(golden["tm_gray_255"], abs=5e-7)


def test_the_map_of_ssim_is_that_of_scikit_image():
    golden = np.load(HERE / "ssim_map.npz")
    pair = gray(CLEAN), gray(PICTURES["noise20"])
    ours = similarity_map(*pair, precision=np.float64)[golden["rows"]]
    np.testing.assert_allclose(ours, golden["map"], rtol=0, atol=1e-7)  # golden is float32


@every_picture
def test_ms_ssim_is_that_of_torchmetrics(name):
    golden = GOLDEN["image"][name]["tm_ms_ssim_rgb_255"]
    assert ms_ssim(CLEAN, PICTURES[name]) == pytest.approx(golden, abs=2e-9)  # float32 weights


@every_picture
def test_psnr_is_that_of_the_goldens(name):
    golden = GOLDEN["image"][name]
    assert psnr(CLEAN, PICTURES[name]) == pytest.approx(golden["psnr_rgb"], rel=1e-12)
    in_grey = psnr(gray(CLEAN), gray(PICTURES[name]))
    assert in_grey == pytest.approx(golden["psnr_gray"], rel=1e-12)
