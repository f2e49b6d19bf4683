"""Moments of clips: what is seen in some frames, and what is heard around them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Frames, Picture
from talkingface.errors import DataError
from talkingface.media.features.mel import Mel, mel_spectrogram
from talkingface.media.features.windows import mouth_windows
from talkingface.nn.pictures import resized

SPEECH_RATE_HZ = 16_000
FPS = 25


def seen_and_heard(clip: Clip, method: str) -> tuple[Frames, Mel]:
    """Return the frames of a clip where they are, and its spectrogram (M, 80).

    Raises:
        DataError: It lacks frames or sound, or has them at another rate than the method sees.
    """
    if clip.frames is None or clip.speech is None or len(clip.frames) == 0:
        raise DataError(f"{clip.name} lacks frames or sound. Leave it out of the split.")
    if clip.frames.fps != FPS:
        raise DataError(
            f"{method} sees {FPS} frames a second and {clip.name} has "
            f"{float(clip.frames.fps):g}. Open it with dataset.fps={FPS}."
        )
    known = clip.truth("mel")
    return clip.frames, mel_spectrogram(
        clip.speech.read(SPEECH_RATE_HZ)
    ) if known is None else known


def moments(
    num_frames: int, num_moments: int, joined: int, chance: np.random.Generator
) -> NDArray[np.int64]:
    """Return parts of a clip, each some frames in a row (K, J), in the order of time.

    They lie apart where the clip is long enough for it.

    Args:
        num_frames: of the clip.
        num_moments: K * J, in all parts.
        joined: J, frames in a row.
        chance: what they are drawn with.
    """
    num_parts, spare = num_moments // joined, num_frames - num_moments
    if spare >= 0:  # as many places as if each part were one frame long
        places = np.sort(chance.choice(spare + num_parts, num_parts, replace=False))
        starts = places + (joined - 1) * np.arange(num_parts)
    else:
        starts = np.sort(chance.integers(max(0, num_frames - joined) + 1, size=num_parts))
    return np.asarray(np.minimum(starts[:, None] + np.arange(joined), num_frames - 1))


def picture_at(frames: Frames, index: int, size: int) -> Picture:
    """Return one frame at the size of the networks."""
    return resized(frames.read(int(index), int(index) + 1)[0], size)


def some_pictures(
    frames: Frames, number: int, size: int, chance: np.random.Generator
) -> NDArray[np.uint8]:
    """Return frames that chance draws, (N, size, size, 3)."""
    return np.stack(
        [picture_at(frames, int(one), size) for one in chance.integers(len(frames), size=number)]
    )


def pictures_in_a_row(frames: Frames, part: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
    """Return a part of a clip, (J, size, size, 3); a video is opened once for all of it."""
    first = int(part[0])
    pictures = frames.read(first, int(part[-1]) + 1)
    return np.stack([resized(pictures[one - first], size) for one in part])


def mel_around(mel: Mel, frame: int) -> Mel:
    """Return the mel window (1, 80, 20) around a frame."""
    return mouth_windows(mel, range(frame, frame + 1))


def numbered(clips: Sequence[Clip]) -> dict[str, int]:
    """Return a number for each identity among the clips, in the order of their names."""
    return {name: number for number, name in enumerate(sorted({one.identity for one in clips}))}
