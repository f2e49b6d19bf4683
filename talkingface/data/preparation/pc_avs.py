"""Raw material in the layout of PC-AVS: folders of frames, sounds, and a metadata file.

A talking video, or each of a folder, becomes a line in which the person is driven by itself. A
portrait with speech, and perhaps somebody's head movement, becomes a line as the authors' script
writes it. Two things differ from that script unless `published` is asked for or `crop` refused:
videos are converted to 25 frames a second, which everything downstream takes for granted; and faces
are aligned at once, into folders called NAME_cropped as the authors' second script calls them. Of a
video that serves as portrait, the best frame is kept, not all of them for chance to choose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from talkingface.data.metadata import NO_SPECTROGRAM, NOTHING, Row, write_rows
from talkingface.data.preparation.aligned_frames import (
    AlignedFrames,
    Treatment,
    best_portrait,
)
from talkingface.data.preparation.alignment import CROPPED
from talkingface.data.preparation.batch import Task, stage
from talkingface.data.preparation.faces import Cropping, open_raw
from talkingface.data.preparation.frame_folder import numbered, write_frame_folder
from talkingface.data.preparation.plan import Preparation
from talkingface.data.preparation.raw import Raw, find_raw, is_video, pictures_in, raw_at
from talkingface.data.preparation.sound import keep_speech, kept_suffix, write_spectrogram
from talkingface.data.truth_file import write_truth
from talkingface.face.align.level_eyes import level_eye_crops

INPUT, POSE, MOUTH = "Input", "Pose_Source", "Mouth_Source"
AUDIO, TRUTH = "Audio_Source", "Truth"
DEFAULT_LIST = "demo.csv"
QUOTED = (
    "Paths with blanks stand in double quotes there, which the authors' program does not know; "
    "for that, choose an --out without blanks."
)


@dataclass(frozen=True)
class Line(Task):
    """The files of one line of the metadata."""

    name: str
    portrait: Raw
    speech: Raw  # of a video the frames are kept too
    pose: Raw | None
    mouth: Raw | None
    folder: Path
    treatment_of_frames: Treatment
    with_spectrogram: bool

    @property
    def sources(self) -> tuple[Path, ...]:
        """All that the clip is made of, the portrait first."""
        given = (self.portrait, self.speech, self.pose, self.mouth)
        return tuple(dict.fromkeys(raw.path for raw in given if raw))

    @property
    def outputs(self) -> tuple[Path, ...]:
        """The folders and files that the line names, but for folders taken as they are."""
        frames = [one for one in (self._reference, self._pose, self._mouth) if one]
        folders = dict.fromkeys(one.folder for one in frames if not one.is_ready)
        return (*folders, self._audio, *([self._spectrogram] if self.with_spectrogram else []))

    def treatment(self) -> Mapping[str, object]:
        """Return what is done to the frames."""
        return self.treatment_of_frames.as_values()

    def make(self) -> None:
        """Write sound, portrait, and the frames of those who drive it; first what is soonest."""
        with stage("sound"):
            keep_speech(self.speech.path, self._audio)
            if self.with_spectrogram:
                write_spectrogram(self._audio, self._spectrogram)
        if self._pose and self._pose != self._mouth:
            self._pose.write()
        truth = self._mouth.write() if self._mouth else {}
        if self._mouth and truth:
            write_truth(truth_path(self.folder, self._mouth.folder), truth)
        if self._mouth and self._mouth.raw == self.portrait and is_video(self.portrait.path):
            self._take_portrait(self._mouth.folder, best_portrait(truth))
        elif is_video(self.portrait.path):
            self._reference.write_portrait()
        else:
            self._reference.write()

    def row(self) -> Row:
        """Return the line, once its files lie."""
        mouth, pose, reference = self._mouth, self._pose, self._reference.folder
        return Row(
            reference=str(reference),
            num_references=len(pictures_in(reference)),
            pose=str(pose.folder) if pose else NOTHING,
            num_pose_frames=len(pictures_in(pose.folder)) if pose else 1,
            audio=str(self._audio),
            mouth=str(mouth.folder) if mouth else NOTHING,
            num_mouth_frames=len(pictures_in(mouth.folder)) if mouth else 0,
            spectrogram=str(self._spectrogram) if self.with_spectrogram else NO_SPECTROGRAM,
        )

    def _take_portrait(self, frames: Path, index: int) -> None:
        with stage("frames"):
            picture = open_raw(frames).read(index, index + 1)
            write_frame_folder(self._reference.folder, numbered(picture))

    def _frames(self, raw: Raw, role: str) -> AlignedFrames:
        how = self.treatment_of_frames
        if raw.path.is_dir() and not how.crop:
            return AlignedFrames(raw, raw.path, how)
        name = raw.name + (CROPPED if how.crop else "")
        return AlignedFrames(raw, self.folder / role / name, how)

    @property
    def _reference(self) -> AlignedFrames:
        return self._frames(self.portrait, INPUT)

    @property
    def _mouth(self) -> AlignedFrames | None:
        shown = self.mouth or (self.speech if is_video(self.speech.path) else None)
        return self._frames(shown, MOUTH) if shown else None

    @property
    def _pose(self) -> AlignedFrames | None:
        return self._frames(self.pose, POSE) if self.pose else self._mouth

    @property
    def _audio(self) -> Path:
        return self.folder / AUDIO / (self.speech.name + kept_suffix(self.speech.path))

    @property
    def _spectrogram(self) -> Path:
        return self.folder / AUDIO / f"{self.speech.name}.npy"


class PCAVSPreparation(Preparation):
    """Makes lines of metadata, and the files that they name."""

    takes = frozenset({"audio", "pose", "mouth", "csv", "spectrogram"})

    def cropping(self) -> Cropping:
        """Return the alignment by eyes and mouth."""
        return level_eye_crops

    def tasks(self) -> Sequence[Line]:
        """Return one line, or one for each talking video."""
        if self.options.audio is None:
            return [self._line(raw.name, raw, raw) for raw in find_raw(self.input)]
        portrait, speech = raw_at(self.options.input), raw_at(self.options.audio)
        pose, mouth = raw_at(self.options.pose), raw_at(self.options.mouth)
        assert portrait
        assert speech
        name = "_".join(one.name for one in (portrait, pose, speech) if one)
        return [self._line(name, portrait, speech, pose, mouth)]

    def finish(self, done: Sequence[Task]) -> tuple[str, ...]:
        """Write the metadata of all lines whose files lie."""
        rows = [task.row() for task in done if isinstance(task, Line)]
        path = Path(self.options.csv) if self.options.csv else self.out / DEFAULT_LIST
        write_rows(path, rows)
        if any(row.has_blanks for row in rows):
            return (f"Metadata: {path}", QUOTED)
        return (f"Metadata: {path}",)

    def _line(
        self,
        name: str,
        portrait: Raw,
        speech: Raw,
        pose: Raw | None = None,
        mouth: Raw | None = None,
    ) -> Line:
        how = Treatment.of(self.options)
        return Line(name, portrait, speech, pose, mouth, self.out, how, self.options.spectrogram)


def truth_path(folder: Path, mouth: Path) -> Path:
    """Return where that is kept which is known of the frames in the folder `mouth`."""
    return folder / TRUTH / f"{mouth.name}.npz"
