"""Alignment alone: faces cut out as PC-AVS and PD-FGC expect them, into NAME_cropped.

A video or a folder of numbered pictures is one clip: one turn and size for all frames, the mouth
held in its place. A picture is aligned by itself, and so is each picture of a folder without
numbers. Pictures keep their names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from talkingface.clip import Picture
from talkingface.data.preparation.batch import Task, stage
from talkingface.data.preparation.faces import Cropping, Search, open_raw, see
from talkingface.data.preparation.frame_folder import numbered, write_frame_folder
from talkingface.data.preparation.plan import Preparation
from talkingface.data.preparation.raw import Raw, find_raw, is_picture, pictures_in
from talkingface.face.align.level_eyes import level_eye_crops
from talkingface.media import write_picture
from talkingface.storage.atomic import make_folder

CROPPED = "_cropped"


@dataclass(frozen=True)
class Alignment(Task):
    """One clip or picture, aligned."""

    name: str
    source: Path
    target: Path  # a folder; for a picture, a file
    search: Search

    @property
    def sources(self) -> tuple[Path, ...]:
        """The raw clip."""
        return (self.source,)

    @property
    def outputs(self) -> tuple[Path, ...]:
        """The aligned one."""
        return (self.target,)

    def treatment(self) -> Mapping[str, object]:
        """Return how faces were looked for."""
        return {"landmarks": self.search.back_end, "missing": self.search.missing}

    def make(self) -> None:
        """Find the face in all pictures, and write them aligned."""
        if is_picture(self.target):
            make_folder(self.target.parent)
            write_picture(self.target, aligned_picture(self.source, self.search))
        elif self.source.is_dir() and not is_sequence(self.source):
            write_frame_folder(self.target, self._each_alone())
        else:
            seen = see(open_raw(self.source), self.source, self.search, level_eye_crops)
            names = [one.name for one in pictures_in(self.source)] if self.source.is_dir() else None
            pictures = zip(names, seen.frames, strict=True) if names else numbered(seen.frames)
            write_frame_folder(self.target, pictures)

    def _each_alone(self) -> Iterator[tuple[str, Picture]]:
        for path in pictures_in(self.source):
            yield path.name, aligned_picture(path, self.search)


class AlignmentAlone(Preparation):
    """Aligns raw material and makes nothing else."""

    def default_folder(self) -> Path:
        """Return where the raw material lies: the results stand beside it."""
        return self.input.resolve().parent

    def cropping(self) -> Cropping:
        """Return the alignment by eyes and mouth."""
        return level_eye_crops

    def tasks(self) -> Sequence[Alignment]:
        """Return one task for each clip or picture."""
        return [alignment_of(raw, self.out, self.search) for raw in find_raw(self.input)]


def alignment_of(raw: Raw, folder: Path, search: Search) -> Alignment:
    """Return the task of aligning a piece of raw material into `folder`."""
    single = is_picture(raw.path) and not raw.path.is_dir()
    name = f"{raw.name}{CROPPED}{raw.path.suffix if single else ''}"
    return Alignment(raw.name, raw.path, folder / name, search)


def aligned_picture(path: Path, search: Search) -> Picture:
    """Return a picture with its face aligned, (224, 224, 3)."""
    with stage("frames"):
        frames = open_raw(path)
    return next(iter(see(frames, path, search, level_eye_crops).frames))


def is_sequence(folder: Path) -> bool:
    """Return whether the pictures of a folder are frames of one clip, in time.

    Such are called by their number alone, or by the folder's name and their number. Others, like
    ``face1.jpg``, may each show another person.
    """
    return all(one.stem.removeprefix(folder.name).isdecimal() for one in pictures_in(folder))
