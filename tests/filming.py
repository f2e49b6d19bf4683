"""Small media files for tests, encoded by PyAV alone, whose pictures carry their own number."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from talkingface.clip import Picture, Waveform

NUM_BARS = 8


def numbered(index: int, width: int = 64, height: int = 48) -> Picture:
    """Draw the number as eight upright bars of bits over a grey ramp that shows the top."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = np.linspace(255, 0, height).astype(np.uint8)[:, None, None]
    for bar, columns in enumerate(np.array_split(np.arange(width), NUM_BARS)):
        picture[height // 2 :, columns] = 255 * (index >> bar & 1)
    return picture


def number_of(picture: Picture) -> int:
    """Read the number in an upright picture of `numbered`."""
    height, width = picture.shape[:2]
    centres = [int(columns[len(columns) // 2]) for columns in np.array_split(np.arange(width), 8)]
    bits = picture[height * 3 // 4, centres, 0] > 127
    return int((bits << np.arange(NUM_BARS)).sum())


def film(
    path: Path,
    pictures: Iterable[Picture],
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    fps: Fraction = Fraction(25),
    *,
    milliseconds: Sequence[int] | None = None,
    rotation: int = 0,
    options: dict[str, str] | None = None,
    sound: Waveform | None = None,
    sound_starts_ms: int = 0,
    sound_codec: str = "aac",
    movflags: str = "",
) -> Path:
    """Encode pictures, each at its own moment if `milliseconds` are given, and 16 kHz sound."""
    container_options = {"movflags": movflags} if movflags else {}
    with av.open(str(path), "w", container_options=container_options) as container:
        stream = None
        for index, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(codec, rate=fps, options=options or {})
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = pix_fmt
                if milliseconds:
                    stream.codec_context.time_base = Fraction(1, 1000)
                if rotation:
                    stream.set_display_rotation(rotation)
                track = None if sound is None else _sound_stream(container, sound_codec)
            frame = av.VideoFrame.from_ndarray(
                picture, "rgba" if picture.shape[2] == 4 else "rgb24"
            )
            if milliseconds:
                frame.pts, frame.time_base = milliseconds[index], Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None:
            _encode_sound(container, track, sound, sound_starts_ms)
    return path


def record(path: Path, sound: Waveform, codec: str, sample_rate_hz: int = 16000) -> Path:
    """Encode sound, (L,) or (channels, L), as a file of its own."""
    with av.open(str(path), "w") as container:
        track = _sound_stream(container, codec, sample_rate_hz, np.atleast_2d(sound).shape[0])
        _encode_sound(container, track, sound, 0)
    return path


def _sound_stream(container, codec="aac", sample_rate_hz=16000, channels=1):
    layout = {1: "mono", 2: "stereo"}[channels]
    return container.add_stream(codec, rate=sample_rate_hz, layout=layout)


def _encode_sound(container, track, sound, starts_ms):
    planes = np.ascontiguousarray(np.atleast_2d(sound), np.float32)
    frame = av.AudioFrame.from_ndarray(planes, "fltp", track.layout.name)
    frame.sample_rate = track.rate
    frame.pts, frame.time_base = track.rate * starts_ms // 1000, Fraction(1, track.rate)
    container.mux(track.encode(frame))
    container.mux(track.encode(None))
