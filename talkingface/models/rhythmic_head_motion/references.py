"""Which frames of a video serve as references.

Paper: arXiv:2007.08547, sections 3.3 and 4. Frames go by index; motion is what
`talkingface.face.pose` measures: rotation vector and translation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.errors import DataError

UPPER_LIP, LOWER_LIP = [61, 62, 63], [67, 66, 65]  # inner points above each other


@dataclass(frozen=True)
class Draw:
    """Frames of one training sample."""

    references: NDArray[np.intp]  # (N,)
    warped: int  # the reference that is warped
    target: int


def repeated(references: Sequence[int], num_references: int) -> list[int]:
    """Return the references again and again until there are as many as the generator takes.

    >>> repeated([0, 5], 4)
    [0, 5, 0, 5]
    """
    if not references or num_references % len(references):
        raise DataError(
            f"{len(references)} references cannot be repeated to {num_references}. "
            f"Name a number of references that divides {num_references}."
        )
    return list(references) * (num_references // len(references))


def mouth_measures(landmarks: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how closed each mouth is, (T,): the more open, the smaller, as y points down.

    Quirk: x counts too, so a mouth that is turned measures differently.

    Args:
        landmarks: (T, 68, 2 or more) in pixels.
    """
    difference = landmarks[:, UPPER_LIP, :2] - landmarks[:, LOWER_LIP, :2]
    result: NDArray[np.float64] = difference.mean(axis=(1, 2), dtype=np.float64)
    return result


def most_open_mouths(landmarks: NDArray[np.floating], num_references: int) -> NDArray[np.intp]:
    """Return the frames with the most open mouths, (N,), the widest first."""
    return np.argsort(mouth_measures(landmarks), kind="stable")[:num_references]


def turns(motion: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how far each head (N, 6) is turned from the target's (6,), in radians: (N,)."""
    result: NDArray[np.float64] = np.abs(motion[:, :3] - target[:3]).mean(axis=1)
    return result


def nearest_reference(motion: NDArray[np.floating], target: NDArray[np.floating]) -> int:
    """Return the place among the references (N, 6) of the one that is warped in generation."""
    return int(turns(motion, target).argmin())


def farthest_reference(motion: NDArray[np.floating], target: NDArray[np.floating]) -> int:
    """Return the place among the references (N, 6) of the one that training prefers: the hardest.

    Quirk of the original that is meant: training warps the worst reference, generation the best.
    """
    return int(turns(motion, target).argmax())


def draw(
    motion: NDArray[np.floating],
    num_references: int,
    chance: np.random.Generator,
    *,
    reference_share: float = 0.25,
    farthest_share: float = 0.75,
) -> Draw:
    """Return frames for a training sample.

    Args:
        motion: of the clip's frames, (T, 6).
        num_references: N.
        chance: draws.
        reference_share: of the clip, from its start, where references are drawn; at least N frames.
        farthest_share: how often the warped reference is the farthest, not any.

    Raises:
        DataError: the clip has no frame left for a target.
    """
    num_frames = len(motion)
    pool = max(num_references, int(num_frames * reference_share))
    if pool >= num_frames:
        raise DataError(
            f"A clip of {num_frames} frames is too short for {num_references} references and a "
            f"target. Use clips of at least {num_references + 1} frames, or fewer references."
        )
    references = chance.choice(pool, num_references, replace=False)
    target = int(chance.integers(pool, num_frames))
    if chance.random() < farthest_share:
        place = farthest_reference(motion[references], motion[target])
    else:
        place = int(chance.integers(num_references))
    return Draw(references, int(references[place]), target)
