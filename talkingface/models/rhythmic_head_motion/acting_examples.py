"""What lips and heads learn from: stretches of clips, heard and seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.errors import DataError
from talkingface.face.align.crop import points_in
from talkingface.face.pose.rigid import frontal, head_motions
from talkingface.models.base import Example, Preparation, Prepared
from talkingface.models.rhythmic_head_motion.config import ActingSizes
from talkingface.models.rhythmic_head_motion.hearing import Heard
from talkingface.models.rhythmic_head_motion.motion_series import (
    SAMPLE_RATE_HZ,
    SAMPLES_PER_FRAME,
    normalised_motion,
)
from talkingface.models.rhythmic_head_motion.resting import SPEAKING_POINTS, at_rest, movements
from talkingface.models.rhythmic_head_motion.seeing import head_view, landmarks_of

FPS = 25
HEAD_PHASES = frozenset({"head", "head_critic"})


@dataclass(frozen=True)
class ActingPreparation(Preparation):
    """Keeps of a clip what is heard, and how face and head move.

    Args:
        phases: for which of them examples are drawn.
        sizes: what the networks hear, and how far they look.
        lip_frames: frames in a row in an example for the lips.
        landmarks: who finds them where they are not known.
    """

    phases: frozenset[str]
    sizes: ActingSizes
    lip_frames: int
    landmarks: str

    def prepare(self, clip: Clip) -> Prepared:
        """Return the speech, the movements of the lips (T, 37, 3), the head's motions (T, 6)."""
        check_usable(clip)
        assert clip.speech is not None
        waveform = clip.speech.read(SAMPLE_RATE_HZ)
        landmarks = landmarks_of(clip, self.landmarks)
        num_frames = min(len(landmarks), round(len(waveform) / SAMPLES_PER_FRAME))
        seen = points_in(head_view(clip, landmarks), landmarks[:num_frames])
        motions = head_motions(seen)
        fronts = frontal(seen, motions)
        moved = movements(fronts, at_rest(fronts))[:, SPEAKING_POINTS]
        return {
            "name": clip.name,
            "heard": Heard.of(waveform, num_frames),
            "movements": moved.astype(np.float32),
            "motions": normalised_motion(motions),
        }

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return stretches of one clip for the phases."""
        heard: Heard = prepared["heard"]
        example: dict[str, NDArray[np.generic]] = {}
        if "lips" in self.phases:
            frames = self._stretch(prepared, self.lip_frames, chance)
            example["lip_windows"] = heard.lip_windows(frames)
            example["lip_movements"] = prepared["movements"][frames.start : frames.stop]
        if self.phases & HEAD_PHASES:
            length = self.sizes.head_history + self.sizes.head_future
            frames = self._stretch(prepared, length, chance)
            example["head_windows"] = heard.head_windows(frames, self.sizes.head_hearing)
            example["head_motions"] = prepared["motions"][frames.start : frames.stop]
        return example

    def _stretch(self, prepared: Prepared, length: int, chance: np.random.Generator) -> range:
        num_frames = len(prepared["movements"])
        if length > num_frames:
            raise DataError(
                f"{prepared['name']} has {num_frames} frames with sound and an example {length}. "
                "Leave it out of the split, or lower model.lip_frames, model.network.head_history "
                "and model.network.head_future."
            )
        first = int(chance.integers(num_frames - length + 1))
        return range(first, first + length)


def check_usable(clip: Clip) -> None:
    """Refuse a clip from which nothing can be learnt.

    Raises:
        DataError: It lacks frames or sound, or has another rate.
    """
    if clip.frames is None or clip.speech is None or len(clip.frames) == 0:
        raise DataError(f"{clip.name} lacks frames or sound. Leave it out of the split.")
    if clip.frames.fps != FPS:
        raise DataError(
            f"Motion is learnt at {FPS} frames a second and {clip.name} has "
            f"{float(clip.frames.fps):g}. Open it with dataset.fps={FPS}."
        )
