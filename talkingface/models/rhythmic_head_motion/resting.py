"""Frontal landmarks as a face at rest and what speech adds to it, whoever has the face.

Landmarks are those that `talkingface.face.pose.rigid` has turned to the front: (68, 3), in pixels
of a head view of 256. What is said moves jaw and mouth alone; movements are counted in sizes of
the canonical face, so that they fit anybody.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.face.mesh.mouth import FACING, with_lips_shut
from talkingface.face.points import JAW, MOUTH
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import STILL_POINTS

Array = NDArray[np.float64]

SPEAKING_POINTS = np.r_[JAW, MOUTH]  # what speech moves
UPPER_LIP, LOWER_LIP = [49, 50, 51, 52, 53, 61, 62, 63], [59, 58, 57, 56, 55, 67, 66, 65]
ROUNDNESS = np.array([0.7, 0.97, 1.05, 0.97, 0.7, 0.97, 1.06, 0.97])[:, None]
"""How far these move for an opening that is 1 on average: lips open round."""

LOWERED = 0.75  # share of an opening by which the lower lip goes down; the upper one goes up
JAW_SHARE = 0.6  # of an opening by which the chin goes down
FALLING_JAW = np.sin(np.linspace(0, np.pi, 17)) ** 2  # the more, the nearer to the chin
MOST_SHUT = 0.2  # share of a clip's frames that show its face at rest
MIDDLE: Array = CANONICAL_FACE[STILL_POINTS].mean(axis=0)


def face_size(front: NDArray[np.floating]) -> float:
    """Return how large a face (68, 3) is against the canonical one.

    >>> face_size(2 * CANONICAL_FACE)
    2.0
    """
    still, canonical = (face[STILL_POINTS] for face in (front, CANONICAL_FACE))
    return float(_spread(still) / _spread(canonical))


def opening(fronts: NDArray[np.floating]) -> Array:
    """Return from where to where lips (..., 68, 3) are open in the middle, (..., 3) in pixels."""
    upper, lower = (fronts[..., side, :].mean(axis=-2, dtype=np.float64) for side in FACING)
    gap: Array = lower - upper
    return gap


def opened(front: NDArray[np.floating], gap: NDArray[np.floating]) -> Array:
    """Return a face (68, 3) whose lips and jaw have moved apart by `gap` (3,) in pixels."""
    moved = front.astype(np.float64)
    moved[LOWER_LIP] += LOWERED * ROUNDNESS * gap
    moved[UPPER_LIP] -= (1 - LOWERED) * ROUNDNESS * gap
    moved[JAW] += JAW_SHARE * FALLING_JAW[:, None] * gap
    return moved


def at_rest(fronts: NDArray[np.floating]) -> Array:
    """Return the face at rest, (68, 3), of frontal landmarks (T, 68, 3): its lips touch.

    It is the mean of the frames whose lips are nearest to it, shut the rest of the way: in the
    middle by jaw and lips, elsewhere by what is left.
    """
    gaps = np.linalg.norm(opening(fronts), axis=-1)
    quiet = gaps <= np.quantile(gaps, MOST_SHUT)
    face = fronts[quiet].mean(axis=0, dtype=np.float64)
    return with_lips_shut(opened(face, -opening(face)))


def movements(fronts: NDArray[np.floating], rest: NDArray[np.floating]) -> Array:
    """Return how faces (T, 68, 3) differ from the one at rest, in sizes of the canonical face."""
    moved: Array = (fronts - rest) / face_size(rest)
    return moved


def spoken_fronts(rest: NDArray[np.floating], spoken: NDArray[np.floating]) -> Array:
    """Return a face at rest moved by what speech does, (T, 37, 3) for the points it moves."""
    fronts = np.repeat(rest[None].astype(np.float64), len(spoken), axis=0)
    fronts[:, SPEAKING_POINTS] += face_size(rest) * spoken
    return fronts


def _spread(points: NDArray[np.floating]) -> float:
    return float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum()))
