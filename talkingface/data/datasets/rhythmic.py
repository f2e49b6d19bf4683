"""The layout of Rhythmic head motion: for each video S a few files beside it.

For ``S_aligned.mp4`` they are ``S_aligned.npy`` (landmarks), ``S_aligned_rt.npy`` (head motion),
``S_aligned_front.npy`` (landmarks without it), ``S_aligned_ani.mp4`` (the rendered 3D face) and
``S.wav``. Where videos are called ``S_crop.mp4``, as in GRID, LRS3 and CREMA-D, they are
``S_original.npy``, ``S_rt.npy``, ``S_front.npy``, ``S_ani.mp4`` and ``S.wav``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.data.base import Progress
from talkingface.data.datasets.demo import write_known
from talkingface.data.datasets.method_layout import LayoutDataset
from talkingface.data.datasets.method_settings import RhythmicDatasetSettings
from talkingface.data.datasets.pictures import FPS
from talkingface.data.datasets.places import Places
from talkingface.data.files import FileFrames, FileSpeech
from talkingface.data.layout import files_below
from talkingface.data.preparation.options import PreparationOptions
from talkingface.data.preparation.rhythmic import AUDIO, LIST, VIDEO, RhythmicPreparation
from talkingface.data.synth.camera import PORTRAIT
from talkingface.data.synth.layouts import write_rhythmic_layout
from talkingface.data.truth_file import identity_in, known_in
from talkingface.errors import DataError
from talkingface.face.points import NUM_POINTS
from talkingface.face.pose.angles import angles_of

Array = NDArray[np.float32]
ALIGNED_VIDEO, CROPPED_VIDEO = "_aligned.mp4", "_crop.mp4"
TRUTH = "truth"


class RhythmicDataset(LayoutDataset):
    """One clip for each video that the list names, or that lies there.

    Of a clip are known, where the file is there: ``landmarks_3d`` (T, 68, 3) and ``landmarks``
    (T, 68, 2), ``head_motion`` (T, 6) and ``pose`` (T, 3), ``frontal_landmarks`` (T, 68, 3).
    `Clip.sources` has the rendered face, ``ani``.
    """

    settings: RhythmicDatasetSettings
    demo_px = 256

    def read(self, folder: Path) -> Sequence[Clip]:
        """Return a clip for each video."""
        listed = folder / LIST
        videos = listed_videos(listed) if listed.is_file() else _lying_in(folder)
        if not videos:
            raise DataError(f"{folder} holds no video *{ALIGNED_VIDEO}. {self.expected()}")
        return [clip_with_companions(video, folder) for video in videos]

    def preparation(self, options: PreparationOptions) -> RhythmicPreparation:
        """Return how raw material becomes such files."""
        return RhythmicPreparation(options, self.settings.name)

    def write_demo(self, clips: Sequence[Clip], folder: Path, progress: Progress) -> None:
        """Write the files of each clip, and its truth."""
        write_rhythmic_layout(clips, folder, progress)
        for clip in clips:
            write_known(clip, folder / TRUTH / f"{clip.name}.npz", self.demo_px, PORTRAIT)

    def expected(self) -> str:
        """Say what should lie where."""
        return (
            "Expected are S_aligned.mp4, S_aligned.npy, S_aligned_rt.npy, S_aligned_front.npy and "
            "S.wav for each video S; `preprocess --input=VIDEOS` makes them."
        )


@dataclass(frozen=True)
class Companions:
    """The files that belong to a video."""

    stem: Path  # the video without its ending
    landmarks: Path
    motion: Path
    front: Path
    ani: Path

    @classmethod
    def of(cls, video: Path) -> "Companions":
        """Return where they lie, whether or not they are there."""
        if video.name.endswith(CROPPED_VIDEO):
            stem = video.with_name(video.name.removesuffix(CROPPED_VIDEO))
            before, landmarks = f"{stem}", f"{stem}_original.npy"
        else:
            stem = video.with_name(video.name.removesuffix(ALIGNED_VIDEO))
            before, landmarks = f"{stem}_aligned", f"{stem}_aligned.npy"
        ends = ("_rt.npy", "_front.npy", "_ani.mp4")
        return cls(stem, Path(landmarks), *(Path(f"{before}{end}") for end in ends))

    def sounds(self, folder: Path) -> tuple[Path, ...]:
        """Return where the sound may lie: the authors' place, beside the video, in it."""
        within = self.stem.relative_to(folder) if self.stem.is_relative_to(folder) else self.stem
        apart = folder / str(within).replace(VIDEO, AUDIO)
        return (apart.with_name(f"{apart.name}.wav"), self.stem.with_name(f"{self.stem.name}.wav"))

    def missing(self) -> list[Path]:
        """Return which of the arrays are not there that the authors' program asks for."""
        wanted = (self.landmarks, self.motion, self.front)
        return [path for path in wanted if not path.is_file()]


def has_companions(video: Path) -> bool:
    """Return whether a video is called as in this layout, and landmarks or motion lie beside it."""
    files = Companions.of(video)
    return video.name.endswith((ALIGNED_VIDEO, CROPPED_VIDEO)) and (
        files.landmarks.is_file() or files.motion.is_file()
    )


def array_clip(path: Path) -> Clip:
    """Return a clip of which one array is known: head motion (T, 6), or landmarks (T, 68, 3).

    Landmarks in a file called ``S_front.npy`` are frontal ones.

    Raises:
        DataError: It holds neither.
    """
    shape = _loaded(path).shape[1:]
    if shape == (6,):
        known = "head_motion"
    elif shape == (NUM_POINTS, 3):
        known = "frontal_landmarks" if path.stem.endswith("_front") else "landmarks_3d"
    else:
        raise DataError(
            f"{path} holds rows of the shape {shape}. Head motion has rows of 6 numbers, landmarks "
            f"of {NUM_POINTS} points in space."
        )
    return Clip(path.stem, known={known: partial(_array, path, shape)})


def clip_with_companions(video: Path, folder: Path) -> Clip:
    """Return the clip of a video, with what lies beside it, or in the truth of a demo `folder`."""
    files = Companions.of(video)
    truth = folder / TRUTH / f"{files.stem.name}.npz"
    known = {**known_in(truth), **_known(files)}
    return Clip(
        name=files.stem.name,
        frames=FileFrames(video, FPS),
        speech=FileSpeech((*files.sounds(folder), video)),
        identity=identity_in(truth) or files.stem.name,
        known=known,
        sources={"ani": FileFrames(files.ani, FPS)} if files.ani.is_file() else {},
    )


def _known(files: Companions) -> Mapping[str, Callable[[], Array]]:
    known: dict[str, Callable[[], Array]] = {}
    if files.landmarks.is_file():
        known["landmarks_3d"] = partial(_array, files.landmarks, (NUM_POINTS, 3))
        known["landmarks"] = lambda: _array(files.landmarks, (NUM_POINTS, 3))[..., :2]
    if files.motion.is_file():
        known["head_motion"] = partial(_array, files.motion, (6,))
        known["pose"] = lambda: _pose(_array(files.motion, (6,)))
    if files.front.is_file():
        known["frontal_landmarks"] = partial(_array, files.front, (NUM_POINTS, 3))
    return known


def _pose(motions: Array) -> Array:
    """Return yaw, pitch, roll (T, 3) of heads that the motions (T, 6) turn to the front."""
    from scipy.spatial.transform import Rotation

    to_front = Rotation.from_rotvec(motions[:, :3]).as_matrix()
    return angles_of(np.swapaxes(to_front, 1, 2)).astype(np.float32)


def _array(path: Path, row_shape: tuple[int, ...]) -> Array:
    array = _loaded(path)
    if array.shape[1:] != row_shape:
        shape = ", ".join(map(str, row_shape))
        raise DataError(f"{path} has the shape {array.shape}, where (frames, {shape}) belongs.")
    return np.asarray(array, dtype=np.float32)


def _loaded(path: Path) -> NDArray[np.generic]:
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise DataError(
            f"{path} cannot be read as an array ({error}). Prepare it again."
        ) from error


def listed_videos(path: Path) -> list[Path]:
    """Return the videos of the authors' list: rows of text, the path first."""
    try:
        rows = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(
            f"{path} cannot be read as a list of videos ({error}). Remove it, and all videos in "
            "the folder are read."
        ) from error
    places = Places(path.parent)
    return [places.find(str(row[0])) for row in np.atleast_2d(rows) if len(row)]


def _lying_in(folder: Path) -> list[Path]:
    return sorted(
        path for path in files_below(folder) if path.name.endswith((ALIGNED_VIDEO, CROPPED_VIDEO))
    )
