"""Opens video and sound files, and turns whatever is wrong with one into a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.error import FFmpegError
from av.stream import Disposition

from talkingface.errors import DataError

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Kinds of file that hold their own pictures and sound. Playlists, concatenations, devices and
# image sequences are not among them, so no file can make us open another one or a URL.
SELF_CONTAINED_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,gif,"
    "wav,w64,aiff,caf,mp3,flac,aac,ac3,amr,au"
)
OPEN_OPTIONS = {"format_whitelist": SELF_CONTAINED_FORMATS, "protocol_whitelist": "file"}

# Kinds whose header says how long the whole is, so that a file which was cut off shows. (That of
# wav says it too, but programs that write to a pipe leave any number there.)
FORMATS_THAT_STATE_LENGTH = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "flac"}
MISSING_SHARE = 0.05  # headers are trusted to within 5 % and half a second
MISSING_SECONDS = 0.5


@contextmanager
def open_container(path: Path) -> "Iterator[InputContainer]":
    """Open a video or sound file of this machine for reading.

    Raises:
        DataError: the file is missing, empty, damaged or of a kind that is not read, found out
            when it is opened or later while it is read.
    """
    check_file(path)
    try:
        # "file:" and an absolute path keep names like `-rf` or `http:x` what they are: names.
        with av.open(
            f"file:{path.absolute()}", options=dict(OPEN_OPTIONS), metadata_errors="replace"
        ) as container:
            yield container
    except FFmpegError as error:
        raise DataError(
            f"{path} cannot be read as video or sound ({error.strerror}): it is damaged, cut off, "
            "or not what its name says. Copy or download it again, or give an mp4, mov, mkv, "
            "webm, avi, wav, mp3, m4a or flac file; playlists are not followed."
        ) from error
    except IndexError as error:  # PyAV's answer to a stream that it has not seen at the beginning
        raise DataError(
            f"{path} cannot be read to its end: a stream sets in in the middle of it, or it is "
            "damaged. Convert it to an mp4, or download it again."
        ) from error


def check_file(path: Path) -> None:
    """Refuse a path at which there is no file, or an empty one."""
    if not path.exists():
        raise DataError(f"{path} does not exist. Check the path.")
    if not path.is_file():
        raise DataError(f"{path} is not a file. Give the path of one.")
    if path.stat().st_size == 0:
        raise DataError(f"{path} is empty (0 bytes). Copy or download it again.")


def video_stream(container: "InputContainer") -> "VideoStream | None":
    """Return the first stream of moving pictures; the cover of a music file is none."""
    return next(
        (s for s in container.streams.video if not s.disposition & Disposition.attached_pic), None
    )


def audio_stream(container: "InputContainer") -> "AudioStream | None":
    """Return the first stream of sound, or None."""
    return next(iter(container.streams.audio), None)


def check_decoder(path: Path, stream: "VideoStream | AudioStream") -> None:
    """Refuse a stream that cannot be decoded: an unknown codec, or a damaged name of one."""
    if not stream.codec_context:
        raise DataError(
            f"{path} holds {stream.type} of a kind that cannot be decoded, or is damaged. "
            "Convert it to H.264 and AAC in an mp4, or download it again."
        )


def check_whole(path: Path, format_name: str, stated_seconds: float, seconds: float) -> None:
    """Refuse a file that ends well before the length that its own header states."""
    missing = stated_seconds - seconds
    tolerated = MISSING_SECONDS + MISSING_SHARE * stated_seconds
    if format_name in FORMATS_THAT_STATE_LENGTH and missing > tolerated:
        raise DataError(
            f"{path} is cut off: it ends after {seconds:.1f} of {stated_seconds:.1f} seconds. "
            "Copy or download it again."
        )
