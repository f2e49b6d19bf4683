"""The face of a clip, found once for all frames, and the clip seen through its crop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import FrameArray, Frames, Picture
from talkingface.data.preparation.batch import stage
from talkingface.data.preparation.options import PreparationOptions
from talkingface.data.preparation.raw import is_picture
from talkingface.errors import DataError
from talkingface.face.align.crop import Crop, points_in
from talkingface.face.align.cropped import CroppedFrames
from talkingface.face.landmarks import (
    Box,
    Face,
    FaceChoice,
    FaceFinder,
    LandmarkTrack,
    MissingFace,
    landmark_track,
    open_finder,
)
from talkingface.face.points import Points, listed
from talkingface.face.preview import preview
from talkingface.media import open_frames, read_picture

FPS = Fraction(25)  # every method here, and every window of sound, counts 25 frames a second
NUM_PREVIEWED = 4

Cropping = Callable[[Points], Sequence[Crop]]  # from landmarks (T, 68, 2) to a crop a frame


@dataclass(frozen=True)
class Search:
    """How faces are looked for."""

    back_end: str
    missing: MissingFace
    choice: FaceChoice
    max_missing: float  # share of the frames that may be without a usable face

    @classmethod
    def by(cls, options: PreparationOptions) -> Self:
        """Return the search that a user's options ask for."""
        return cls(options.landmarks, options.missing, options.face, options.max_missing)

    def track(self, frames: Frames, where: Path) -> LandmarkTrack:
        """Return the landmarks of the chosen face in all frames.

        Raises:
            DataError: too many frames have no usable face.
        """
        track = landmark_track(
            frames,
            _finder(self.back_end),
            choice=self.choice,
            missing=self.missing,
            where=str(where),
        )
        without = np.flatnonzero(~track.found)
        if len(without) > self.max_missing * len(track):
            raise DataError(
                f"{where}: {len(without)} of {len(track)} frames have no usable face, more than "
                f"{self.max_missing:.0%} ({listed(without)}). Choose a clip that shows one upright "
                "face, or cut it; or allow more with --max_missing."
            )
        return track


@dataclass(frozen=True)
class Seen:
    """A clip through its crop, and where its landmarks lie in that."""

    frames: CroppedFrames
    points: NDArray[np.float64]  # (T, 68, 3) in pixels of the crop
    found: NDArray[np.bool_]  # (T,) False where the face of another frame was taken


def open_raw(path: Path, fps: Fraction | None = FPS) -> Frames:
    """Open a video, a folder of frames or one picture. `fps` None keeps a video's own rate."""
    if is_picture(path) and not path.is_dir():
        return FrameArray(read_picture(path)[None], FPS)
    return open_frames(path, fps)


def see(frames: Frames, where: Path, search: Search, cropping: Cropping) -> Seen:
    """Find the face in all frames and cut it out.

    Raises:
        DataError: with the stage that failed.
    """
    with stage("landmarks"):
        track = search.track(frames, where)
    with stage("crop"):
        crops = cropping(track.points)
        space = track.in_space()
        points = np.stack([points_in(one, row) for one, row in zip(crops, space, strict=True)])
    return Seen(CroppedFrames(frames, crops), points, track.found)


def preview_of(frames: Frames, where: Path, search: Search, cropping: Cropping) -> Picture:
    """Return a picture of a few frames with box, points and crop, one below the other."""
    track = search.track(frames, where)
    crops = cropping(track.points)
    rows = []
    for index in np.unique(np.linspace(0, len(frames) - 1, NUM_PREVIEWED).astype(int)).tolist():
        face = Face(Box(*track.boxes[index].tolist()), track.points[index], track.found_by)
        rows.append(preview(frames.read(index, index + 1)[0], face, crops[index]))
    return np.concatenate(rows)


@cache
def _finder(back_end: str) -> FaceFinder:
    """Load a back end once in each process: it takes a second."""
    return open_finder(back_end)
