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
from talkingface.nn.growing_pictures import DRAWING_PHASES
from talkingface.nn.pictures import resized

SPEECH_RATE_HZ = 16_000
FPS = 25
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
        if clip.frames is None or clip.speech is None or len(clip.frames) == 0:
            raise DataError(f"{clip.name} lacks frames or sound. Leave it out of the split.")
        if clip.frames.fps != FPS:
            raise DataError(
                f"PC_AVS sees {FPS} frames a second and {clip.name} has "
                f"{float(clip.frames.fps):g}. Open it with dataset.fps={FPS}."
            )
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
        if self.phases & NAMING_PHASES:
            example["label"] = prepared["label"]
        if "identity" in self.phases:
            example["portrait"] = self._some(prepared["frames"], 1, chance)[0]
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
        moments = self._moments(len(frames), chance)
        example = {
            "moments": np.concatenate([self._part(frames, part) for part in moments]),
            "moment_mels": np.concatenate([_mel_at(prepared, int(one)) for one in moments.flat]),
        }
        if prepared["factors"] is not None:
            rows = prepared["factors"][moments.flat]
            example["moment_factors"] = rows[:, _COLUMNS] / _UNITS
            example["shown"] = self._drawn(prepared, int(moments[0, 0]), chance)
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

    def _moments(self, num_frames: int, chance: np.random.Generator) -> NDArray[np.int64]:
        """Return parts of a clip, each some frames in a row (K, J), in the order of time.

        They lie apart where the clip is long enough for it.
        """
        num_parts, spare = self.clip_frames // self.joined_frames, num_frames - self.clip_frames
        if spare >= 0:  # as many places as if each part were one frame long
            places = np.sort(chance.choice(spare + num_parts, num_parts, replace=False))
            starts = places + (self.joined_frames - 1) * np.arange(num_parts)
        else:
            last = max(0, num_frames - self.joined_frames)
            starts = np.sort(chance.integers(last + 1, size=num_parts))
        moments = starts[:, None] + np.arange(self.joined_frames)
        return np.asarray(np.minimum(moments, num_frames - 1))

    def _part(self, frames: Frames, part: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return frames in a row at the size of the networks; videos are opened once for all."""
        first = int(part[0])
        pictures = frames.read(first, int(part[-1]) + 1)
        return np.stack([resized(pictures[one - first], self.image_px) for one in part])

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
    return mouth_windows(prepared["mel"], range(frame, frame + 1))


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
