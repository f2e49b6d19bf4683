"""Writes a video with sound: H.264 and AAC in an mp4 that every browser plays.

Pictures are encoded as they come, and the sound beside them, so memory does not grow with length.
The file appears under its name when it is whole, or not at all.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace

from talkingface.clip import Picture, Speech, Waveform
from talkingface.errors import DataError
from talkingface.media.timeline import exact_fps
from talkingface.storage.atomic import atomic_path

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

SOUND_RATE_HZ = 48_000  # one AAC block is then 21 ms, less than a picture
SOUND_BITS_A_SECOND = 128_000
# With its defaults FFmpeg's encoder spoils single blocks of speech, by up to half of full scale at
# this bit rate. Its plain quantiser, without the two noise tools, does not, and came 6 to 14 dB
# closer to three clips of speech at an equal size.
AAC_OPTIONS = {"aac_coder": "fast", "aac_tns": "0", "aac_pns": "0"}
# No loss that the eye sees. On talking faces slower presets gained no quality at equal size.
# Without the look at how blocks are used later (mbtree): on processors with AVX-512 it gave other
# bits each time for the same pictures.
X264_OPTIONS = {"crf": "18", "preset": "veryfast", "mbtree": "0"}
GENERATED = "synthetic"  # the comment in every file whose pictures a method made
KEY_PICTURE_SECONDS = 1  # training reads short windows anywhere; each begins at a key picture


@runtime_checkable
class StreamedSpeech(Protocol):
    """Speech that need not be in memory whole."""

    def blocks(self, sample_rate_hz: int) -> Iterator[Waveform]:
        """Yield the track in order, each block (L,) float32 in [-1, 1]."""
        ...


def write_video(
    path: str | Path,
    frames: Iterable[Picture],
    fps: Fraction | float = 25,
    speech: Speech | None = None,
    *,
    comment: str = GENERATED,
    overwrite: bool = True,
) -> None:
    """Write pictures, and speech from the first of them on, to an mp4 file.

    The sound is as long as the pictures: it is cut, or silence follows it. An odd width or height
    gains one column or row, a copy of the last one, because H.264 halves the colour's size.

    Args:
        path: the file; its folder must exist.
        frames: one or more pictures of one size, each (H, W, 3) uint8 RGB.
        fps: pictures a second.
        speech: what is heard; None for a silent file.
        comment: stands in the file. It says that the video is generated; for filmed pictures that
            were only cut or turned, give another.
        overwrite: whether a file that stands at `path` may be replaced.

    Raises:
        DataError: there are no pictures, or they differ in size.
        StorageError: the file cannot be written.
    """
    with open_writer(path, fps, speech, comment=comment, overwrite=overwrite) as writer:
        for picture in frames:
            writer.add(picture)


@contextmanager
def open_writer(
    path: str | Path,
    fps: Fraction | float = 25,
    speech: Speech | None = None,
    *,
    comment: str = GENERATED,
    overwrite: bool = True,
) -> "Iterator[VideoWriter]":
    """Give what takes the pictures of an mp4 file one by one, as `write_video` writes them.

    The file appears when the block ends well.

    Raises:
        DataError: no picture was added, or they differ in size.
        StorageError: the file cannot be written.
    """
    path = Path(path)
    with (
        atomic_path(path, overwrite=overwrite) as temporary,
        _muxing(temporary) as container,
    ):
        container.metadata["comment"] = comment
        writer = VideoWriter(path, container, exact_fps(fps), speech)
        yield writer
        writer.finish()


class VideoWriter:
    """Takes the pictures of a video as they come, and writes the sound beside them."""

    def __init__(
        self, path: Path, container: "OutputContainer", fps: Fraction, speech: Speech | None
    ) -> None:
        self._path, self._container = path, container
        self._fps, self._speech = fps, speech
        self._pictures: VideoStream | None = None
        self._sound: _SoundTrack | None = None
        self._shape: tuple[int, ...] = ()
        self._num_written = 0

    def add(self, picture: Picture) -> None:
        """Write the next picture, (H, W, 3) uint8 RGB, of the size of the first one.

        Raises:
            DataError: it has another size.
        """
        if self._pictures is None:
            self._shape = picture.shape
            self._pictures = _add_pictures(self._container, picture, self._fps)
            if self._speech is not None:
                self._sound = _SoundTrack(self._container, self._speech)
        if picture.shape != self._shape:
            raise DataError(
                f"{self._path} is not written: picture {self._num_written} has the shape "
                f"{picture.shape}, the first one {self._shape}. Give pictures of one size."
            )
        self._container.mux(self._pictures.encode(_to_frame(picture, self._num_written)))
        self._num_written += 1
        if self._sound is not None:
            self._sound.write_until(self._num_written / self._fps)

    def finish(self) -> None:
        """Write what the encoders still hold.

        Raises:
            DataError: there was no picture.
        """
        if self._pictures is None:
            raise DataError(f"{self._path} is not written: there are no pictures to put into it.")
        self._container.mux(self._pictures.encode(None))
        if self._sound is not None:
            self._sound.finish()


class _SoundTrack:
    """The sound beside the pictures, which is never ahead of them by more than a block."""

    def __init__(self, container: "OutputContainer", speech: Speech) -> None:
        self._container = container
        self._stream = container.add_stream(
            "aac", rate=SOUND_RATE_HZ, options=dict(AAC_OPTIONS), layout="mono"
        )
        self._stream.bit_rate = SOUND_BITS_A_SECOND
        self._blocks = (
            speech.blocks(SOUND_RATE_HZ)
            if isinstance(speech, StreamedSpeech)
            else iter([speech.read(SOUND_RATE_HZ)])
        )
        self._pending: Waveform = np.empty(0, dtype=np.float32)  # given, not yet written
        self._num_written = 0

    def write_until(self, seconds: Fraction) -> None:
        """Write up to this moment; silence where the speech is over."""
        wanted = round(seconds * SOUND_RATE_HZ) - self._num_written
        while len(self._pending) < wanted:
            silence = np.zeros(wanted - len(self._pending), dtype=np.float32)
            self._pending = np.concatenate([self._pending, next(self._blocks, silence)])
        samples, self._pending = self._pending[:wanted], self._pending[wanted:]
        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = SOUND_RATE_HZ, self._num_written
        frame.time_base = Fraction(1, SOUND_RATE_HZ)
        self._num_written += wanted
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._container.mux(self._stream.encode(None))


@contextmanager
def _muxing(temporary: Path) -> "Iterator[OutputContainer]":
    """Open an mp4 file for writing; FFmpeg's errors become those of the operating system."""
    try:
        with av.open(
            f"file:{temporary.absolute()}",
            "w",
            format="mp4",
            # The index goes to the front, so that a browser plays before the end has arrived.
            container_options={"movflags": "+faststart"},
        ) as container:
            yield container
    except FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def _add_pictures(container: "OutputContainer", first: Picture, fps: Fraction) -> "VideoStream":
    stream = container.add_stream("libx264", rate=fps, options=dict(X264_OPTIONS))
    height, width = first.shape[:2]
    stream.width, stream.height = width + width % 2, height + height % 2
    stream.pix_fmt = "yuv420p"
    stream.codec_context.gop_size = max(1, round(KEY_PICTURE_SECONDS * fps))
    # Said in the file, because players would guess another matrix for large pictures.
    stream.codec_context.colorspace = Colorspace.ITU601
    stream.codec_context.color_range = ColorRange.MPEG
    return stream


def _to_frame(picture: Picture, index: int) -> av.VideoFrame:
    height, width = picture.shape[:2]
    even = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    frame = av.VideoFrame.from_ndarray(even, format="rgb24").reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.MPEG
    )
    frame.pts = index
    return frame
