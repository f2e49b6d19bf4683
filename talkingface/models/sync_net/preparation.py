"""What SyncNet learns from: some windows of a clip, seen and heard."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.data.synth.augment import heard, microphone_of
from talkingface.errors import DataError
from talkingface.media.features.cepstrum import FRAME_SAMPLES, mfcc, sixteen_bit
from talkingface.media.features.framing import HOP_SAMPLES, SAMPLE_RATE_HZ
from talkingface.media.features.windows import ROWS_PER_FRAME, WINDOW_FRAMES, sync_windows
from talkingface.metrics.lip_sync import FPS
from talkingface.models.base import Example, Preparation, Prepared
from talkingface.models.sync_net.wear import squeezed, worn

FRAME_HOP = ROWS_PER_FRAME * HOP_SAMPLES  # samples from one frame to the next
ECHO_FRAMES = 18  # of sound before, 0.7 s, whose echo may still be heard
STRETCH_FRAMES = 50  # 2 s, in which an example's windows lie: the metric looks no further


@dataclass(frozen=True)
class SyncNetPreparation(Preparation):
    """Keeps a clip's frames where they are, and its sound.

    Args:
        num_windows: in an example.
        face_px: side of the pictures.
        worn_share: of the examples whose pictures are worn, and of those whose sound is.
    """

    num_windows: int
    face_px: int
    worn_share: float

    def prepare(self, clip: Clip) -> Prepared:
        """Return the frames, and the sound as 16-bit numbers."""
        if clip.frames is None or clip.speech is None:
            raise DataError(f"{clip.name} lacks frames or sound. Leave it out of the split.")
        if clip.frames.fps != FPS:
            raise DataError(
                f"SyncNet sees {FPS} frames a second and {clip.name} has "
                f"{float(clip.frames.fps):g}. Open it with dataset.fps={FPS}."
            )
        samples = clip.speech.read(SAMPLE_RATE_HZ)
        length = min(len(clip.frames), len(samples) // FRAME_HOP)
        needed = self.num_windows + WINDOW_FRAMES - 1
        if length < needed:
            raise DataError(
                f"{clip.name} has {length} frames with sound and an example {needed} at least. "
                "Leave it out of the split, or lower model.num_windows."
            )
        return {"frames": clip.frames, "samples": sixteen_bit(samples), "length": length}

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return windows at different times: pictures (N, 5, S, S, 3) and cepstra (N, 13, 20)."""
        length = min(prepared["length"], STRETCH_FRAMES)
        first = int(chance.integers(prepared["length"] - length + 1))
        num_starts = length - WINDOW_FRAMES + 1
        starts = np.sort(chance.choice(num_starts, self.num_windows, replace=False))
        pictures = squeezed(prepared["frames"].read(first, first + length), self.face_px)
        if chance.random() < self.worn_share:
            pictures = worn(pictures, chance)
        sound = self._heard(prepared["samples"], range(first, first + length), chance)
        return {
            "pictures": pictures[starts[:, None] + np.arange(WINDOW_FRAMES)],
            "sound": sync_windows(sound, num_starts)[starts],
        }

    def _heard(
        self, samples: NDArray[np.int16], frames: range, chance: np.random.Generator
    ) -> NDArray[np.float64]:
        """Return the cepstra (M, 13) of some frames of the clip, from the first of them on."""
        before = min(frames.start, ECHO_FRAMES)
        end = frames.stop * FRAME_HOP + FRAME_SAMPLES - HOP_SAMPLES  # of the last row
        around = samples[(frames.start - before) * FRAME_HOP : end]
        if chance.random() < self.worn_share:
            voice = np.asarray(around / np.float32(32768), dtype=np.float32)
            around = sixteen_bit(heard(voice, microphone_of(chance), chance))
        return mfcc(around)[before * ROWS_PER_FRAME :]
