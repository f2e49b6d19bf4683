"""Raw material in the layout of PD-FGC: portraits, sounds, and folders of driving frames.

The authors' program takes five paths and keeps no list, so files that belong together have one
name: ``apps/NAME.png``, ``audios/NAME.wav``, ``motions/{pose,exp,eye}/NAME/000000.jpg``. A talking
video drives itself. Where nobody else moves eyes or face the one who turns the head does, and there
is no folder in ``exp`` or ``eye``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from talkingface.data.preparation.aligned_frames import (
    AlignedFrames,
    Treatment,
    best_portrait,
)
from talkingface.data.preparation.batch import Task, stage
from talkingface.data.preparation.faces import Cropping
from talkingface.data.preparation.plan import Preparation
from talkingface.data.preparation.raw import Raw, find_raw, is_video, raw_at
from talkingface.data.preparation.sound import keep_speech, kept_suffix
from talkingface.data.truth_file import write_truth
from talkingface.errors import UsageError
from talkingface.face.align.level_eyes import level_eye_crops
from talkingface.media import open_frames, write_picture
from talkingface.storage.atomic import make_folder

PORTRAITS, SOUNDS, MOTIONS, TRUTH = "apps", "audios", "motions", "truth"
POSE, EXPRESSION, EYES = "pose", "exp", "eye"


@dataclass(frozen=True)
class MotionFolders(Task):
    """The files of one name."""

    name: str
    portrait: Raw
    speech: Raw
    drivers: Mapping[str, Raw]  # by the folder in ``motions``; that of the pose is always there
    folder: Path
    treatment_of_frames: Treatment

    @property
    def sources(self) -> tuple[Path, ...]:
        """All that the clip is made of, the portrait first."""
        given = (self.portrait, self.speech, *self.drivers.values())
        return tuple(dict.fromkeys(raw.path for raw in given))

    @property
    def outputs(self) -> tuple[Path, ...]:
        """Portrait, sound and motion folders."""
        motions = [self.folder / MOTIONS / motion / self.name for motion in self.drivers]
        return (self._picture, self._sound, *motions)

    def treatment(self) -> Mapping[str, object]:
        """Return what is done to the frames."""
        return self.treatment_of_frames.as_values()

    def make(self) -> None:
        """Write sound, motion folders and portrait; first what is soonest."""
        with stage("sound"):
            keep_speech(self.speech.path, self._sound)
        frontal = 0
        for motion, raw in self.drivers.items():
            target = self.folder / MOTIONS / motion / self.name
            truth = AlignedFrames(raw, target, self.treatment_of_frames).write()
            if motion == POSE and truth:
                write_truth(truth_path(self.folder, self.name), truth)
                frontal = best_portrait(truth)
        make_folder(self._picture.parent)
        if self.drivers[POSE] == self.portrait:
            frames = open_frames(self.folder / MOTIONS / POSE / self.name)
        else:
            alone = AlignedFrames(self.portrait, self._picture, self.treatment_of_frames)
            frames, truth = alone.seen()
            frontal = best_portrait(truth)
        with stage("frames"):
            write_picture(self._picture, frames.read(frontal, frontal + 1)[0])

    @property
    def _picture(self) -> Path:
        return self.folder / PORTRAITS / f"{self.name}.png"

    @property
    def _sound(self) -> Path:
        return self.folder / SOUNDS / (self.name + kept_suffix(self.speech.path))


class PDFGCPreparation(Preparation):
    """Makes portraits, sounds and motion folders."""

    takes = frozenset({"audio", "pose", "eyes", "expression"})

    def cropping(self) -> Cropping:
        """Return the alignment by eyes and mouth, which is that of PC-AVS."""
        return level_eye_crops

    def tasks(self) -> Sequence[MotionFolders]:
        """Return one clip, or one for each talking video.

        Raises:
            DataError: there is no raw material.
            UsageError: nobody turns the head.
        """
        if self.options.audio is None:
            return [self._clip(raw.name, raw, raw, {POSE: raw}) for raw in find_raw(self.input)]
        portrait, speech = raw_at(self.options.input), raw_at(self.options.audio)
        assert portrait
        assert speech
        speaker = speech if is_video(speech.path) else None
        given = {
            POSE: raw_at(self.options.pose) or speaker,
            EXPRESSION: raw_at(self.options.expression),
            EYES: raw_at(self.options.eyes),
        }
        if given[POSE] is None:
            raise UsageError("Nobody turns the head: say who with --pose=VIDEO.")
        drivers = {motion: raw for motion, raw in given.items() if raw}
        parts = dict.fromkeys([portrait.name, *(raw.name for raw in drivers.values()), speech.name])
        return [self._clip("_".join(parts), portrait, speech, drivers)]

    def _clip(
        self, name: str, portrait: Raw, speech: Raw, drivers: Mapping[str, Raw]
    ) -> MotionFolders:
        how = Treatment.of(self.options)
        return MotionFolders(name, portrait, speech, drivers, self.out, how)


def truth_path(folder: Path, name: str) -> Path:
    """Return where that is kept which is known of the pose frames of a name."""
    return folder / TRUTH / f"{name}.npz"
