"""The track and crop of SyncNet's evaluation of raw video: 25 frames a second, faces of 224 px.

Faces found in single frames are joined to tracks within a shot, and each track is cut out by a box
smoothed over time. The authors found faces with S3FD; boxes of another detector are not the same
size, and scores move a little with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray

from talkingface.face.align.crop import RectangleCrop
from talkingface.face.landmarks.face import Box
from talkingface.face.smoothing import running_median

SIZE = 224
CROP_SCALE = 0.40
MEDIAN_WINDOW = 13
BORDER_LEVEL = 110


@dataclass(frozen=True)
class TrackRule:
    """What counts as a track. The defaults are the authors'."""

    least_overlap: float = 0.5  # with the last box of the track
    longest_gap: int = 25  # frames without the face
    min_boxes: int = 101  # published tools that score short clips lower it to 50
    min_side_px: float = 100.0  # mean of the boxes' longer side


@dataclass(frozen=True)
class FaceTrack:
    """One face through consecutive frames."""

    first_frame: int
    boxes: NDArray[np.float64]  # (T, 4): left, top, right, bottom; gaps are interpolated

    def crops(self) -> list[RectangleCrop]:
        """Return the crop of each frame: the face's box, with room at the sides and below."""
        left, top, right, bottom = self.boxes.T
        half = np.maximum(right - left, bottom - top) / 2
        # Zeros beyond the ends pull the first and last six values down; the authors' do so too.
        x, y, half = (
            running_median(row, MEDIAN_WINDOW)
            for row in ((left + right) / 2, (top + bottom) / 2, half)
        )
        return [_crop(*place) for place in zip(x.tolist(), y.tolist(), half.tolist(), strict=True)]


def face_tracks(
    boxes: Sequence[Sequence[Box]], shot_starts: Sequence[int] = (0,), rule: TrackRule | None = None
) -> list[FaceTrack]:
    """Return the tracks in a video from the boxes found in each of its frames.

    Args:
        boxes: one list for each frame.
        shot_starts: the first frames of the shots; no track crosses one.
        rule: what counts as a track.
    """
    rule = rule or TrackRule()
    ends = [*shot_starts[1:], len(boxes)]
    tracks = []
    for start, end in zip(shot_starts, ends, strict=True):
        left_over = {index: list(boxes[index]) for index in range(start, end)}
        while any(left_over.values()):
            chain = _take_chain(left_over, rule)
            track = _interpolated(chain)
            sides = np.maximum(*(track.boxes[:, 2:] - track.boxes[:, :2]).T)
            if len(chain) >= rule.min_boxes and sides.mean() > rule.min_side_px:
                tracks.append(track)
    return tracks


def _take_chain(left_over: dict[int, list[Box]], rule: TrackRule) -> dict[int, Box]:
    """Remove one face from `left_over`, frame by frame from its first box, and return its boxes."""
    chain: dict[int, Box] = {}
    for index, candidates in left_over.items():
        if not chain:
            if candidates:
                chain[index] = candidates.pop(0)
            continue
        last = next(reversed(chain))
        if index - last > rule.longest_gap:
            break
        nearest = max(candidates, key=chain[last].overlap, default=None)
        if nearest and chain[last].overlap(nearest) > rule.least_overlap:
            candidates.remove(nearest)
            chain[index] = nearest
    return chain


def _interpolated(chain: dict[int, Box]) -> FaceTrack:
    known = np.array(list(chain))
    frames = np.arange(known[0], known[-1] + 1)
    edges = np.array(list(chain.values()), dtype=np.float64).T
    boxes = np.stack([np.interp(frames, known, edge) for edge in edges], axis=1)
    return FaceTrack(int(known[0]), boxes)


def _crop(x: float, y: float, half: float) -> RectangleCrop:
    across, below = (1 + CROP_SCALE) * half, (1 + 2 * CROP_SCALE) * half
    return RectangleCrop(
        floor(x - across),
        floor(y - half),
        floor(x + across),
        floor(y + below),
        SIZE,
        BORDER_LEVEL,
    )
