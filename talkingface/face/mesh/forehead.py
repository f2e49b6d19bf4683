"""The forehead, where there are no landmarks: that of the canonical face, fitted to the rest."""

import numpy as np
from numpy.typing import NDArray

from talkingface.face.points import NUM_POINTS
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import STILL_POINTS

Array = NDArray[np.float64]

EARS = [0, 16]  # where the jaw ends, and the forehead's outline begins
HEIGHT, RISE = 72, 50  # px of the canonical face from there up to the hair, and forward
OUTLINE = np.linspace(0, np.pi, 14)[1:-1]  # angles, from the left ear over the top to the right
ABOVE_BROWS = {
    17: (81, 82, 9),
    18: (90, 71, 11),
    20: (108, 66, 18),
    27: (128, 64, 21),
    23: (148, 66, 18),
    25: (166, 71, 11),
    26: (175, 82, 9),
}
"""Points of the forehead's middle, each with the landmark that it follows."""


def canonical_forehead() -> Array:
    """Return the forehead of the canonical face, (N, 3): its outline, then its middle."""
    left, right = CANONICAL_FACE[EARS]
    middle = (left + right) / 2
    turn = OUTLINE[:, None]
    outline = middle + (left - middle) * np.cos(turn)
    outline[:, 1:2] -= HEIGHT * np.sin(turn)
    outline[:, 2:] += RISE * np.sin(turn) ** 2  # temples lie far back
    return np.concatenate([outline, list(ABOVE_BROWS.values())])


def forehead_weights() -> Array:
    """Return how the forehead hangs on the landmarks, (N, 68).

    It follows the linear map that best brings the points that hold still in speech to a face. What
    that map misses of the ears the outline follows too, the less the farther up; what it misses of
    the brows, the middle.
    """
    forehead = canonical_forehead()
    follows = np.zeros((len(forehead), NUM_POINTS))
    aside = -np.cos(OUTLINE)  # -1 at the left ear, 1 at the right one
    follows[: len(aside), EARS[0]] = (-aside).clip(0) ** 2
    follows[: len(aside), EARS[1]] = aside.clip(0) ** 2
    follows[len(aside) :, list(ABOVE_BROWS)] = np.eye(len(ABOVE_BROWS))
    missed = np.eye(NUM_POINTS) - _carried(CANONICAL_FACE)
    weights: Array = _carried(forehead) + follows @ missed
    return weights


def _carried(points: Array) -> Array:
    """Return how canonical points (N, 3) hang on the landmarks by the still points' linear map."""
    still = _homogeneous(CANONICAL_FACE[STILL_POINTS])
    weights = np.zeros((len(points), NUM_POINTS))
    weights[:, STILL_POINTS] = _homogeneous(points) @ np.linalg.pinv(still)
    return weights


def _homogeneous(points: Array) -> Array:
    return np.column_stack([points, np.ones(len(points))])
