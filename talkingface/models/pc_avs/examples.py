"""What PC_AVS learns from: examples drawn from clips, each as its phase needs them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Picture
from talkingface.data.examples.augmentation import augmented
from talkingface.data.examples.moments import (
    mel_around,
    moments,
    picture_at,
    pictures_in_a_row,
    seen_and_heard,
    some_pictures,
)
from talkingface.data.examples.places import mouths
from talkingface.data.examples.strangers import stranger
from talkingface.data.synth import FACTOR_NAMES, exchanged
from talkingface.errors import DataError
from talkingface.models.base import Example, Preparation, Prepared
from talkingface.nn.growing_pictures import DRAWING_PHASES

NAMING_PHASES = frozenset({"identity", "disentangling"})
MOMENT_PHASES = frozenset({"motion", "disentangling"})

# What a pose picture shows beside the lips: what the pose code is taught to tell, and how far each
# factor goes in talking people.
POSE_FACTORS: Mapping[str, float] = {
    "yaw": 0.25,
    "pitch": 0.12,
    "roll": 0.09,
    "shift_x": 0.03,
    "shift_y": 0.03,
    "brow": 0.5,
    "happy": 0.3,
    "sad": 0.3,
    "angry": 0.3,
    "surprised": 0.3,
    "blink": 0.3,
    "gaze_x": 0.5,
    "gaze_y": 0.5,
}
_COLUMNS = [FACTOR_NAMES.index(name) for name in POSE_FACTORS]
_UNITS = np.array(list(POSE_FACTORS.values()), dtype=np.float32)


@dataclass(frozen=True)
class PCAVSPreparation(Preparation):
    """Keeps a clip's frames where they are, and its spectrogram and truth in memory.

    Args:
        phases: for which of them examples are drawn.
        image_px: side of the networks' pictures.
        references: portraits in an example.
        clip_frames: moments of a clip in an example of the phases that compare moments.
        joined_frames: moments in a row, one frame after the other; `clip_frames` is a multiple.
        people: a number for the name of each identity, where a phase tells them apart.
        draws_poses: whether pose pictures are drawn of other people.
    """

    phases: frozenset[str]
    image_px: int
    references: int
    clip_frames: int
    joined_frames: int
    people: Mapping[str, int]
    draws_poses: bool

    def prepare(self, clip: Clip) -> Prepared:
        """Return the frames, the spectrogram (M, 80), and what is known of the clip."""
        frames, mel = seen_and_heard(clip, "PC_AVS")
        known: dict[str, object] = {
            "frames": frames,
            "mel": mel,
            "label": np.int64(self.people.get(clip.identity, 0)),
            "factors": clip.truth("factors") if self.draws_poses else None,
            "mouths": mouths(clip),
        }
        return known

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return what the phases learn from, drawn from one clip."""
        example: dict[str, NDArray[np.generic]] = {}
        if self.phases & NAMING_PHASES:
            example["label"] = prepared["label"]
        if "identity" in self.phases:
            example["portrait"] = self._some(prepared, 1, chance)[0]
        if self.phases & MOMENT_PHASES:
            example |= self._of_moments(prepared, chance)
        if "pose" in self.phases:
            example |= self._of_pose(prepared, chance)
        if self.phases & DRAWING_PHASES:
            example |= self._of_drawing(prepared, chance)
        return example

    def _of_moments(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Moments of a clip, seen and heard, and one of them shown by another person."""
        frames = prepared["frames"]
        shown = moments(len(frames), self.clip_frames, self.joined_frames, chance)
        pictures = [pictures_in_a_row(frames, part, self.image_px) for part in shown]
        mels = [mel_around(prepared["mel"], int(one)) for one in shown.flat]
        example: dict[str, NDArray[np.generic]] = {
            "moments": np.concatenate(pictures),
            "moment_mels": np.concatenate(mels),
        }
        if prepared["factors"] is not None:
            rows = prepared["factors"][shown.flat]
            example["moment_factors"] = rows[:, _COLUMNS] / _UNITS
            example["shown"] = self._drawn(prepared, int(shown[0, 0]), chance)
        return example

    def _of_pose(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """The head of one frame on two strangers, and its factors."""
        if prepared["factors"] is None:
            raise DataError(
                "The phase pose needs clips whose factors are known, on strangers that are drawn: "
                "SynthTalk with --model.pose_pictures=drawn. Leave the phase out of the stages."
            )
        frame = int(chance.integers(len(prepared["frames"])))
        return {
            "heads": np.stack([self._drawn(prepared, frame, chance) for _ in range(2)]),
            "factors": prepared["factors"][frame, _COLUMNS] / _UNITS,
        }

    def _of_drawing(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Portraits, a frame to draw, its sound and a picture of its pose."""
        frames = prepared["frames"]
        frame = int(chance.integers(len(frames)))
        target = picture_at(frames, frame, self.image_px)
        if prepared["factors"] is not None:
            posed = self._drawn(prepared, frame, chance)
        else:
            posed = augmented(target[None], chance)[0]
        return {
            "portraits": self._some(prepared, self.references, chance),
            "target": target,
            "mel": mel_around(prepared["mel"], frame)[0],
            "posed": posed,
            "mouth": prepared["mouths"][frame],
        }

    def _some(
        self, prepared: Prepared, number: int, chance: np.random.Generator
    ) -> NDArray[np.uint8]:
        return some_pictures(prepared["frames"], number, self.image_px, chance)

    def _drawn(self, prepared: Prepared, frame: int, chance: np.random.Generator) -> Picture:
        """Return a stranger with the head of a frame and the lips of another, in other colours."""
        factors = prepared["factors"]
        row = exchanged(factors[frame], "lip", factors[chance.integers(len(factors))])
        return stranger(row, self.image_px, chance)
