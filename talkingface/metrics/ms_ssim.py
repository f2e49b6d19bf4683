"""MS-SSIM (Wang et al. 2003): structure compared at five scales, brightness at the coarsest.

Equal to torchmetrics 1.9: windows reach over the border, where the picture is reflected; the
contrast maps leave out the outer 5 px and the map of the last scale does not.
"""

from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import MetricUnavailableError, PictureMean
from talkingface.metrics.ssim import C1, C2, GAUSSIAN, GAUSSIAN_TAPS, RADIUS

SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
SMALLEST_SIDE = (2 * RADIUS) * 2 ** (len(SCALE_WEIGHTS) - 1)  # px; a side must be longer

Map = NDArray[np.float64]  # (H, W, 3)


def ms_ssim(generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Return the similarity of two pictures (H, W, 3) over five scales, in 0..1.

    Raises:
        MetricUnavailableError: a side is not longer than 160 px.
    """
    if min(generated.shape[:2]) <= SMALLEST_SIDE:
        raise MetricUnavailableError(
            f"MS-SSIM needs pictures larger than {SMALLEST_SIDE} px; these have "
            f"{generated.shape[1]} x {generated.shape[0]}. Leave it out of the metrics."
        )
    x, y = generated.astype(np.float64), reference.astype(np.float64)
    terms = []
    for is_last in [False] * (len(SCALE_WEIGHTS) - 1) + [True]:
        brightness, contrast = _likeness(x, y)
        inside = contrast[RADIUS:-RADIUS, RADIUS:-RADIUS]
        terms.append(max(0.0, float((brightness * contrast if is_last else inside).mean())))
        x, y = _halved(x), _halved(y)
    return float(np.prod([term**weight for term, weight in zip(terms, SCALE_WEIGHTS, strict=True)]))


class MSSSIM(PictureMean):
    """Mean over frames of their MS-SSIM."""

    settings: ClassVar = {"colour": "RGB", "scales": len(SCALE_WEIGHTS), **GAUSSIAN}
    bounds = (0.0, 1.0)

    def of_frame(self, generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
        """Return the MS-SSIM of one frame."""
        return ms_ssim(generated, reference)


def _likeness(x: Map, y: Map) -> tuple[Map, Map]:
    """Return the likeness of local brightness, and that of contrast and structure."""
    mean_x, mean_y = _local_mean(x), _local_mean(y)
    product, squares = mean_x * mean_y, mean_x**2 + mean_y**2
    covariance = _local_mean(x * y) - product
    variances = _local_mean(x * x + y * y) - squares
    return (2 * product + C1) / (squares + C1), (2 * covariance + C2) / (variances + C2)


def _local_mean(picture: Map) -> Map:
    edge = cv2.BORDER_REFLECT_101  # without repeating the pixel at the border
    return np.asarray(
        cv2.sepFilter2D(picture, -1, GAUSSIAN_TAPS, GAUSSIAN_TAPS, borderType=edge), np.float64
    )


def _halved(picture: Map) -> Map:
    height, width = (side // 2 for side in picture.shape[:2])
    blocks = picture[: 2 * height, : 2 * width].reshape(height, 2, width, 2, -1)
    halved: Map = blocks.mean(axis=(1, 3))
    return halved
