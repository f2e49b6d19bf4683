"""How far the landmarks of the generated face lie from those of the real one (LMD).

| name | points | before the distance is taken |
|---|---|---|
| `LMD` | mouth | each frame's mouth is centred (Chen et al. 2018, "ATVG"); the usual LMD |
| `M_LMD`, `F_LMD` | mouth, all | nothing |
| `M_LMD_aligned` | mouth | a similarity lays the generated nose and eye corners on the real ones |
| `NME` | all | nothing; divided by the distance between the real eyes |

Distances are pixels of a frame whose longer side has 224 px, whatever the size of the clip. Each
frame is the mean over its points; frames in which either face was not found do not count.
"""

from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from talkingface.face.align.similarity import least_squares_similarity, mapped
from talkingface.face.points import LEFT_EYE, MOUTH, RIGHT_EYE
from talkingface.metrics.base import FrameMean, Pair

SIDE_PX = 224
ALL = slice(0, 68)
RIGID = np.array([*range(27, 36), 36, 39, 42, 45])  # nose and eye corners: no speech moves them
LEFT_OUTER_CORNER, RIGHT_OUTER_CORNER = 36, 45

Points = NDArray[np.float64]  # (T, N, 2), nan where no face was found
PerFrame = NDArray[np.float64]  # (T,)


def landmark_distance(generated: Points, reference: Points, part: slice = ALL) -> PerFrame:
    """Return the mean distance of the points of `part` in each frame.

    >>> still = np.zeros((2, 68, 2))
    >>> landmark_distance(still + [3.0, 4.0], still)
    array([5., 5.])
    """
    apart = generated[:, part] - reference[:, part]
    mean: PerFrame = np.linalg.norm(apart, axis=-1).mean(axis=1)
    return mean


def centred_distance(generated: Points, reference: Points, part: slice = MOUTH) -> PerFrame:
    """Return the mean distance of the points of `part`, less their mean in each frame and face."""
    return landmark_distance(centred(generated[:, part]), centred(reference[:, part]))


def aligned_distance(generated: Points, reference: Points, part: slice = MOUTH) -> PerFrame:
    """Return the mean distance of the points of `part` once the generated face is laid in place."""
    return landmark_distance(aligned(generated, reference), reference, part)


def normalized_error(
    generated: Points,
    reference: Points,
    part: slice = ALL,
    unit: Literal["eye_centres", "outer_corners"] = "eye_centres",
) -> PerFrame:
    """Return the mean distance of the points of `part` in units of the real face's eye distance."""
    if unit == "eye_centres":
        left, right = (reference[:, eye].mean(axis=1) for eye in (LEFT_EYE, RIGHT_EYE))
    else:
        left, right = (reference[:, k] for k in (LEFT_OUTER_CORNER, RIGHT_OUTER_CORNER))
    eye_distance: PerFrame = np.linalg.norm(left - right, axis=-1)
    return landmark_distance(generated, reference, part) / eye_distance


def centred(points: Points) -> Points:
    """Return points less their mean in each frame."""
    middle: Points = points.mean(axis=1, keepdims=True)
    return points - middle


def aligned(generated: Points, reference: Points) -> Points:
    """Return each generated face where the best similarity of its rigid points puts it."""
    laid = np.full(generated.shape, np.nan)
    found = np.isfinite(generated).all(axis=(1, 2)) & np.isfinite(reference).all(axis=(1, 2))
    for index in np.flatnonzero(found):
        matrix = least_squares_similarity(generated[index, RIGID], reference[index, RIGID])
        laid[index] = mapped(matrix, generated[index])
    return laid


def landmarks_of(pair: Pair) -> tuple[Points, Points]:
    """Return the landmarks of both sides in pixels of a frame with a longer side of 224."""
    scaled = [
        view.read("landmarks") * (SIDE_PX / max(view.frames.shape[1:3]))
        for view in (pair.generated, pair.reference)
    ]
    return scaled[0], scaled[1]


class LandmarkMean(FrameMean):
    """A score of the landmarks in each frame, averaged over the frames with both faces."""

    settings: ClassVar = {"longer_side_px": SIDE_PX}
    bounds = (0.0, np.inf)

    def of_frames(self, pair: Pair) -> PerFrame:
        """Return the score of each frame of the window."""
        return self.of_points(*landmarks_of(pair))

    @abstractmethod
    def of_points(self, generated: Points, reference: Points) -> PerFrame:
        """Return the score of each frame from its points (T, 68, 2)."""


class LMD(LandmarkMean):
    """Distance of the mouth points, each mouth centred."""

    tells_of_speech = True

    def of_points(self, generated: Points, reference: Points) -> PerFrame:
        """Return the distance in each frame."""
        return centred_distance(generated, reference)


class MouthLMD(LandmarkMean):
    """Distance of the mouth points as they are."""

    tells_of_speech = True

    def of_points(self, generated: Points, reference: Points) -> PerFrame:
        """Return the distance in each frame."""
        return landmark_distance(generated, reference, MOUTH)


class FaceLMD(LandmarkMean):
    """Distance of all points as they are."""

    def of_points(self, generated: Points, reference: Points) -> PerFrame:
        """Return the distance in each frame."""
        return landmark_distance(generated, reference)


class AlignedMouthLMD(LandmarkMean):
    """Distance of the mouth points once nose and eyes lie on each other."""

    tells_of_speech = True

    def of_points(self, generated: Points, reference: Points) -> PerFrame:
        """Return the distance in each frame."""
        return aligned_distance(generated, reference)


class NME(LandmarkMean):
    """Distance of all points in units of the real eyes' distance."""

    def of_points(self, generated: Points, reference: Points) -> PerFrame:
        """Return the error in each frame."""
        return normalized_error(generated, reference)
