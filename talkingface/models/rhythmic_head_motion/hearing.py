"""What lips and head hear of speech: windows of its spectrogram or of its samples."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Waveform
from talkingface.errors import DataError
from talkingface.media.features.mel import MEL_BANDS, Mel, mel_spectrogram
from talkingface.media.features.windows import ROWS_PER_FRAME, mouth_windows
from talkingface.models.rhythmic_head_motion.motion_series import (
    FRAMES_PER_WINDOW,
    SAMPLES_PER_FRAME,
    SPEECH_SMOOTHING,
    speech_windows,
)

Windows = NDArray[np.float32]
HeadHearing = Literal["samples", "mel"]

HEAD_BANDS = 20  # of the spectrogram, each the mean of four: a nod follows no vowel
REACH = SPEECH_SMOOTHING + FRAMES_PER_WINDOW  # frames beyond which a window hears nothing
HEAD_ROWS = FRAMES_PER_WINDOW * ROWS_PER_FRAME
WINDOW_SHAPES: Final[dict[HeadHearing, tuple[int, int]]] = {
    "samples": (FRAMES_PER_WINDOW, SAMPLES_PER_FRAME),
    "mel": (HEAD_ROWS, HEAD_BANDS),
}


@dataclass(frozen=True)
class Heard:
    """Speech of a whole number of frames."""

    waveform: Waveform  # 16 kHz
    mel: Mel

    @classmethod
    def of(cls, waveform: Waveform, num_frames: int) -> "Heard":
        """Return speech cut or filled with silence to so many frames."""
        if not len(waveform):
            raise DataError("The speech has no samples. Give speech of a frame, 40 ms, at least.")
        length = num_frames * SAMPLES_PER_FRAME
        fitting = np.pad(waveform[:length], (0, max(0, length - len(waveform))))
        return cls(fitting, mel_spectrogram(fitting))

    @property
    def num_frames(self) -> int:
        """How many frames it lasts."""
        return len(self.waveform) // SAMPLES_PER_FRAME

    def lip_windows(self, frames: range) -> Windows:
        """Return what the lips hear at some frames, (T, 80, 20)."""
        return mouth_windows(self.mel, frames)

    def head_windows(self, frames: range, how: HeadHearing) -> Windows:
        """Return what the head hears at some frames, (T, rows, columns) as `WINDOW_SHAPES` says."""
        if how == "samples":
            return self._samples(frames)
        coarse = self.mel.reshape(-1, HEAD_BANDS, MEL_BANDS // HEAD_BANDS).mean(axis=2)
        before = ROWS_PER_FRAME * (FRAMES_PER_WINDOW // 2)
        starts = ROWS_PER_FRAME * np.arange(frames.start, frames.stop) - before
        rows = starts[:, None] + np.arange(HEAD_ROWS)
        return np.asarray(coarse[rows.clip(0, len(coarse) - 1)], dtype=np.float32)

    def after_silence(self, num_frames: int) -> "Heard":
        """Return it with so many silent frames before."""
        longer = np.pad(self.waveform, (num_frames * SAMPLES_PER_FRAME, 0))
        return Heard(longer, mel_spectrogram(longer))

    def _samples(self, frames: range) -> Windows:
        """Return windows of samples, of which the rest of the speech is not looked at."""
        first = max(0, frames.start - REACH)
        stop = min(self.num_frames, frames.stop + REACH)
        part = self.waveform[first * SAMPLES_PER_FRAME : stop * SAMPLES_PER_FRAME]
        return speech_windows(part)[frames.start - first : frames.stop - first]
