"""Frames of one role in a clip, brought to the form in which PC-AVS and PD-FGC keep them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Frames
from talkingface.data.preparation.batch import stage
from talkingface.data.preparation.faces import FPS, Search, open_raw, see
from talkingface.data.preparation.frame_folder import numbered, write_frame_folder
from talkingface.data.preparation.options import PreparationOptions
from talkingface.data.preparation.raw import Raw
from talkingface.face.align.level_eyes import level_eye_crops
from talkingface.face.pose.head_pose import head_pose

FRONTAL_SHARE = 0.2  # of the frames, among which the one with open eyes is chosen
LIDS_ABOVE, LIDS_BELOW = [37, 38, 43, 44], [41, 40, 47, 46]
INNER_AND_OUTER = ([39, 42], [36, 45])

Truth = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Treatment:
    """What is done to the frames of every clip."""

    search: Search
    crop: bool
    published: bool  # keep the rate of videos

    @classmethod
    def of(cls, options: PreparationOptions) -> "Treatment":
        """Return what a user asks for."""
        search = Search.by(options)
        return cls(search, options.crop, options.published)

    def as_values(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "crop": self.crop,
            "published": self.published,
            "landmarks": self.search.back_end,
            "missing": self.search.missing,
        }


@dataclass(frozen=True)
class AlignedFrames:
    """Raw frames of one role, and the folder in which they lie in the end."""

    raw: Raw
    folder: Path  # the raw folder itself, where it is taken as it is
    treatment: Treatment

    @property
    def is_ready(self) -> bool:
        """Whether a folder is taken as it is."""
        return self.folder == self.raw.path

    def write(self) -> Truth:
        """Write the frames and return what was found out about them.

        Raises:
            DataError: with the stage that failed.
        """
        frames, truth = self.seen()
        if not self.is_ready:
            with stage("frames"):
                write_frame_folder(self.folder, numbered(frames))
        return truth

    def write_portrait(self) -> None:
        """Write one picture alone, the best portrait, as a folder of its own."""
        frames, truth = self.seen()
        with stage("frames"):
            chosen = best_portrait(truth)
            write_frame_folder(self.folder, numbered(frames.read(chosen, chosen + 1)))

    def seen(self) -> tuple[Frames, Truth]:
        """Return the frames as they shall lie there, and what is known of them."""
        with stage("frames"):
            frames = open_raw(self.raw.path, None if self.treatment.published else FPS)
        if not self.treatment.crop:
            return frames, {}
        seen = see(frames, self.raw.path, self.treatment.search, level_eye_crops)
        flat = seen.points[..., :2]
        return seen.frames, {
            "landmarks": flat,
            "landmarks_3d": seen.points,
            "pose": head_pose(flat),
            "found": seen.found,
        }


def best_portrait(truth: Truth) -> int:
    """Return the frame that shows the person best: turned little, and of such the widest awake.

    Without poses it is the first.
    """
    if "pose" not in truth:
        return 0
    turned = np.abs(np.asarray(truth["pose"], dtype=np.float64)).sum(axis=1)
    frontal = np.argsort(turned, kind="stable")[: max(1, round(FRONTAL_SHARE * len(turned)))]
    openness = _eye_opening(np.asarray(truth["landmarks"], dtype=np.float64))
    return int(frontal[openness[frontal].argmax()])


def _eye_opening(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how open the eyes are in each frame, (T,): height over width, mean of both."""
    height = np.linalg.norm(points[:, LIDS_ABOVE] - points[:, LIDS_BELOW], axis=2).sum(axis=1)
    width = np.linalg.norm(points[:, INNER_AND_OUTER[0]] - points[:, INNER_AND_OUTER[1]], axis=2)
    opening: NDArray[np.float64] = height / (2 * width.sum(axis=1))
    return opening
