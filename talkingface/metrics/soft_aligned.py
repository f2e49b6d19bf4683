"""Distances between sequences that may run at different pace, by Soft-DTW within 200 ms.

| name | compares | cost of a pair | when nothing is warped |
|---|---|---|---|
| `LMD_SDTW` | mouths, centred | mean distance of the points, px at 224 | `LMD` |
| `CSIM_SDTW` | ArcFace embeddings | 1 - cosine; the score is 1 - the mean cost | `CSIM_frame` |
| `sync_SDTW` | SyncNet's features of both videos | Euclidean | - |
| `AV_SDTW` | SyncNet's features of sound and video | Euclidean | the distance at offset 0 |

After Zhang et al. 2026 (arXiv:2606.01031), whose constants we could not read: gamma and the band
are ours, and the numbers do not stand beside theirs. Warping forgives what is late, so the lag and
the frame-wise distance stand beside each score. Frames without a face are dropped and leave their
gap in time. Features of all frames are kept, for the last may still align with earlier ones.
"""

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from talkingface.face.points import MOUTH
from talkingface.metrics.base import Metric, Networks, Pair
from talkingface.metrics.csim import CSIMFrame, Embed, cosine
from talkingface.metrics.landmark_distance import SIDE_PX, centred, landmarks_of
from talkingface.metrics.lip_sync import SQUEEZED, HeardVideo
from talkingface.metrics.soft_dtw import Alignment, align
from talkingface.metrics.sync_embedding import SyncEmbedder, SyncNetEmbedder, VideoTrack

BAND = 5  # frames, 200 ms

Rows = NDArray[np.floating]  # (T, ...), nan where nothing was found
PairCost = Callable[[Rows, Rows], NDArray[np.float64]]  # of equally many rows, one with one


def euclidean(one: Rows, other: Rows) -> NDArray[np.float64]:
    """Return the distance of each row (T, D) to its like."""
    distance: NDArray[np.float64] = np.linalg.norm(
        one.astype(np.float64) - other.astype(np.float64), axis=1
    )
    return distance


def mean_point_distance(one: Rows, other: Rows) -> NDArray[np.float64]:
    """Return the mean distance of the points (T, N, 2) in each row to their like."""
    distance: NDArray[np.float64] = np.linalg.norm(one - other, axis=2).mean(axis=1)
    return distance


def unlikeness(one: Rows, other: Rows) -> NDArray[np.float64]:
    """Return 1 - the cosine of each embedding (T, D) with its like."""
    return 1 - cosine(one, other)


def align_tracks(real: Rows, generated: Rows, cost: PairCost, gamma: float) -> Alignment | None:
    """Return how two tracks align, a row a frame; None where either has nothing found."""
    real_times, generated_times = (np.flatnonzero(_found(track)) for track in (real, generated))
    if not len(real_times) or not len(generated_times):
        return None
    return align(
        lambda rows, columns: cost(real[real_times[rows]], generated[generated_times[columns]]),
        real_times.astype(np.float64),
        generated_times.astype(np.float64),
        gamma=gamma,
        band=BAND,
    )


def frame_wise(real: Rows, generated: Rows, cost: PairCost) -> float:
    """Return the mean cost of the frames that both tracks have, unwarped."""
    length = min(len(real), len(generated))
    real, generated = real[:length], generated[:length]
    both = _found(real) & _found(generated)
    return float(cost(real[both], generated[both]).mean()) if both.any() else float("nan")


class SoftAligned(Metric):
    """The mean cost along the alignment of two tracks."""

    bounds = (0.0, np.inf)
    gamma: ClassVar[float]  # in the unit of the cost

    @staticmethod
    @abstractmethod
    def cost(one: Rows, other: Rows) -> NDArray[np.float64]:
        """Return the cost of each row with its like."""

    @abstractmethod
    def tracks(self) -> tuple[Rows, Rows]:
        """Return the real and the generated track of the clip so far."""

    def compute(self) -> float:
        """Return the mean cost."""
        alignment = align_tracks(*self.tracks(), self.cost, self.gamma)
        return float("nan") if alignment is None else alignment.mean_cost

    def facts(self) -> dict[str, float]:
        """Return the frame-wise cost, the lag, and how far the paths stray."""
        alignment = align_tracks(*self.tracks(), self.cost, self.gamma)
        if alignment is None:
            return {"num_frames": 0}
        return {
            "num_frames": len(alignment.starts),
            "frame_wise": frame_wise(*self.tracks(), self.cost),
            "lag": alignment.lag,
            "absolute_lag": alignment.absolute_lag,
            "reach": alignment.reach,
            "pairs_per_frame": alignment.num_pairs / len(alignment.starts),
        }


class KeptTracks(SoftAligned):
    """Keeps what each window gives for either side."""

    def __init__(self) -> None:
        self._real: list[Rows] = []
        self._generated: list[Rows] = []

    @abstractmethod
    def rows_of(self, pair: Pair) -> tuple[Rows, Rows]:
        """Return the real and the generated rows of a window."""

    def update(self, pair: Pair) -> None:
        """Take in the next window."""
        real, generated = self.rows_of(pair)
        self._real.append(real)
        self._generated.append(generated)

    def tracks(self) -> tuple[Rows, Rows]:
        """Return the real and the generated track of the clip so far."""
        if not self._real:
            return np.empty((0, 1)), np.empty((0, 1))
        return np.concatenate(self._real), np.concatenate(self._generated)


class LMDSDTW(KeptTracks):
    """Aligned distance of the mouths, each centred."""

    tells_of_speech = True
    gamma = 0.1
    settings: ClassVar = {"longer_side_px": SIDE_PX, "gamma": gamma, "band_frames": BAND}
    cost = staticmethod(mean_point_distance)

    def rows_of(self, pair: Pair) -> tuple[Rows, Rows]:
        """Return the centred mouth points of both sides."""
        generated, real = (centred(points[:, MOUTH]) for points in landmarks_of(pair))
        return real, generated


class CSIMSDTW(KeptTracks):
    """Aligned likeness of the faces."""

    bounds = (-1.0, 1.0)
    gamma = 0.01
    settings: ClassVar = {**CSIMFrame.settings, "gamma": gamma, "band_frames": BAND}
    weights = ("arcface",)
    cost = staticmethod(unlikeness)

    def __init__(self, embed: Embed) -> None:
        super().__init__()
        self._embed = embed

    @classmethod
    def from_networks(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric with ArcFace."""
        from talkingface.metrics.arcface import IdentityEmbedder

        return partial(cls, IdentityEmbedder.shared(networks, *cls.weights))

    def rows_of(self, pair: Pair) -> tuple[Rows, Rows]:
        """Return the embeddings of both sides."""
        return self._embed(pair.reference), self._embed(pair.generated)

    def compute(self) -> float:
        """Return 1 - the mean cost."""
        return 1 - super().compute()


class SyncSDTW(SoftAligned):
    """Aligned distance of SyncNet's features of the generated and of the real video."""

    compares = "lip"
    tells_of_speech = True
    gamma = 0.1
    settings: ClassVar = {**SQUEEZED, "gamma": gamma, "band_frames": BAND}
    weights = ("syncnet",)
    cost = staticmethod(euclidean)

    def __init__(self, embedder: SyncEmbedder) -> None:
        self._embedder = embedder
        self._pair: Pair | None = None

    @classmethod
    def from_networks(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric with the published SyncNet."""
        return partial(cls, SyncNetEmbedder.shared(networks, *cls.weights))

    def update(self, pair: Pair) -> None:
        """Take in the next window."""
        self._pair = pair
        for side, view in (("reference", pair.reference), ("generated", pair.generated)):
            VideoTrack.of(pair.clip, side, self._embedder).take(view)

    def tracks(self) -> tuple[Rows, Rows]:
        """Return the features of the real and of the generated video."""
        if self._pair is None:
            return np.empty((0, 1)), np.empty((0, 1))
        real, generated = (
            VideoTrack.of(self._pair.clip, side, self._embedder).features()
            for side in ("reference", "generated")
        )
        return real, generated


class AVSDTW(SoftAligned, HeardVideo):
    """Aligned distance of SyncNet's features of the sound and of the generated video.

    Free warping would take away what lip sync is, so `LSE_D` stays the score.
    """

    gamma = 0.1
    settings: ClassVar = {**SQUEEZED, "gamma": gamma, "band_frames": BAND}
    cost = staticmethod(euclidean)

    def tracks(self) -> tuple[Rows, Rows]:
        """Return the features of the sound and of the generated video."""
        features = self.features()
        if features is None:
            return np.empty((0, 1)), np.empty((0, 1))
        video, sound = features
        return sound, video


def _found(track: Rows) -> NDArray[np.bool_]:
    """Return which frames of a track (T, ...) have all their values."""
    return np.asarray(np.isfinite(track).all(axis=tuple(range(1, track.ndim))))
