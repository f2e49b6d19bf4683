"""Series over time for the head motion networks: normalised motion, and windows of speech.

Paper: arXiv:2007.08547, section 3.2. Numbers are those of the authors' data.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Waveform
from talkingface.errors import DataError

SAMPLE_RATE_HZ = 16000
SAMPLES_PER_FRAME = 640  # at 25 frames a second
FRAMES_PER_WINDOW = 7  # three before, three after
MOTION_SMOOTHING, SPEECH_SMOOTHING = 11, 21  # frames under a Hann window

# of rotation vector (radians) and translation (pixels of a 256 px crop)
MOTION_MEAN = np.array([0.07, -0.008, -0.016, 11.4, 5.69, -4.37])
MOTION_DEVIATION = np.array([0.066, 0.132, 0.071, 9.99, 9.24, 16.95])


def normalised_motion(motion: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return head motion (T, 6) as the networks know it: normalised, then smoothed."""
    normalised = (motion - MOTION_MEAN) / MOTION_DEVIATION
    return smoothed_early(normalised, MOTION_SMOOTHING).astype(np.float32)


def head_motion(normalised: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return motion (T, 6) in radians and pixels from what the networks say."""
    result: NDArray[np.float64] = normalised * MOTION_DEVIATION + MOTION_MEAN
    return result


def speech_windows(speech: Waveform) -> NDArray[np.float32]:
    """Return the samples around each frame, (T, 7, 640), in steps of 16-bit sound.

    Each place in the window is smoothed over the frames, which is the original's doing: a
    strange filter, but the networks have learned behind it.

    Args:
        speech: (L,) in [-1, 1] at 16 kHz; T is the number of whole frames in it.

    Raises:
        DataError: the speech is shorter than the four frames that are repeated at its end.
    """
    num_frames = len(speech) // SAMPLES_PER_FRAME
    if num_frames < 4:
        raise DataError(
            f"The speech lasts {len(speech) / SAMPLE_RATE_HZ:.2f} s; head motion needs at least "
            f"0.16 s, four frames. Give longer speech."
        )
    samples = np.rint(np.clip(speech, -1, 1) * np.iinfo(np.int16).max).astype(np.int16)
    before, after = samples[: 3 * SAMPLES_PER_FRAME], samples[-4 * SAMPLES_PER_FRAME :]
    # Quirk: the copy of the end stands before the very last sample.
    longer = np.concatenate([before, samples[:-1], after, samples[-1:]])
    length = FRAMES_PER_WINDOW * SAMPLES_PER_FRAME
    starts = SAMPLES_PER_FRAME * np.arange(num_frames)
    windows = np.lib.stride_tricks.sliding_window_view(longer, length)[starts]
    # Quirk: the original keeps 16-bit numbers, so what smoothing leaves behind the comma is lost.
    whole = np.trunc(smoothed_early(windows, SPEECH_SMOOTHING))
    return whole.astype(np.float32).reshape(-1, FRAMES_PER_WINDOW, SAMPLES_PER_FRAME)


def smoothed_early(series: NDArray[np.generic], window: int) -> NDArray[np.float64]:
    """Return `series` (T, ...) under a Hann window whose middle is one frame early.

    Quirk: the original cuts one sample too many from the end and one too few from the start. The
    ends are reflected, the end samples themselves not repeated.
    """
    weights = np.hanning(window)
    reach = window // 2
    around = [(reach + 1, reach - 1)] + [(0, 0)] * (series.ndim - 1)
    longer = np.pad(series.astype(np.float64), around, mode="reflect")
    result = np.zeros(series.shape)
    for offset, weight in enumerate(weights / weights.sum()):  # a loop holds one copy at a time
        result += weight * longer[offset : offset + len(series)]
    return result
