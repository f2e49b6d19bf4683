"""Which rows of sound meet which video frame. Video here has 25 frames a second, sound 100 rows.

The published PC-AVS and PD-FGC make pictures only for frames whose whole window lies in the sound:
four fewer than the sound lasts, shown two frames (80 ms) early. `whole_window_frames` is that
range. For one picture at every frame of a video, ask `mouth_windows` for ``range(num_frames)``:
rows before and after the sound repeat its first and last row.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkingface.media.features.framing import HOP_SAMPLES
from talkingface.media.features.mel import LEAD_SAMPLES, Mel, mel_rows, num_rows
from talkingface.media.features.passage import Passage

ROWS_PER_FRAME = 4  # 10 ms rows in 40 ms
WINDOW_FRAMES = 5
WINDOW_ROWS = WINDOW_FRAMES * ROWS_PER_FRAME
FRAMES_BEFORE = WINDOW_FRAMES // 2  # the frame stands in the middle of a mouth window
SAMPLES_PER_FRAME = ROWS_PER_FRAME * HOP_SAMPLES

# What a mouth window hears, in samples from where its frame begins. Its first row sets in 70 ms
# before its own time, see `mel`.
HEARD_BEFORE = FRAMES_BEFORE * SAMPLES_PER_FRAME + LEAD_SAMPLES
HEARD_AFTER = (WINDOW_FRAMES - FRAMES_BEFORE) * SAMPLES_PER_FRAME


def whole_window_frames(num_rows: int) -> range:
    """Return the video frames whose mouth window lies wholly within `num_rows` mel rows.

    It is empty below 20 rows, which is sound of less than 0.12 s.

    >>> whole_window_frames(1460)
    range(2, 363)
    """
    return range(FRAMES_BEFORE, max(FRAMES_BEFORE, num_rows // ROWS_PER_FRAME - FRAMES_BEFORE))


def mouth_windows(mel: Mel, frames: range) -> NDArray[np.float32]:
    """Return the mel windows (T, 80, 20) of PC-AVS and PD-FGC, one for each of `frames`."""
    starts = [ROWS_PER_FRAME * (frame - FRAMES_BEFORE) for frame in frames]
    return _windows(mel, starts)


def passing_mouth_windows(speech: Passage, frames: range) -> NDArray[np.float32]:
    """Return the mel windows (T, 80, 20) of some frames of levelled speech that may go on.

    They are those of `mouth_windows`; no more of the spectrogram is made than they need.
    """
    starts = ROWS_PER_FRAME * (np.arange(frames.start, frames.stop) - FRAMES_BEFORE)
    last = None if speech.length is None else num_rows(speech.length) - 1
    index = (starts[:, None] + np.arange(WINDOW_ROWS)).clip(0, last)
    needed = range(int(index[0, 0]), int(index[-1, -1]) + 1)
    windows = mel_rows(speech, needed)[index - needed.start]  # (T, 20, 80)
    return np.ascontiguousarray(windows.transpose(0, 2, 1))


def sync_windows(cepstra: NDArray[np.floating], num_windows: int) -> NDArray[np.float32]:
    """Return SyncNet's windows (T, 13, 20); window v begins with frame v and covers v to v + 4."""
    return _windows(cepstra, [ROWS_PER_FRAME * index for index in range(num_windows)])


def num_sync_windows(num_frames: int, num_samples: int) -> int:
    """Return how many windows the authors' evaluation takes: one fewer than there are.

    `num_samples` counts at 16 kHz, 640 to a frame.
    """
    return max(0, min(num_frames, num_samples // 640) - WINDOW_FRAMES)


def _windows(rows: NDArray[np.floating], starts: Sequence[int]) -> NDArray[np.float32]:
    """Return rows (M, D) as windows (T, D, 20); outside, the first and last row are repeated."""
    index = np.asarray(starts, dtype=np.int64)[:, None] + np.arange(WINDOW_ROWS)
    windows: NDArray[np.float32] = rows[index.clip(0, len(rows) - 1)].astype(np.float32, copy=False)
    return windows.transpose(0, 2, 1)  # (T, 20, D) to (T, D, 20)
