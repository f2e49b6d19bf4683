"""Raw material in the layout of Rhythmic head motion: for each video S a few files.

``video/S_aligned.mp4`` is the head with some room, 256 px at 25 frames a second;
``S_aligned.npy`` holds its landmarks (T, 68, 3), ``S_aligned_rt.npy`` the head's motion (T, 6), and
``S_aligned_front.npy`` the landmarks without it. ``S_00042.png`` is the most frontal frame, and
``audio/S.wav`` the sound. ``vox_demo_ani.npy`` lists all videos with the number of that frame.

``S_aligned_ani.mp4`` shows that frame's face in the pose of every frame, on black. The authors had
its mesh from PRNet; here it hangs on the landmarks, and the frame itself is its texture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.data.preparation.batch import Task, stage
from talkingface.data.preparation.faces import FPS, Cropping, Search, Seen, open_raw, see
from talkingface.data.preparation.plan import Preparation
from talkingface.data.preparation.raw import find_raw
from talkingface.data.preparation.sound import write_speech
from talkingface.face.align.crop import RectangleCrop
from talkingface.face.align.head_and_shoulders import fixed_crop
from talkingface.face.mesh import PortraitMesh, posed_faces
from talkingface.face.points import Points
from talkingface.face.pose.rigid import frontal, head_motions, most_frontal
from talkingface.media import open_speech, write_picture, write_video
from talkingface.storage.atomic import atomic_file, make_folder

VIDEO, AUDIO = "video", "audio"
LIST = "vox_demo_ani.npy"


@dataclass(frozen=True)
class HeadVideo(Task):
    """The files of one video."""

    name: str
    video: Path
    folder: Path
    search: Search

    @property
    def sources(self) -> tuple[Path, ...]:
        """The video."""
        return (self.video,)

    @property
    def outputs(self) -> tuple[Path, ...]:
        """What has a fixed name; the frontal frame carries its number."""
        endings = (".mp4", ".npy", "_rt.npy", "_front.npy", "_ani.mp4")
        files = (self._file(f"_aligned{ending}") for ending in endings)
        return (self.folder / AUDIO / f"{self.name}.wav", *files)

    def treatment(self) -> Mapping[str, object]:
        """Return how faces were looked for."""
        return {"landmarks": self.search.back_end, "missing": self.search.missing}

    def make(self) -> None:
        """Write the sound, then find the face, and write all that follows from it."""
        with stage("sound"):
            write_speech(self.video, self.folder / AUDIO / f"{self.name}.wav")
        with stage("frames"):
            frames = open_raw(self.video, FPS)
        seen = see(frames, self.video, self.search, whole_clip_crop)
        motions = head_motions(seen.points)
        make_folder(self._file("").parent)
        with stage("frames"):
            self._write_face(seen, motions)
            write_video(
                self._file("_aligned.mp4"),
                seen.frames,
                FPS,
                open_speech(self.video),
                comment=f"cut out of {self.video.name}",
            )
        _save(self._file("_aligned_rt.npy"), motions)
        _save(self._file("_aligned_front.npy"), frontal(seen.points, motions))
        _save(self._file("_aligned.npy"), seen.points)

    def row(self) -> tuple[str, str]:
        """Return the video's line of the list: its path, and the most frontal frame."""
        motions = np.load(self._file("_aligned_rt.npy"), allow_pickle=False)
        return str(self._file("_aligned.mp4")), str(most_frontal(motions))

    def _write_face(self, seen: Seen, motions: NDArray[np.float64]) -> None:
        """Write the most frontal frame, and its face in the pose of every frame."""
        index = most_frontal(motions)
        picture = seen.frames.read(index, index + 1)[0]
        self._write_frontal(picture, index)
        mesh = PortraitMesh.of(picture, seen.points[index])
        faces = posed_faces(mesh, motions, len(picture))
        write_video(self._file("_aligned_ani.mp4"), faces, FPS)

    def _write_frontal(self, picture: Picture, index: int) -> None:
        """Write a frame with its number in its name, and remove that of an older run."""
        for old in frontal_pictures(self.folder / VIDEO, self.name):
            old.unlink()
        write_picture(self._file(f"_{index:05d}.png"), picture)

    def _file(self, ending: str) -> Path:
        return self.folder / VIDEO / f"{self.name}{ending}"


class RhythmicPreparation(Preparation):
    """Makes the files of each video, and the list of all."""

    def cropping(self) -> Cropping:
        """Return the crop of head and shoulders."""
        return whole_clip_crop

    def tasks(self) -> Sequence[HeadVideo]:
        """Return one task for each video."""
        found = find_raw(self.input)
        return [HeadVideo(raw.name, raw.path, self.out, self.search) for raw in found]

    def finish(self, done: Sequence[Task]) -> tuple[str, ...]:
        """Write the list of all videos whose files lie."""
        rows = [task.row() for task in done if isinstance(task, HeadVideo)]
        _save(self.out / LIST, np.array(rows))
        return (f"List: {self.out / LIST}",)


def whole_clip_crop(points: Points) -> list[RectangleCrop]:
    """Return the one crop of a clip once for each frame of its landmarks (T, 68, 2)."""
    return [fixed_crop(points)] * len(points)


def frontal_pictures(folder: Path, name: str) -> list[Path]:
    """Return the files ``NAME_00042.png`` in a folder, of which there should be one."""
    beginning = len(name) + 1
    return [
        one
        for one in sorted(folder.glob("*_[0-9][0-9][0-9][0-9][0-9].png"))
        if one.stem[:beginning] == f"{name}_" and one.stem[beginning:].isdecimal()
    ]


def _save(path: Path, array: NDArray[np.generic]) -> None:
    with atomic_file(path) as file:
        np.save(file, array, allow_pickle=False)
