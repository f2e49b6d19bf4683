"""What PD_FGC learns from: examples drawn from clips, each as its phase needs them.

Each factor of a frame is shown by a picture of its own. SynthTalk draws it on a stranger who has
that factor of the frame and nothing else; of filmed people it is the frame itself, changed. While
pictures grow, SynthTalk just says what the factors are, and nobody need be drawn to show them.
"""

from collections.abc import Mapping, Sequence
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
from talkingface.data.examples.places import mouth_and_eyes
from talkingface.data.examples.strangers import any_factors, recoloured, sharing, stranger
from talkingface.data.synth import FACTOR_GROUPS, FACTOR_NAMES, person_named, render
from talkingface.errors import DataError
from talkingface.models.base import Example, Preparation, Prepared
from talkingface.models.pd_fgc.found_poses import pose_code_at
from talkingface.nn.growing_pictures import DRAWING_PHASES

HEAD_PHASES = frozenset({"motion", "eyes", "pose", "expression"})
TARGET_PHASES = DRAWING_PHASES | {"unified"}
READING_PHASES = frozenset({"generator", "discriminator"})  # these see what shows a factor

BLINKS_COUNT = 3.0  # frames with closed eyes are so much more often drawn; they are rare
EYES = ("blink", "gaze")

Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class PDFGCPreparation(Preparation):
    """Keeps a clip's frames where they are, and its spectrogram and truth in memory.

    Args:
        phases: for which of them examples are drawn.
        image_px: side of the networks' pictures.
        references: portraits in an example.
        clip_frames: moments of a clip in an example of the phase lips.
        expression_frames: pictures whose expressions are averaged.
        people: a number for the name of each identity, where a phase tells them apart.
        draws_drivers: whether strangers show the factors.
        seen_lips: share of examples whose lips are seen.
    """

    phases: frozenset[str]
    image_px: int
    references: int
    clip_frames: int
    expression_frames: int
    people: Mapping[str, int]
    draws_drivers: bool
    seen_lips: float

    def prepare(self, clip: Clip) -> Prepared:
        """Return the frames, the spectrogram (M, 80), and what is known of the clip."""
        frames, mel = seen_and_heard(clip, "PD_FGC")
        known: dict[str, object] = {
            "name": clip.name,
            "identity": clip.identity,
            "frames": frames,
            "mel": mel,
            "label": np.int64(self.people.get(clip.identity, 0)),
            "factors": clip.truth("factors") if self.draws_drivers else None,
            "landmarks": clip.truth("landmarks"),
            "places": mouth_and_eyes(clip),
        }
        return known

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return what the phases learn from, drawn from one clip."""
        example: dict[str, NDArray[np.generic]] = {}
        is_drawn = prepared["factors"] is not None
        if "identity" in self.phases:
            example["label"] = prepared["label"]
            example["portrait"] = self._seen(prepared, self._any_frame(prepared, chance))
        if "lips" in self.phases:
            example |= self._of_moments(prepared, chance)
        if self.phases & HEAD_PHASES:
            of_heads = self._of_drawn_heads if is_drawn else self._of_filmed_heads
            example |= of_heads(prepared, chance)
        if self.phases & TARGET_PHASES:
            example |= self._of_drawing(prepared, chance)
        return example

    def _of_moments(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Moments of a clip, seen and heard."""
        frames = prepared["frames"]
        shown = moments(len(frames), self.clip_frames, 1, chance)
        pictures = [pictures_in_a_row(frames, part, self.image_px) for part in shown]
        mels = [mel_around(prepared["mel"], int(one)) for one in shown.flat]
        return {"moments": np.concatenate(pictures), "moment_mels": np.concatenate(mels)}

    def _of_drawn_heads(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """A stranger who does whatever chance has him do, a frame of the clip, and their factors.

        There are few strangers but many clips, so that codes are right for any person; strangers do
        what no talker does, so that one factor does not tell of another.
        """
        frame, row = self._any_frame(prepared, chance), any_factors(chance)
        own = recoloured(self._seen(prepared, frame), chance)
        heads = [stranger(row, self.image_px, chance), own]
        return {
            "heads": np.stack(heads),
            "head_factors": np.stack([row, prepared["factors"][frame]]).astype(np.float32),
        }

    def _of_filmed_heads(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """A face and its pose; some frames in a row, and the sound in their middle."""
        if "motion" in self.phases:
            raise DataError(
                "The phase motion needs clips whose factors are known: SynthTalk with "
                "--model.drivers=drawn. Leave the phase out of the stages."
            )
        found: dict[str, NDArray[np.generic]] = {}
        frame = self._any_frame(prepared, chance)
        if self.phases & {"eyes", "pose"}:
            found["face"] = self._changed(prepared, frame, chance)
        if "pose" in self.phases:
            found["head_pose"] = pose_code_at(prepared, frame)
        if "expression" in self.phases:
            found["window"] = self._window(prepared, frame, chance)
            found["window_mel"] = mel_around(prepared["mel"], frame)[0]
        return found

    def _of_drawing(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Portraits, a frame to draw, its sound, and who shows each of its factors."""
        frame = self._any_frame(prepared, chance)
        found: dict[str, NDArray[np.generic]] = {
            "portraits": self._portraits(prepared, chance),
            "target": self._seen(prepared, frame),
            "places": prepared["places"][frame],
        }
        if "unified" in self.phases:
            found["mover"] = self._showing(prepared, frame, tuple(FACTOR_GROUPS), chance)
        if not self.phases & DRAWING_PHASES:
            return found
        mels = [mel_around(prepared["mel"], one) for one in range(frame - 1, frame + 2)]
        found["mels"] = np.concatenate(mels)
        if prepared["factors"] is None or self.phases & READING_PHASES:
            found["eyes_shown"] = self._showing(prepared, frame, EYES, chance)
            found["pose_shown"] = self._showing(prepared, frame, ("pose",), chance)
            found["moods_shown"] = self._moods(prepared, frame, chance)
        else:
            found["factors_shown"] = prepared["factors"][frame].astype(np.float32)
        if self.seen_lips:
            is_seen = bool(chance.random() < self.seen_lips)
            found["lips_are_seen"] = np.array(is_seen)
            found["lips_shown"] = (
                self._showing(prepared, frame, ("lip",), chance) if is_seen else found["target"]
            )
        return found

    def _portraits(self, prepared: Prepared, chance: np.random.Generator) -> Pictures:
        """Return pictures of the person (R, H, W, 3), which do nothing that is to be drawn."""
        if prepared["factors"] is None:
            return some_pictures(prepared["frames"], self.references, self.image_px, chance)
        who = person_named(prepared["identity"])
        rows = [any_factors(chance) for _ in range(self.references)]
        return np.stack([render(who, row, self.image_px) for row in rows])

    def _moods(self, prepared: Prepared, frame: int, chance: np.random.Generator) -> Pictures:
        """Return pictures of the expression (K, H, W, 3)."""
        if prepared["factors"] is None:
            return self._window(prepared, frame, chance)
        count = range(self.expression_frames)
        return np.stack([self._showing(prepared, frame, ("emotion",), chance) for _ in count])

    def _showing(
        self,
        prepared: Prepared,
        frame: int,
        groups: Sequence[str],
        chance: np.random.Generator,
    ) -> Picture:
        """Return who shows some groups of a frame's factors."""
        if prepared["factors"] is None:
            return self._changed(prepared, frame, chance)
        row = sharing(prepared["factors"][frame], groups, chance)
        return stranger(row, self.image_px, chance)

    def _changed(self, prepared: Prepared, frame: int, chance: np.random.Generator) -> Picture:
        changed: Picture = augmented(self._seen(prepared, frame)[None], chance)[0]
        return changed

    def _window(self, prepared: Prepared, frame: int, chance: np.random.Generator) -> Pictures:
        """Return the frames around one (K, H, W, 3), all changed in one way."""
        last = len(prepared["frames"]) - 1
        around = frame - self.expression_frames // 2 + np.arange(self.expression_frames)
        pictures = pictures_in_a_row(prepared["frames"], around.clip(0, last), self.image_px)
        return augmented(pictures, chance)

    def _seen(self, prepared: Prepared, frame: int) -> Picture:
        return picture_at(prepared["frames"], frame, self.image_px)

    def _any_frame(self, prepared: Prepared, chance: np.random.Generator) -> int:
        """Return a frame, oftener one with closed eyes where it is known."""
        num_frames, factors = len(prepared["frames"]), prepared["factors"]
        if factors is None:
            return int(chance.integers(num_frames))
        weights = 1 + BLINKS_COUNT * factors[:, FACTOR_NAMES.index("blink")].astype(np.float64)
        return int(chance.choice(num_frames, p=weights / weights.sum()))
