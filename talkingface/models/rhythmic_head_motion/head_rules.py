"""How a head moves with speech where nobody has taught it: slow turns, and nods to its accents."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from talkingface.clip import Waveform
from talkingface.face.pose.angles import rotations_of
from talkingface.models.rhythmic_head_motion.motion_series import SAMPLES_PER_FRAME
from talkingface.models.rhythmic_head_motion.placing import middles, motions_of, turns_to_front

Array = NDArray[np.float64]

NOD_DEGREES = 3.0
# Height in degrees and period in seconds of the waves of each turn; no two have a common beat.
SWAY = {"yaw": ((2.2, 5.3), (1.0, 3.1)), "pitch": ((0.8, 4.1),), "roll": ((1.2, 6.7), (0.5, 2.9))}
NECK = np.array([0.0, 60.0, -60.0])  # px from the middle of the face to where it turns, frontal
FPS = 25


def swaying(motion: NDArray[np.floating], waveform: Waveform) -> Array:
    """Return motions (T, 6) of a head that begins at `motion` (6,), for speech of T frames."""
    loudness = _loudness(waveform)
    accents = (gaussian_filter1d(loudness, 1.5) - gaussian_filter1d(loudness, 10.0)).clip(0)
    seconds = np.arange(len(loudness)) / FPS
    degrees = np.stack([_sum_of_waves(seconds, waves) for waves in SWAY.values()], axis=1)
    degrees[:, 1] += NOD_DEGREES * accents
    return turned(motion, np.radians(degrees))


def turned(motion: NDArray[np.floating], angles: NDArray[np.floating]) -> Array:
    """Return motions (T, 6) of a head turned further about its neck by yaw, pitch, roll (T, 3)."""
    (to_front,), (middle,) = turns_to_front(motion[None]), middles(motion[None])
    further = rotations_of(angles)
    neck = middle + to_front.T @ NECK
    return motions_of(to_front @ np.swapaxes(further, 1, 2), neck + further @ (middle - neck))


def _loudness(waveform: Waveform) -> Array:
    """Return how loud each frame is, (T,), 1 where it is loudest."""
    frames = waveform[: len(waveform) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME]
    level = np.sqrt((frames.reshape(-1, SAMPLES_PER_FRAME).astype(np.float64) ** 2).mean(axis=1))
    return np.asarray(level / max(float(level.max()), 1e-6))


def _sum_of_waves(seconds: Array, waves: tuple[tuple[float, float], ...]) -> Array:
    turns = [height * np.sin(2 * np.pi * seconds / period) for height, period in waves]
    return np.asarray(np.sum(turns, axis=0))
