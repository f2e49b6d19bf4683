"""What PC_AVS learns from: examples drawn from clips, each as its phase needs them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Frames, Picture
from talkingface.data.synth import FACTOR_NAMES, exchanged, person, render_each
from talkingface.errors import DataError
from talkingface.face.points import MOUTH
from talkingface.media.features.mel import mel_spectrogram
from talkingface.media.features.windows import mouth_windows
from talkingface.models.base import Example, Preparation, Prepared
from talkingface.models.pc_avs.augmentation import ColourChange, augmented
from talkingface.nn.pictures import resized

SPEECH_RATE_HZ = 16_000
DRAWING_PHASES = frozenset({"quarter_size", "half_size", "full_size", "generator", "discriminator"})

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

# The mouth in the network's view of an aligned face, for clips whose landmarks are not known:
# middle across and down, half width and half height, as shares of the picture.
USUAL_MOUTH = np.array([0.5, 0.625, 0.17, 0.14], dtype=np.float32)

FIRST_STRANGER, NUM_STRANGERS = 270_000, 120  # people of no split, who lend their faces to poses


@dataclass(frozen=True)
class PCAVSPreparation(Preparation):
    """Keeps a clip's frames where they are, and its spectrogram and truth in memory.

    Args:
        phases: for which of them examples are drawn.
        image_px: side of the networks' pictures.
        references: portraits in an example.
        clip_frames: moments in an example of the phase ``motion``.
        people: names of all identities, where the phase ``identity`` tells them apart.
        draws_poses: whether pose pictures are drawn of other people.
    """

    phases: frozenset[str]
    image_px: int
    references: int
    clip_frames: int
    people: Mapping[str, int]
    draws_poses: bool

    def prepare(self, clip: Clip) -> Prepared:
        """Return the frames, the spectrogram (M, 80), and what is known of the clip."""
        if clip.frames is None or clip.speech is None or len(clip.frames) == 0:
            raise DataError(f"{clip.name} lacks frames or sound. Leave it out of the split.")
        mel = clip.truth("mel")
        known: dict[str, object] = {
            "frames": clip.frames,
            "mel": mel_spectrogram(clip.speech.read(SPEECH_RATE_HZ)) if mel is None else mel,
            "label": np.int64(self.people.get(clip.identity, 0)),
            "factors": clip.truth("factors") if self.draws_poses else None,
            "mouths": _mouths(clip),
        }
        return known

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return what the phases learn from, drawn from one clip."""
        example: dict[str, NDArray[np.generic]] = {}
        if "identity" in self.phases:
            example |= self._of_identity(prepared, chance)
        if "motion" in self.phases:
            example |= self._of_motion(prepared, chance)
        if self.phases & DRAWING_PHASES:
            example |= self._of_drawing(prepared, chance)
        return example

    def _of_identity(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """One portrait and the number of the person."""
        return {
            "portrait": self._some(prepared["frames"], 1, chance)[0],
            "label": prepared["label"],
        }

    def _of_motion(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Moments of a clip, seen and heard, and one of them shown by another person."""
        frames = prepared["frames"]
        too_short = len(frames) < self.clip_frames
        moments = np.sort(chance.choice(len(frames), self.clip_frames, replace=too_short))
        example = {
            "moments": np.stack([self._seen(frames, moment) for moment in moments]),
            "moment_mels": np.concatenate([_mel_at(prepared, moment) for moment in moments]),
        }
        if prepared["factors"] is not None:
            rows = prepared["factors"][moments]
            example["moment_factors"] = rows[:, _COLUMNS] / _UNITS
            example["shown"] = self._drawn(prepared, int(moments[0]), chance)
        return example

    def _of_drawing(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Portraits, a frame to draw, its sound and a picture of its pose."""
        frames = prepared["frames"]
        frame = int(chance.integers(len(frames)))
        target = self._seen(frames, frame)
        if prepared["factors"] is not None:
            posed = self._drawn(prepared, frame, chance)
        else:
            posed = augmented(target[None], chance)[0]
        return {
            "portraits": self._some(frames, self.references, chance),
            "target": target,
            "mel": _mel_at(prepared, frame)[0],
            "posed": posed,
            "mouth": prepared["mouths"][frame],
        }

    def _some(self, frames: Frames, number: int, chance: np.random.Generator) -> NDArray[np.uint8]:
        return np.stack(
            [self._seen(frames, int(one)) for one in chance.integers(len(frames), size=number)]
        )

    def _seen(self, frames: Frames, index: int) -> Picture:
        """Return one frame at the size of the networks."""
        return resized(frames.read(int(index), int(index) + 1)[0], self.image_px)

    def _drawn(self, prepared: Prepared, frame: int, chance: np.random.Generator) -> Picture:
        """Return a stranger with the head of a frame and the lips of another, in other colours."""
        factors = prepared["factors"]
        row = exchanged(factors[frame], "lip", factors[chance.integers(len(factors))])
        stranger = person(FIRST_STRANGER + int(chance.integers(NUM_STRANGERS)))
        (picture,) = render_each([stranger], row[None], self.image_px)
        return np.asarray(ColourChange.draw(chance).apply(picture), dtype=np.uint8)


def _mel_at(prepared: Prepared, frame: int) -> NDArray[np.float32]:
    """Return the mel window (1, 80, 20) around a frame."""
    return mouth_windows(prepared["mel"], range(int(frame), int(frame) + 1))


def _mouths(clip: Clip) -> NDArray[np.float32]:
    """Return where the mouth is in each frame (T, 4), as shares of the picture."""
    assert clip.frames is not None
    points = clip.truth("landmarks")
    if points is None:
        return np.tile(USUAL_MOUTH, (len(clip.frames), 1))
    height, width = clip.frames.read(0, 1)[0].shape[:2]
    mouths = points[:, MOUTH, :2] / np.array([width, height])
    low, high = mouths.min(axis=1), mouths.max(axis=1)  # (T, 2)
    half = np.maximum(0.65 * (high - low), [0.1, 0.08])
    return np.concatenate([(low + high) / 2, half], axis=1).astype(np.float32)


def numbered(clips: Sequence[Clip]) -> dict[str, int]:
    """Return a number for each identity among the clips, in the order of their names."""
    return {name: number for number, name in enumerate(sorted({one.identity for one in clips}))}
