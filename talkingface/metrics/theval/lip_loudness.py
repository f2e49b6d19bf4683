"""How far the opening of the mouth is from the loudness of the sound; THEval calls it Lip-Sync.

It is no test of synchrony: a mouth that follows loudness exactly has 0, and so a score of 0, for
real speakers have 0.25. It must not stand without the scores of `lip_sync`.
"""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.media.features.framing import SAMPLE_RATE_HZ
from talkingface.metrics.base import ClipContext, MetricUnavailableError, Reading, View
from talkingface.metrics.theval.measure import BY_LANDMARKS, HEARD, PUBLISHED, Measure, OfBothVideos
from talkingface.metrics.theval.mesh import LANDMARKS, MESH_OF_SWAPPED, FacePoints
from talkingface.metrics.theval.speaking import spoken_frames

WINDOW_SECONDS = 0.05
LEAST_SPOKEN_SHARE = 0.1
TINY = 1e-8

PerFrame = NDArray[np.float64]  # (T,)


def loudness(
    waveform: NDArray[np.floating], sample_rate_hz: int, fps: float, num_frames: int
) -> PerFrame:
    """Return the root mean square of the sound around each video frame.

    Windows of 50 ms do not overlap and are centred; silence lies beyond both ends.
    """
    size = int(WINDOW_SECONDS * sample_rate_hz)
    padded = np.pad(waveform.astype(np.float64), size // 2)
    num_windows = 1 + (len(padded) - size) // size
    windows = padded[: num_windows * size].reshape(num_windows, size)
    root_mean_square = np.sqrt((windows * windows).mean(axis=1))
    times = np.arange(num_windows) * size / sample_rate_hz
    return np.asarray(np.interp(np.arange(num_frames) / fps, times, root_mean_square))


def mouth_openness(points: Reading, names: FacePoints) -> PerFrame:
    """Return the height of the gap between the lips over the horizontal distance of the eyes."""
    upper, lower = (
        points[:, list(lip), 1].mean(axis=1)
        for lip in (names.upper_inner_lip, names.lower_inner_lip)
    )
    left, right = (
        points[:, list(corners), 0].mean(axis=1)
        for corners in (names.left_eye_corners, names.right_eye_corners)
    )
    openness: PerFrame = np.abs(upper - lower) / np.abs(left - right)
    return openness


def mismatch(openness: PerFrame, volume: PerFrame, spoken: NDArray[np.bool_]) -> float:
    """Return the mean difference of both, each stretched to 0..1 over the frames that are used.

    Used are the spoken frames with a face. It is nan if fewer than two are left, or less than a
    tenth of the video is spoken.
    """
    used = spoken & np.isfinite(openness)
    if spoken.sum() < LEAST_SPOKEN_SHARE * len(spoken) or used.sum() < 2:
        return float("nan")
    return float(np.abs(_stretched(openness[used]) - _stretched(volume[used])).mean())


class LipLoudness(Measure):
    """The mismatch, with the mouth's opening in shares of the frame's height and width.

    Keeps a number a frame: loudness is stretched by its extremes, known at the end only.
    """

    names: ClassVar[FacePoints] = MESH_OF_SWAPPED

    def __init__(self) -> None:
        self._openness: list[PerFrame] = []
        self._clip = ClipContext()

    def update(self, view: View, clip: ClipContext) -> None:
        """Take in the next window.

        Raises:
            MetricUnavailableError: the clip has no sound.
        """
        if clip.speech is None:
            raise MetricUnavailableError("This clip has no sound for the mouth to follow.")
        self._clip = clip
        self._openness.append(mouth_openness(self.points(view), self.names))

    def points(self, view: View) -> Reading:
        """Return the points in shares of the frame."""
        return self.names.shares(view)

    def compute(self) -> float:
        """Return the mismatch."""
        clip, fps = self._clip, float(self._clip.fps)
        if not self._openness or clip.speech is None:
            return float("nan")
        openness = np.concatenate(self._openness)
        waveform = clip.speech.read(SAMPLE_RATE_HZ)
        volume = loudness(waveform, SAMPLE_RATE_HZ, fps, len(openness))
        spoken = spoken_frames(clip.read("speech_segments"), fps, len(openness))
        return mismatch(openness, volume, spoken)


class LipLoudness68(LipLoudness):
    """The same of 68 landmarks in pixels."""

    names = LANDMARKS

    def points(self, view: View) -> Reading:
        """Return the points in pixels."""
        return view.read(self.names.reading)


class THEvalLipSync(OfBothVideos):
    """Lip-Sync as published."""

    tells_of_speech = True
    settings: ClassVar = {**PUBLISHED, **HEARD, "mesh": "not refined, red and blue swapped"}
    measure = LipLoudness


class OwnLipLoudness(OfBothVideos):
    """Lip-Sync of 68 landmarks."""

    tells_of_speech = True
    settings: ClassVar = {**BY_LANDMARKS, **HEARD}
    measure = LipLoudness68


def _stretched(values: PerFrame) -> PerFrame:
    least = values.min()
    stretched: PerFrame = (values - least) / (values.max() - least + TINY)
    return stretched
