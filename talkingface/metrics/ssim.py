"""SSIM (Wang et al. 2004) in the four forms that papers use.

| name | pictures | window |
|---|---|---|
| `SSIM` | RGB, mean over channels | Gaussian of sigma 1.5, as in the paper |
| `SSIM_gray` | grey | the same |
| `SSIM_flat` | grey | 7x7 px all alike, scikit-image's default |
| `SSIM_uncropped` | RGB | Gaussian, over the border too, torchmetrics' default |

They equal scikit-image's and torchmetrics' to 5e-7, and differ by up to 0.1: a score without its
form says little. But for the last, only windows that lie wholly inside the picture count.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import PictureMean
from talkingface.metrics.gray import gray

RADIUS = 5  # px: 3.5 sigma, rounded
SIGMA = 1.5
FLAT_RADIUS = 3
MIDDLE = 128  # grey level
C1 = (0.01 * 255) ** 2
C2 = (0.03 * 255) ** 2

CONSTANTS: dict[str, float | str] = {"K1": 0.01, "K2": 0.03, "range": 255}
GAUSSIAN: dict[str, float | str] = {
    "window": f"Gaussian, {2 * RADIUS + 1} px, sigma {SIGMA}",
    **CONSTANTS,
}

_taps = np.exp(-0.5 * (np.arange(-RADIUS, RADIUS + 1) / SIGMA) ** 2)
GAUSSIAN_TAPS = _taps / _taps.sum()

Channel = NDArray[np.uint8]  # (H, W)
Map = NDArray[np.floating]  # (H, W)
LocalMean = Callable[[Map], Map]


def ssim(generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Return the mean similarity of the channels of two pictures (H, W, 3), in -1..1.

    It is nan where no window lies inside: the sides must be longer than 10 px.

    >>> picture = np.arange(12 * 12 * 3, dtype=np.uint8).reshape(12, 12, 3)
    >>> round(ssim(picture, picture), 12)
    1.0
    """
    return float(np.mean([_gaussian_ssim(*both) for both in channels(generated, reference)]))


def ssim_gray(generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Return the similarity of two pictures (H, W, 3) in grey."""
    return _gaussian_ssim(gray(generated), gray(reference))


def ssim_flat(generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Return the similarity of two pictures (H, W, 3) in grey under a flat window of 7x7 px.

    Variances are those of a sample, larger by 49/48.
    """
    size = (2 * FLAT_RADIUS + 1) ** 2
    likeness = similarity_map(gray(generated), gray(reference), _flat_mean, size / (size - 1))
    return _mean_inside(likeness, FLAT_RADIUS)


def ssim_uncropped(generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Return the similarity of two pictures (H, W, 3), windows over the border taken in.

    There the picture is reflected, the pixel at the border not repeated.
    """
    local_mean = partial(gaussian_mean, border=cv2.BORDER_REFLECT_101)
    maps = [similarity_map(*both, local_mean) for both in channels(generated, reference)]
    return float(np.mean(maps, dtype=np.float64))


def channels(
    generated: NDArray[np.uint8], reference: NDArray[np.uint8]
) -> Iterator[tuple[Channel, Channel]]:
    """Yield the channels of two pictures (H, W, 3) beside each other."""
    for both in zip(cv2.split(generated), cv2.split(reference), strict=True):
        yield np.asarray(both[0], np.uint8), np.asarray(both[1], np.uint8)


def gaussian_mean(channel: Map, border: int = cv2.BORDER_REFLECT) -> Map:
    """Return the mean around each pixel; beyond the border the picture is reflected."""
    return np.asarray(cv2.sepFilter2D(channel, -1, GAUSSIAN_TAPS, GAUSSIAN_TAPS, borderType=border))


def similarity_map(
    x: Channel,
    y: Channel,
    local_mean: LocalMean = gaussian_mean,
    covariance_factor: float = 1.0,
    precision: type[np.floating] = np.float32,
) -> Map:
    """Return the similarity of two channels (H, W) around each pixel.

    In 32 bits it is twice as fast as in 64, and a mean over pixels is off by less than 5e-7.
    """
    # One channel at a time keeps all maps in the processor's cache; levels around 0 keep digits
    # where variances are differences of squares.
    a, b = (np.subtract(channel, MIDDLE, dtype=precision) for channel in (x, y))
    mean_a, mean_b = local_mean(a), local_mean(b)
    covariance = covariance_factor * (local_mean(a * b) - mean_a * mean_b)
    squares = mean_a * mean_a + mean_b * mean_b
    variances = covariance_factor * (local_mean(a * a + b * b) - squares)
    mean_a, mean_b = mean_a + MIDDLE, mean_b + MIDDLE
    product, squares = mean_a * mean_b, mean_a * mean_a + mean_b * mean_b
    likeness: Map = ((2 * product + C1) * (2 * covariance + C2)) / (
        (squares + C1) * (variances + C2)
    )
    return likeness


class SSIM(PictureMean):
    """Mean over frames of their structural similarity, each colour channel alone."""

    settings: ClassVar = {"colour": "RGB, mean of the channels", **GAUSSIAN}
    bounds = (-1.0, 1.0)

    def of_frame(self, generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
        """Return the SSIM of one frame."""
        return ssim(generated, reference)


class SSIMGray(SSIM):
    """Mean over frames of their structural similarity in grey."""

    settings: ClassVar = {"colour": "grey, BT.601", **GAUSSIAN}

    def of_frame(self, generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
        """Return the SSIM of one frame in grey."""
        return ssim_gray(generated, reference)


class SSIMFlat(SSIM):
    """Mean over frames of their structural similarity in grey under a flat window."""

    settings: ClassVar = {
        "colour": "grey, BT.601",
        "window": f"flat, {2 * FLAT_RADIUS + 1} px, sample covariance",
        **CONSTANTS,
    }

    def of_frame(self, generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
        """Return the SSIM of one frame in grey under a flat window."""
        return ssim_flat(generated, reference)


class SSIMUncropped(SSIM):
    """Mean over frames of their structural similarity, over the border too."""

    settings: ClassVar = {
        "colour": "RGB, mean of the channels",
        "border": "reflected, not cropped",
        **GAUSSIAN,
    }

    def of_frame(self, generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
        """Return the SSIM of one frame, over the border too."""
        return ssim_uncropped(generated, reference)


def _gaussian_ssim(x: Channel, y: Channel) -> float:
    return _mean_inside(similarity_map(x, y), RADIUS)


def _flat_mean(channel: Map) -> Map:
    side = 2 * FLAT_RADIUS + 1
    return np.asarray(cv2.blur(channel, (side, side), borderType=cv2.BORDER_REFLECT))


def _mean_inside(likeness: Map, border: int) -> float:
    inside = likeness[border:-border, border:-border]
    return float(inside.mean(dtype=np.float64)) if inside.size else float("nan")
