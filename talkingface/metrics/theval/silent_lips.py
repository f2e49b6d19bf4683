"""Whether the lips rest while nobody speaks: how the gap between them deviates in silence."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import ClipContext, Reading, View
from talkingface.metrics.theval.measure import BY_LANDMARKS, HEARD, PUBLISHED, Measure, OfBothVideos
from talkingface.metrics.theval.mesh import LANDMARKS, MESH_OF_SQUARE, FacePoints
from talkingface.metrics.theval.speaking import silent_frames


def lip_gaps(points: Reading, names: FacePoints) -> NDArray[np.float64]:
    """Return the gap between the inner lips over the eyes' outer distance, (T,); nan: no face."""
    upper, lower = points[:, list(names.upper_inner_lip)], points[:, list(names.lower_inner_lip)]
    outer = points[:, names.left_eye_corners[1]] - points[:, names.right_eye_corners[1]]
    gaps: NDArray[np.float64] = np.abs(upper - lower)[..., 1].mean(axis=1)
    return np.asarray(gaps / np.linalg.norm(outer, axis=1))


def stability(gaps: NDArray[np.float64]) -> float:
    """Return the median deviation of gaps from their mean; nan for fewer than two."""
    found = gaps[np.isfinite(gaps)]
    return float(np.median(np.abs(found - found.mean()))) if len(found) > 1 else float("nan")


class SilentLips(Measure):
    """The median deviation of the lips' gap in silence, in a frame squeezed to a square.

    Keeps a number a frame: the last pause is known at the end only, and so is a median.
    """

    names: ClassVar[FacePoints] = MESH_OF_SQUARE

    def __init__(self) -> None:
        self._gaps: list[NDArray[np.float64]] = []
        self._clip = ClipContext()

    def update(self, view: View, clip: ClipContext) -> None:
        """Take in the next window."""
        self._clip = clip
        self._gaps.append(lip_gaps(self.points(view), self.names))

    def points(self, view: View) -> Reading:
        """Return the points in the square frame."""
        return self.names.shares(view)

    def compute(self) -> float:
        """Return the deviation."""
        if not self._gaps:
            return float("nan")
        gaps = np.concatenate(self._gaps)
        segments = self._clip.read("speech_segments")
        return stability(gaps[silent_frames(segments, float(self._clip.fps), len(gaps))])


class SilentLips68(SilentLips):
    """The same of 68 landmarks, in the frame as it is."""

    names = LANDMARKS

    def points(self, view: View) -> Reading:
        """Return the points in pixels."""
        return view.read(self.names.reading)


class THEvalSilentLips(OfBothVideos):
    """Silent Lip Stability as published."""

    tells_of_speech = True
    settings: ClassVar = {**PUBLISHED, **HEARD, "mesh": "refined, of frames squeezed to 256 px"}
    measure = SilentLips


class OwnSilentLips(OfBothVideos):
    """Silent Lip Stability of 68 landmarks."""

    tells_of_speech = True
    settings: ClassVar = {**BY_LANDMARKS, **HEARD, "unit": "distance of the outer eye corners"}
    measure = SilentLips68
