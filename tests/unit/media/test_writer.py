import resource
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from talkingface.data.synth import factor_row, person, render
from talkingface.errors import DataError, StorageError
from talkingface.media import SpeechArray, open_frames, open_speech, write_video
from tests.filming import number_of, numbered

RATE = 16000


def clicks(seconds: float, every_seconds: float = 0.5) -> np.ndarray:
    """Return silence with a short tone burst at 0.25 s and every `every_seconds` after it."""
    sound = np.zeros(round(seconds * RATE), np.float32)
    burst = 0.5 * np.hanning(160) * np.sin(np.arange(160))
    for begin in range(RATE // 4, len(sound) - 160, round(every_seconds * RATE)):
        sound[begin : begin + 160] = burst
    return sound


def stream_seconds(path: Path) -> dict[str, tuple[float, float]]:
    """Return where each stream begins and how long it lasts, as the header says it."""
    with av.open(str(path)) as container:
        return {
            stream.type: (
                float(stream.start_time * stream.time_base),
                float(stream.duration * stream.time_base),
            )
            for stream in container.streams
        }


def test_the_file_is_what_browsers_play(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    write_video(path, map(numbered, range(10)), speech=SpeechArray(clicks(0.4)))
    content = path.read_bytes()
    assert content.find(b"moov") < content.find(b"mdat")  # faststart
    with av.open(str(path)) as container:
        assert container.metadata["comment"] == "synthetic"
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert audio.codec_context.name == "aac"
        assert video.average_rate == 25
        assert video.frames == 10


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), 25, Fraction(30000, 1001), 50])
@pytest.mark.parametrize("speech_seconds", [0.3, 1.7, 5.0])
def test_sound_and_picture_last_equally_long(
    tmp_path: Path, fps: Fraction, speech_seconds: float
) -> None:
    path, num_pictures = tmp_path / "clip.mp4", 43
    speech = SpeechArray(clicks(speech_seconds))
    write_video(path, map(numbered, range(num_pictures)), fps, speech)
    streams = stream_seconds(path)
    # MP4 keeps the length of a track in milliseconds.
    assert streams["video"] == (0, pytest.approx(num_pictures / fps, abs=1e-3))
    assert streams["audio"] == (0, pytest.approx(num_pictures / fps, abs=1e-3))
    frames = open_frames(path)
    assert frames.fps == fps
    assert [number_of(picture) for picture in frames] == list(range(num_pictures))


def test_sound_stays_with_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    sound = clicks(3)
    write_video(path, map(numbered, range(75)), speech=SpeechArray(sound))
    read = open_speech(path).read(RATE)
    assert int(np.correlate(read, sound, "full").argmax()) - (len(sound) - 1) == 0
    loud_pictures = {int(at) // 640 for at in np.flatnonzero(np.abs(read) > 0.1)}
    assert loud_pictures == {6, 18, 31, 43, 56, 68}  # 0.25 s, 0.75 s ... at 25 a second


def test_speech_from_a_file_is_streamed_to_the_same_sound(tmp_path: Path) -> None:
    first, second = tmp_path / "first.mp4", tmp_path / "second.mp4"
    write_video(first, map(numbered, range(50)), speech=SpeechArray(clicks(2)))
    write_video(second, map(numbered, range(50)), speech=open_speech(first))
    difference = open_speech(first).read(RATE) - open_speech(second).read(RATE)
    assert np.abs(difference).max() < 0.01  # AAC once more at 128 kb/s


def test_pictures_look_as_they_did(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pictures = [
        cv2.resize(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8), (256, 256)) for _ in range(5)
    ]
    write_video(tmp_path / "clip.mp4", pictures)
    error = np.abs(open_frames(tmp_path / "clip.mp4").read(0, 5).astype(int) - np.stack(pictures))
    assert error.mean() < 2.5  # crf 18 at its most colourful; a wrong matrix gives 8


def test_an_odd_size_gains_a_copy_of_its_last_row_and_column(tmp_path: Path) -> None:
    ramp = np.add.outer(2 * np.arange(47), 2 * np.arange(63)).astype(np.uint8)
    write_video(tmp_path / "clip.mp4", [np.dstack([ramp] * 3)] * 2)
    [read] = open_frames(tmp_path / "clip.mp4").read(0, 1)
    extended = np.pad(ramp, ((0, 1), (0, 1)), mode="edge")
    assert read.shape == (48, 64, 3)
    assert np.abs(read[:, :, 0].astype(int) - extended).max() <= 6  # crf 18; black would give 90


def test_without_speech_there_is_no_sound(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.mp4", [numbered(0)], comment="filmed")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert not container.streams.audio
        assert container.metadata["comment"] == "filmed"


@pytest.mark.parametrize(
    ("pictures", "complaint"),
    [
        ([], "no pictures"),
        ([numbered(0), numbered(1, width=32)], r"picture 1 has the shape \(48, 32, 3\)"),
    ],
)
def test_pictures_that_make_no_video_are_refused(
    tmp_path: Path, pictures: list[np.ndarray], complaint: str
) -> None:
    with pytest.raises(DataError, match=complaint):
        write_video(tmp_path / "clip.mp4", pictures)
    assert list(tmp_path.iterdir()) == []


def test_a_generator_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    write_video(path, [numbered(0)])
    before = path.read_bytes()

    def failing() -> Iterator[np.ndarray]:
        yield numbered(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_video(path, failing())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_stands_there_is_kept_if_asked(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.mp4", [numbered(0)])
    with pytest.raises(StorageError, match="exists already"):
        write_video(tmp_path / "clip.mp4", [numbered(1)], overwrite=False)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="folder does not exist"):
        write_video(tmp_path / "none" / "clip.mp4", [numbered(0)])


@contextmanager
def file_size_limit(num_bytes: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_takes_no_more_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = (rng.integers(0, 256, (128, 128, 3), dtype=np.uint8) for _ in range(60))
    with (
        file_size_limit(200_000),
        pytest.raises(StorageError, match=r"clip\.mp4 could not be written"),
    ):
        write_video(tmp_path / "clip.mp4", noise)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["a b.mp4", 'it\'s "so".mp4', "-rf.mp4", "漢é🙂.mp4", "http:x.mp4"]
)
def test_any_name_can_be_written_and_read(tmp_path: Path, name: str, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_video(name, map(numbered, range(3)), speech=SpeechArray(clicks(0.12)))
    assert len(open_frames(name)) == 3
    assert open_speech(name).seconds == pytest.approx(0.12)


def test_equal_pictures_are_equal_files(tmp_path: Path) -> None:
    # Twelve turns of a head: on processors with AVX-512 x264's defaults gave up to ten different
    # files in ten tries of this.
    pictures = [
        render(person(3), factor_row(yaw=float(yaw)), 112) for yaw in np.linspace(-1, 1, 12)
    ]
    contents = set()
    for number in range(8):
        write_video(tmp_path / f"{number}.mp4", pictures, 50)
        contents.add((tmp_path / f"{number}.mp4").read_bytes())
    assert len(contents) == 1
