"""What is done where a generated clip and the real one differ in length or in size."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.config.settings import EvaluateSettings
from talkingface.errors import DataError

Pictures = NDArray[np.uint8]  # (T, H, W, 3) RGB
Size = tuple[int, int]  # width, height
SizeRule = Literal["smaller", "reference", "equal"]

SAME_SHAPE = 0.02  # by how much sides may differ in proportion: encoders add a column or a row

SIZE_SENTENCES: Mapping[SizeRule, str] = {
    "smaller": "Frames of different size are compared at the smaller one; the larger are shrunk "
    "by averaging over areas.",
    "reference": "Generated frames of another size are brought to that of the real ones, by "
    "averaging over areas or by bicubic interpolation.",
    "equal": "Frames of different size are not compared.",
}


@dataclass(frozen=True)
class Rules:
    """How far clips may differ, and how they are made alike. Stands beside every score."""

    length_tolerance: int = 2  # frames
    size: SizeRule = "smaller"

    @classmethod
    def of(cls, settings: EvaluateSettings) -> "Rules":
        """Return what the settings say."""
        return cls(settings.length_tolerance, settings.size)

    def as_plain(self) -> dict[str, dict[str, Any]]:
        """Return each rule with its setting and a sentence."""
        length = (
            f"Clips are cut to the shorter one; one that differs by more than "
            f"{self.length_tolerance} frames fails."
        )
        return {
            "length": {"setting": self.length_tolerance, "sentence": length},
            "size": {"setting": self.size, "sentence": SIZE_SENTENCES[self.size]},
        }

    def check_length(self, num_generated: int, num_reference: int) -> None:
        """Refuse a clip that is too short or too long.

        Raises:
            DataError: the lengths differ by more than is tolerated.
        """
        if abs(num_generated - num_reference) > self.length_tolerance:
            raise DataError(
                f"The generated clip has {num_generated} frames and the real one {num_reference}; "
                f"they may differ by {self.length_tolerance}. More is allowed by "
                "--evaluate.length_tolerance."
            )

    def common_size(self, generated: Size, reference: Size) -> Size:
        """Return the size at which frames are compared.

        >>> Rules().common_size((112, 112), (224, 224))
        (112, 112)

        Raises:
            DataError: the rule or the shape of the frames lets no size be.
        """
        if generated == reference:
            return reference
        if self.size == "equal":
            raise DataError(
                f"The generated frames are {_said(generated)} and the real ones {_said(reference)}."
                " Choose --evaluate.size=smaller to compare them."
            )
        proportion = generated[0] * reference[1] / (generated[1] * reference[0])
        if abs(proportion - 1) > SAME_SHAPE:
            raise DataError(
                f"The generated frames are {_said(generated)} and the real ones {_said(reference)},"
                " which is another shape. Crop them alike."
            )
        if self.size == "reference":
            return reference
        return min(generated, reference, key=lambda size: size[0] * size[1])


def size_of(pictures: Pictures) -> Size:
    """Return width and height of frames (T, H, W, 3)."""
    return pictures.shape[2], pictures.shape[1]


def resized(pictures: Pictures, size: Size) -> Pictures:
    """Return frames (T, H, W, 3) at a size, (T, height, width, 3)."""
    if size_of(pictures) == size:
        return pictures
    shrinks = size[0] * size[1] < pictures.shape[1] * pictures.shape[2]
    # Averaging over the area keeps a shrunken picture free of moire; it cannot enlarge.
    way = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.stack([np.asarray(cv2.resize(one, size, interpolation=way)) for one in pictures])


def _said(size: Size) -> str:
    return f"{size[0]} x {size[1]} px"
