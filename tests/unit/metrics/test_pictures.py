"""Laws of the scores of pictures. Their values are held against goldens in tests/parity."""

import math

import cv2
import numpy as np
import pytest
from skimage.metrics import structural_similarity

from talkingface.metrics.base import MetricUnavailableError, Pair, View
from talkingface.metrics.cpbd import CPBD, cpbd
from talkingface.metrics.gray import gray
from talkingface.metrics.ms_ssim import ms_ssim
from talkingface.metrics.psnr import PSNR, psnr
from talkingface.metrics.ssim import ssim, ssim_flat, ssim_gray, ssim_uncropped

SIMILARITIES = [ssim, ssim_gray, ssim_flat, ssim_uncropped, ms_ssim, psnr]
rng = np.random.default_rng(3)
SCENE = cv2.GaussianBlur(rng.integers(0, 256, (176, 192, 3), dtype=np.uint8), (0, 0), 1.5)
SCENE[40:120, 50:90] = 230


def noisy(sigma):
    noise = np.random.default_rng(1).normal(0, sigma, SCENE.shape)
    return np.clip(SCENE + noise, 0, 255).astype(np.uint8)


def blurred(sigma):
    return cv2.GaussianBlur(SCENE, (0, 0), sigma)


@pytest.mark.parametrize("score", SIMILARITIES)
def test_a_picture_is_perfectly_like_itself(score):
    assert score(SCENE, SCENE) == pytest.approx(math.inf if score is psnr else 1, abs=1e-12)


@pytest.mark.parametrize("score", SIMILARITIES)
def test_likeness_is_symmetric(score):
    assert score(SCENE, noisy(20)) == pytest.approx(score(noisy(20), SCENE), rel=1e-12)


@pytest.mark.parametrize("score", SIMILARITIES)
def test_likeness_is_that_of_the_mirrored_pictures(score):
    mirrored = score(SCENE[:, ::-1].copy(), noisy(20)[:, ::-1].copy())
    assert score(SCENE, noisy(20)) == pytest.approx(mirrored, rel=1e-7)  # float32


@pytest.mark.parametrize("score", SIMILARITIES)
@pytest.mark.parametrize("worsened", [noisy, blurred])
def test_likeness_falls_as_a_picture_gets_worse(score, worsened):
    scores = [score(SCENE, worsened(amount)) for amount in (1, 2, 5, 12)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_the_order_of_channels_changes_grey_scores_alone():
    swapped = SCENE[..., ::-1].copy(), noisy(20)[..., ::-1].copy()
    assert ssim(*swapped) == pytest.approx(ssim(SCENE, noisy(20)), rel=1e-12)
    assert abs(ssim_gray(*swapped) - ssim_gray(SCENE, noisy(20))) > 1e-4


def test_ssim_is_that_of_scikit_image_on_a_picture_that_is_not_square():
    theirs = structural_similarity(
        SCENE,
        noisy(9),
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
        channel_axis=-1,
    )
    assert ssim(SCENE, noisy(9)) == pytest.approx(theirs, abs=5e-7)  # ours is float32
    theirs = structural_similarity(gray(SCENE), gray(noisy(9)))
    assert ssim_flat(SCENE, noisy(9)) == pytest.approx(theirs, abs=5e-7)


def test_ms_ssim_refuses_pictures_that_are_too_small():
    with pytest.raises(MetricUnavailableError, match="larger than 160 px; these have 192 x 160"):
        ms_ssim(SCENE[:160], SCENE[:160])


@pytest.mark.parametrize("score", [ssim, ssim_gray])
def test_a_picture_without_a_whole_window_has_no_likeness(score):
    assert np.isnan(score(SCENE[:10], SCENE[:10]))
    assert score(SCENE[:11], SCENE[:11]) == 1


def test_psnr_of_a_clip_is_the_mean_of_decibels_and_counts_equal_frames_apart():
    frames = np.stack([SCENE, SCENE, SCENE])
    worse = np.stack([noisy(5), SCENE, noisy(20)])
    metric = PSNR()
    metric.update(Pair(View(worse), View(frames)))
    assert metric.compute() == pytest.approx((psnr(noisy(5), SCENE) + psnr(noisy(20), SCENE)) / 2)
    assert metric.facts() == {"num_frames": 2, "num_missing": 1}


def test_a_constant_picture_is_not_sharp():
    assert cpbd(np.full((64, 64, 3), 90, np.uint8)) == 0


def test_blur_takes_sharpness_away_and_noise_adds_to_it():
    scores = [cpbd(picture) for picture in (noisy(20), SCENE, blurred(1), blurred(2), blurred(8))]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == 0


def test_sharpness_looks_along_rows_alone():
    assert abs(cpbd(SCENE) - cpbd(SCENE.transpose(1, 0, 2).copy())) > 1e-3


def test_blur_is_seen_where_an_edge_is_wider_than_just_noticeable():
    """There the paper's curve, 1 - exp(-(width / just noticeable) ** 3.6), passes 1 - 1 / e."""
    assert CPBD.settings["blur_percent"] == round(100 * (1 - math.exp(-1)))


def test_a_picture_smaller_than_a_block_has_no_sharpness():
    assert cpbd(SCENE[:63]) == 0
    assert cpbd(SCENE[:64]) > 0
