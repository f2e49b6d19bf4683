"""Reads the pictures of a video at any constant rate: exactly, lazily, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.errors import DataError
from talkingface.media.container import check_decoder, check_whole, open_container, video_stream
from talkingface.media.folder import DEFAULT_FPS
from talkingface.media.image import over_white, stack_pictures
from talkingface.media.limits import DEFAULT_LIMITS, MediaLimits
from talkingface.media.timeline import Timeline

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Kinds that list their key pictures, so that a search in them is exact. In others a search may end
# anywhere and even shift the time stamps after it: those are decoded from the beginning.
FORMATS_WITH_INDEX = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"}


@dataclass(frozen=True, eq=False)
class VideoFile:
    """The pictures of a video file at a constant rate, upright, as `Frames`.

    It holds no open file, so it can be sent to other processes; every reading opens its own.
    """

    path: Path
    fps: Fraction
    size: tuple[int, int]  # width and height as stored, before the picture is turned upright
    ticks: NDArray[np.int64]  # (N,) when each picture of the file begins, in the file's own time
    shown: NDArray[np.intp]  # (T,) which of them is shown at each moment
    codec: str = ""  # such as h264

    def __len__(self) -> int:
        return len(self.shown)

    def __iter__(self) -> Iterator[Picture]:
        return self._pictures(0, len(self))

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        return stack_pictures(self._pictures(start, stop))

    def _pictures(self, start: int, stop: int) -> Iterator[Picture]:
        wanted = self.shown[start:stop].tolist()
        if not wanted:
            return
        decoded = self._decode_from(wanted[0])
        current = next(decoded, None)
        for index in wanted:
            # A picture that the decoder left out is replaced by the one after it.
            while current is not None and current[0] < self.ticks[index]:
                current = next(decoded, None)
            if current is None:
                raise DataError(
                    f"{self.path} cannot be decoded from picture {index} of {len(self.ticks)} on: "
                    "it is damaged. Copy or download it again."
                )
            yield to_picture(current[1], *self.size)

    def _decode_from(self, index: int) -> "Iterator[tuple[int, VideoFrame]]":
        """Yield the pictures of the file with their ticks, from `index` or some way before it."""
        with open_container(self.path) as container:
            stream = _required_stream(self.path, container)
            stream.thread_type = "AUTO"
            if container.format.name == "avi":  # its ticks are no moments of display; order counts
                yield from zip(self.ticks.tolist(), container.decode(stream), strict=False)
            elif index and container.format.name in FORMATS_WITH_INDEX:
                yield from self._seek(container, stream, index)
            else:
                yield from _timed(container, stream)

    def _seek(
        self, container: "InputContainer", stream: "VideoStream", index: int
    ) -> "Iterator[tuple[int, VideoFrame]]":
        """Yield as `_decode_from` does, from the key picture at or before `index`."""
        container.seek(int(self.ticks[index]), stream=stream)
        decoded = _timed(container, stream)
        first = next(decoded, None)
        if first is not None and first[0] <= self.ticks[index]:
            yield first
        else:  # an index that leads too far: begin at the beginning
            container.seek(int(self.ticks[0]), stream=stream)
            decoded = _timed(container, stream)
        yield from decoded


def open_video(
    path: Path, fps: Fraction | None = None, limits: MediaLimits = DEFAULT_LIMITS
) -> VideoFile:
    """Open the first video stream of a file; nothing is decoded yet.

    Args:
        path: the video.
        fps: the rate to read at; by default the file's own (for a variable rate, its mean).
        limits: what is larger is refused.

    Raises:
        DataError: the file is missing, damaged, cut off, without pictures, or too large.
    """
    with open_container(path) as container:
        stream = _required_stream(path, container)
        limits.check_picture(path, stream.width, stream.height)
        timeline = _scan(path, container, stream)
        named_fps, size = stream.guessed_rate, (stream.width, stream.height)
        codec = stream.codec_context.name
    limits.check_seconds(path, float(timeline.seconds))
    fps = fps or timeline.own_fps(named_fps)
    limits.check_frames(path, timeline.num_pictures(fps))
    return VideoFile(path, fps, size, timeline.ticks, timeline.nearest(fps), codec)


def to_picture(frame: "VideoFrame", width: int, height: int) -> Picture:
    """Return a decoded frame as uint8 RGB, turned upright, transparency on white.

    Some recordings of calls change their size on the way; `width` and `height` (before turning)
    are those that every picture is brought to, as players do.
    """
    if any(component.is_alpha for component in frame.format.components):
        rgba = frame.to_ndarray(format="rgba", width=width, height=height)
        pixels = over_white(cast("Picture", rgba))
    else:
        pixels = cast("Picture", frame.to_ndarray(format="rgb24", width=width, height=height))
    quarter_turns = round(frame.rotation / 90)  # counter-clockwise
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns)) if quarter_turns else pixels


def _timed(
    container: "InputContainer", stream: "VideoStream"
) -> "Iterator[tuple[int, VideoFrame]]":
    """Yield every decoded frame with the tick at which it begins."""
    for frame in container.decode(stream):
        if frame.pts is not None:
            yield frame.pts, frame


def _scan(path: Path, container: "InputContainer", stream: "VideoStream") -> Timeline:
    """Read when every picture begins from the packets, without decoding them."""
    ticks: list[int] = []
    end_tick = 0
    end_seconds = 0.0  # of any stream, counted as the header counts
    for packet in container.demux():
        begin = packet.dts if packet.pts is None else packet.pts
        if begin is None or packet.is_discard or not packet.size:
            continue
        end = begin + (packet.duration or 0)
        end_seconds = max(end_seconds, float(end * packet.time_base))
        if packet.stream_index == stream.index:
            ticks.append(begin)
            end_tick = max(end_tick, end)
    if not ticks:
        raise DataError(f"{path} holds no pictures. Give a video that plays.")
    if container.duration is not None:
        stated_seconds = container.duration / 1e6  # FFmpeg counts a whole file in microseconds
        check_whole(path, container.format.name, stated_seconds, end_seconds)
    ascending = np.unique(np.array(ticks, dtype=np.int64))
    tick_seconds = stream.time_base
    assert tick_seconds is not None  # FFmpeg gives every stream of a file one
    if end_tick <= ascending[-1]:
        end_tick = int(ascending[-1]) + _usual_step(ascending, stream.guessed_rate, tick_seconds)
    return Timeline(ascending, end_tick, tick_seconds)


def _usual_step(
    ticks: NDArray[np.int64], named_fps: Fraction | None, tick_seconds: Fraction
) -> int:
    """Return how long a picture lasts, in ticks, in a file that does not say it of the last."""
    if len(ticks) > 1:
        return int(np.median(np.diff(ticks)))
    return max(1, round(1 / ((named_fps or DEFAULT_FPS) * tick_seconds)))


def _required_stream(path: Path, container: "InputContainer") -> "VideoStream":
    stream = video_stream(container)
    if stream is None:
        raise DataError(f"{path} has no pictures, only sound. Give a video or a folder of frames.")
    check_decoder(path, stream)
    return stream
