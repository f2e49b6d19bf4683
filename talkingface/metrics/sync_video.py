"""Lip sync of whole videos, in the two ways of Wav2Lip's scripts.

| way | for | what SyncNet sees |
|---|---|---|
| `score_whole_frames` | LRS2, LRS3, LRW | each frame squeezed to 224 px, at the video's own rate |
| `score_tracks` | any other video | each face found, followed and cut out; a score for each |

They are different procedures, and their scores do not compare.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Frames, Picture, Speech
from talkingface.errors import DataError
from talkingface.face.align.shots import shot_starts
from talkingface.face.align.sync_tracks import FaceTrack, TrackRule, face_tracks
from talkingface.face.landmarks import Box, FaceFinder
from talkingface.media.features.cepstrum import sixteen_bit
from talkingface.media.features.framing import SAMPLE_RATE_HZ
from talkingface.metrics.base import View
from talkingface.metrics.lip_sync import FPS, SyncScore, clip_features, sync_score
from talkingface.metrics.sync_embedding import SyncEmbedder, VideoTrack

SAMPLES_PER_FRAME = SAMPLE_RATE_HZ // FPS
FRAMES_AT_ONCE = 32

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class TrackScore:
    """The score of one face, and the frames in which it was followed."""

    first_frame: int
    num_frames: int
    score: SyncScore


def score_whole_frames(frames: Frames, speech: Speech, embedder: SyncEmbedder) -> SyncScore | None:
    """Return the score of a video whose frames are faces; None if it has fewer than 6."""
    return _score(frames, sixteen_bit(speech.read(SAMPLE_RATE_HZ)), embedder)


def score_tracks(
    frames: Frames,
    speech: Speech,
    embedder: SyncEmbedder,
    finder: FaceFinder,
    rule: TrackRule | None = None,
) -> list[TrackScore]:
    """Return the score of each face that is followed long enough, in order of their first frames.

    The video is read twice, a few frames at a time: to find faces, and to cut them out.

    Raises:
        DataError: the video does not have 25 frames a second.
    """
    if frames.fps != FPS:
        raise DataError(
            f"SyncNet sees {FPS} frames a second and this video has {float(frames.fps):g}. "
            f"Open it with fps={FPS}."
        )
    samples = sixteen_bit(speech.read(SAMPLE_RATE_HZ))
    boxes: list[list[Box]] = []
    starts = shot_starts(_noting_faces(frames, finder, boxes))
    scores = []
    for track in face_tracks(boxes, starts, rule):
        first, num_frames = track.first_frame, len(track.boxes)
        heard = samples[first * SAMPLES_PER_FRAME : (first + num_frames) * SAMPLES_PER_FRAME]
        score = _score(_cut_out(frames, track), heard, embedder)
        if score is not None:
            scores.append(TrackScore(first, num_frames, score))
    return sorted(scores, key=lambda one: one.first_frame)


def _score(
    pictures: Iterable[Picture], samples: Samples, embedder: SyncEmbedder
) -> SyncScore | None:
    track = VideoTrack(embedder)
    coming = iter(pictures)
    while window := list(islice(coming, FRAMES_AT_ONCE)):
        track.take(View(np.stack(window)))
    features = clip_features(track.features(), samples, embedder, track.num_frames)
    return None if features is None else sync_score(*features)


def _noting_faces(
    pictures: Iterable[Picture], finder: FaceFinder, boxes: list[list[Box]]
) -> Iterator[Picture]:
    """Yield the pictures as they are, and add the boxes of each one's faces to `boxes`."""
    for picture in pictures:
        boxes.append([face.box for face in finder.find(picture)])
        yield picture


def _cut_out(frames: Frames, track: FaceTrack) -> Iterator[Picture]:
    crops = track.crops()
    for start in range(0, len(crops), FRAMES_AT_ONCE):
        cut = crops[start : start + FRAMES_AT_ONCE]
        first = track.first_frame + start
        for crop, picture in zip(cut, frames.read(first, first + len(cut)), strict=True):
            yield crop.cut(picture)
