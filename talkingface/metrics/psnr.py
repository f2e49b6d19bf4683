"""PSNR: how large the error of a picture is against the largest value that a pixel can have."""

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import PictureMean

LARGEST = 255.0


def psnr(generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Return ``10 log10(255² / MSE)`` in dB over all pixels and channels; inf where equal.

    >>> black = np.zeros((4, 4, 3), np.uint8)
    >>> round(psnr(black, black + 255), 6)
    0.0
    """
    error = generated.astype(np.float64) - reference.astype(np.float64)
    mean_square = float(np.mean(error * error))
    return 10 * math.log10(LARGEST**2 / mean_square) if mean_square else math.inf


class PSNR(PictureMean):
    """Mean over frames of their PSNR in dB. Frames that are equal (inf dB) are left out."""

    settings: ClassVar = {"colour": "RGB", "range": LARGEST, "mean": "of the frames' dB"}

    def of_frame(self, generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
        """Return the PSNR of one frame."""
        return psnr(generated, reference)
