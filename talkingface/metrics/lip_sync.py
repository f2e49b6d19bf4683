"""Lip sync by SyncNet: distance (LSE-D), confidence (LSE-C) and offset, as its authors score it.

Each window of video is compared with the sound around it, shifted by up to 15 frames; sound beyond
its ends is a vector of zeros. The distance is the smallest mean over the clip, the confidence how
far it lies below the median. Short clips see more zeros, so scores of clips of different length
do not compare; nor do two scores say anything that differ by less than one does within 20 ms.
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from talkingface.face.smoothing import running_median
from talkingface.media.features.cepstrum import sixteen_bit
from talkingface.media.features.framing import SAMPLE_RATE_HZ
from talkingface.media.features.windows import num_sync_windows
from talkingface.metrics.base import Metric, MetricUnavailableError, Networks, Pair
from talkingface.metrics.sync_embedding import (
    Features,
    SyncEmbedder,
    SyncNetEmbedder,
    VideoTrack,
)

FPS = 25
MOST_SHIFT = 15  # frames
TINY = 1e-6  # added to each difference, as PyTorch's pairwise distance does
SMOOTHING_WINDOWS = 9
SQUEEZED: dict[str, float | str] = {"crop": "none: frames squeezed to 224 px", "fps": FPS}
ROW_SHIFTS = (-2, -1, 0, 1, 2)  # x 10 ms, which is less than a frame


@dataclass(frozen=True)
class SyncScore:
    """How well the sound of a clip fits its video."""

    distance: float  # LSE-D
    confidence: float  # LSE-C
    offset: int  # frames; positive: sound window i is like video window i + offset
    mean_distances: NDArray[np.float64]  # (31,), from offset 15 to -15
    frame_confidences: NDArray[np.float64]  # (T,), smoothed

    @property
    def is_at_the_edge(self) -> bool:
        """Whether the best offset is the furthest that was tried: there may be better beyond."""
        return abs(self.offset) == len(self.mean_distances) // 2

    @property
    def distance_unshifted(self) -> float:
        """The mean distance at offset 0, which is not LSE-D."""
        return float(self.mean_distances[len(self.mean_distances) // 2])


def sync_score(video: Features, sound: Features, most_shift: int = MOST_SHIFT) -> SyncScore:
    """Return the score of the features of corresponding windows, each (T, D)."""
    distances = shifted_distances(video, sound, most_shift)
    mean = distances.mean(axis=0)
    best = int(mean.argmin())
    median = float(np.median(mean))
    return SyncScore(
        distance=float(mean[best]),
        confidence=median - float(mean[best]),
        offset=most_shift - best,
        mean_distances=mean,
        # Zeros beyond the ends, as the authors have it.
        frame_confidences=running_median(median - distances[:, best], SMOOTHING_WINDOWS),
    )


def shifted_distances(
    video: Features, sound: Features, most_shift: int = MOST_SHIFT
) -> NDArray[np.float64]:
    """Return the distance of each window to the sound at each shift, (T, 2 most_shift + 1).

    Column j is that to sound window v + j - most_shift.
    """
    padded = np.pad(sound.astype(np.float64), ((most_shift, most_shift), (0, 0)))
    columns = [
        np.linalg.norm(video - padded[shift : shift + len(video)] + TINY, axis=1)
        for shift in range(2 * most_shift + 1)
    ]
    return np.stack(columns, axis=1)


def clip_features(
    video: Features,
    samples: NDArray[np.int16],
    embedder: SyncEmbedder,
    num_frames: int,
    shift: int = 0,
) -> tuple[Features, Features] | None:
    """Return the features of video and sound in the windows that count, or None below 6 frames.

    Args:
        video: features of all windows, (num_frames - 4, D).
        samples: sound at 16 kHz, (L,).
        embedder: what made the features.
        num_frames: of the video.
        shift: rows of 10 ms by which the sound is heard later.
    """
    num_windows = num_sync_windows(num_frames, len(samples))
    if not num_windows:
        return None
    return video[:num_windows], embedder.sound(samples, num_windows, shift)


def fine_offset(scores: dict[int, SyncScore]) -> float:
    """Return the offset in frames to a quarter, from the scores at shifts by rows of 10 ms."""
    best = min(scores, key=lambda shift: scores[shift].distance)
    return scores[best].offset - best / 4


class HeardVideo(Metric):
    """What is seen and heard of a clip: the features of its video, and of its sound at the end.

    Frames are squeezed to 224 px whole, as Wav2Lip's evaluation of LRS and LRW does; give crops of
    the face for the other way (`sync_video`).
    """

    compares = "nothing"
    tells_of_speech = True
    settings: ClassVar = {**SQUEEZED, "most_shift_frames": MOST_SHIFT}
    weights: ClassVar[tuple[str, ...]] = ("syncnet",)

    def __init__(self, embedder: SyncEmbedder) -> None:
        self._embedder = embedder
        self._pair: Pair | None = None

    @classmethod
    def from_networks(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric with the published SyncNet."""
        return partial(cls, SyncNetEmbedder.shared(networks, *cls.weights))

    def update(self, pair: Pair) -> None:
        """Take in the next window.

        Raises:
            MetricUnavailableError: the clip has no sound, or not 25 frames a second.
        """
        if pair.clip.speech is None:
            raise MetricUnavailableError("This clip has no sound, and lip sync is heard.")
        if pair.clip.fps != FPS:
            raise MetricUnavailableError(
                f"SyncNet sees {FPS} frames a second and this clip has {float(pair.clip.fps):g}. "
                f"Open it with fps={FPS}."
            )
        self._pair = pair
        self._track(pair).take(pair.generated)

    def features(self, shift: int = 0) -> tuple[Features, Features] | None:
        """Return the features of video and sound, which is heard `shift` x 10 ms later.

        None for a clip of fewer than 6 frames.
        """
        if self._pair is None:
            return None
        clip, track = self._pair.clip, self._track(self._pair)
        speech = clip.speech
        assert speech is not None
        samples = clip.once("sixteen_bit", lambda: sixteen_bit(speech.read(SAMPLE_RATE_HZ)))
        return clip.once(
            ("sync_features", id(track), track.num_frames, shift),
            lambda: clip_features(
                track.features(), samples, self._embedder, track.num_frames, shift
            ),
        )

    def _track(self, pair: Pair) -> VideoTrack:
        return VideoTrack.of(pair.clip, "generated", self._embedder)


class LipSync(HeardVideo):
    """A number of the clip's `SyncScore`."""

    def compute(self) -> float:
        """Return the score; nan for a clip of fewer than 6 frames."""
        score = self.score()
        return float("nan") if score is None else self.of_score(score)

    @abstractmethod
    def of_score(self, score: SyncScore) -> float:
        """Return the number that this metric is."""

    def score(self, shift: int = 0) -> SyncScore | None:
        """Return everything known about the clip, its sound heard `shift` x 10 ms later."""
        features = self.features(shift)
        return None if features is None else sync_score(*features)

    def curves(self) -> dict[str, NDArray[np.floating]]:
        """Return the mean distance at each shift."""
        score = self.score()
        if score is None:
            return {}
        shifts = np.arange(MOST_SHIFT, -MOST_SHIFT - 1, -1, dtype=np.float64)
        return {"offset": shifts, "distance": score.mean_distances}


class LSED(LipSync):
    """Distance between sound and video at the best offset."""

    bounds = (0.0, np.inf)

    def of_score(self, score: SyncScore) -> float:
        """Return the distance."""
        return score.distance

    def facts(self) -> dict[str, float]:
        """Return the distance at offset 0, and how distances vary within 20 ms of sound."""
        scores = {shift: self.score(shift) for shift in ROW_SHIFTS}
        known = {shift: score for shift, score in scores.items() if score is not None}
        if not known:
            return {"num_windows": 0}
        distances = [score.distance for score in known.values()]
        return {
            "num_windows": len(known[0].frame_confidences),
            "unshifted": known[0].distance_unshifted,
            "least_within_20_ms": min(distances),
            "spread_within_20_ms": max(distances) - min(distances),
            "fine_offset": fine_offset(known),
        }


class LSEC(LipSync):
    """How much clearer the best offset is than the others."""

    def of_score(self, score: SyncScore) -> float:
        """Return the confidence."""
        return score.confidence


class SyncOffset(LipSync):
    """By how many frames the sound is late or early; 0 is best."""

    bounds = (-MOST_SHIFT, MOST_SHIFT)

    def of_score(self, score: SyncScore) -> float:
        """Return the offset."""
        return score.offset
