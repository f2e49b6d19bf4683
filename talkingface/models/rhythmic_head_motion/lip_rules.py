"""How lips follow speech where nobody has taught them: rules of the ear, no weights.

Open vowels are loud from 400 to 1000 Hz, where closed lips leave almost nothing: so P, B, M and
pauses shut the mouth. Where the sound above is bright, as in "ee", lips spread; where it is dark,
as in "oo", they round. All of it is measured against the loudest of the same speech.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from talkingface.media.features.framing import SAMPLE_RATE_HZ
from talkingface.media.features.mel import FLOOR_DB, FRAME_SAMPLES, Mel, mel_filters
from talkingface.media.features.windows import ROWS_PER_FRAME
from talkingface.models.rhythmic_head_motion.resting import SPEAKING_POINTS, opened

Array = NDArray[np.float64]

OPEN_HZ, BRIGHT_HZ = (400, 1000), (700, 3500)
RANGE_DB, SHUT = 24.0, 0.2  # from the loudest to shut lips; share that still counts as shut
BRIGHT, DARK = 2000.0, 1000.0  # middle of the sound above, Hz
SMOOTH_ROWS = 2.0  # 20 ms
LATE_ROWS = 3  # a row of the spectrogram stands 30 ms before its own time
OPENING = np.array([0.0, 11.0, -1.0])  # px of the canonical face, lips wide open
CORNERS = {48: -1.0, 60: -1.0, 54: 1.0, 64: 1.0}  # which way is out
SPREAD, ROUNDED = np.array([4.0, 0.5, -3.0]), np.array([-4.5, 0.0, 5.0])  # of a corner, outward
OUTER_LIPS, POUT = list(range(49, 54)) + list(range(55, 60)), np.array([0.0, 0.0, 5.0])


def ruled_movements(mel: Mel, num_frames: int) -> Array:
    """Return how the points that speech moves, move in each frame: (T, 37, 3).

    In pixels of the canonical face.

    Args:
        mel: of the speech, (M, 80).
        num_frames: T.
    """
    power = 10 ** ((mel.astype(np.float64) * -FLOOR_DB + FLOOR_DB) / 10)
    rows = ROWS_PER_FRAME * np.arange(num_frames) + LATE_ROWS
    open_share, bright_share = (
        gaussian_filter1d(one, SMOOTH_ROWS)[rows.clip(max=len(mel) - 1)]
        for one in (_openness(power), _brightness(power))
    )
    voiced = np.minimum(1, 2 * open_share)
    still = np.zeros((68, 3))
    wide_open = opened(still, OPENING)
    movement = open_share[:, None, None] * wide_open
    for shape, share in ((_at_corners(SPREAD), bright_share), (_rounded(), -bright_share)):
        movement = movement + (voiced * share.clip(0))[:, None, None] * shape
    return np.asarray(movement[:, SPEAKING_POINTS])


def _openness(power: Array) -> Array:
    """Return how far open the mouth is at each row, 0 to 1."""
    level = 10 * np.log10(power[:, _bands(OPEN_HZ)].sum(axis=1))
    loudest = np.quantile(level, 0.97)
    if loudest <= FLOOR_DB + RANGE_DB:
        return np.zeros(len(power))  # silence
    share = ((level - loudest) / RANGE_DB + 1).clip(0, 1) ** 2
    return np.asarray(((share - SHUT) / (1 - SHUT)).clip(0, 1))


def _brightness(power: Array) -> Array:
    """Return whether the sound above is bright (1) or dark (-1) at each row."""
    bands = _bands(BRIGHT_HZ)
    middle = power[:, bands] @ _centres()[bands] / power[:, bands].sum(axis=1)
    return np.asarray(((middle - DARK) / (BRIGHT - DARK) * 2 - 1).clip(-1, 1))


def _bands(between: tuple[int, int]) -> NDArray[np.bool_]:
    low, high = between
    return np.asarray((_centres() >= low) & (_centres() <= high))


def _centres() -> Array:
    """Return the middle of each band of the spectrogram in Hz, (80,)."""
    centres: Array = mel_filters().argmax(axis=1) * (SAMPLE_RATE_HZ / FRAME_SAMPLES)
    return centres


def _rounded() -> Array:
    shape = _at_corners(ROUNDED)
    shape[OUTER_LIPS] += POUT
    return shape


def _at_corners(outward: Array) -> Array:
    shape = np.zeros((68, 3))
    for corner, side in CORNERS.items():
        shape[corner] = outward * (side, 1, 1)
    return shape
