import wave
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from talkingface.errors import DataError
from talkingface.media import MediaLimits, SpeechArray, open_speech
from talkingface.media.sound import is_silent
from tests.filming import film, numbered, record

RATE = 16000


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    """One second of noise under an envelope: no two moments of it are alike."""
    noise = np.random.default_rng(0).standard_normal(RATE)
    smooth = np.convolve(noise, np.hanning(16) / 8, "same")
    return (0.2 * smooth * np.sin(np.linspace(0, 40, RATE)) ** 2).astype(np.float32)


def lag_samples(sound: np.ndarray, reference: np.ndarray) -> int:
    """Return by how much `sound` is later than `reference`."""
    match = np.correlate(sound, reference, "full")
    return int(match.argmax()) - (len(reference) - 1)


@pytest.mark.parametrize(
    ("name", "codec", "level_error"),
    [
        ("speech.wav", "pcm_s16le", 2**-15),
        ("speech.wav", "pcm_f32le", 0),
        ("speech.wav", "pcm_u8", 2**-7),
        ("speech.flac", "flac", 2**-15),
        ("speech.m4a", "aac", None),  # lossy: only the moment is compared
        ("speech.mp3", "libmp3lame", None),
        ("speech.ogg", "libopus", None),
    ],
)
def test_speech_comes_back_in_time(
    tmp_path: Path, speech: np.ndarray, name: str, codec: str, level_error: float | None
) -> None:
    rate = 48000 if codec == "libopus" else RATE
    sound = speech if rate == RATE else np.repeat(speech, 3)
    track = open_speech(record(tmp_path / name, sound, codec, rate))
    read = track.read(rate)
    assert read.dtype == np.float32
    assert track.seconds == len(read) / rate
    assert lag_samples(read, sound) == 0
    assert abs(track.seconds - 1) < 0.08  # mp3 and ogg fill their last block with silence
    if level_error is not None:
        assert len(read) == len(speech)
        assert np.abs(read - speech).max() <= level_error


def test_integers_mean_what_scipy_says(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).integers(-(2**31), 2**31, 4000).astype(np.int32)
    for dtype, shift in ((np.int16, 16), (np.int32, 0)):
        path = tmp_path / f"{dtype.__name__}.wav"
        wavfile.write(path, RATE, (samples >> shift).astype(dtype))
        expected = wavfile.read(path)[1] / -float(np.iinfo(dtype).min)
        assert np.abs(open_speech(path).read(RATE) - expected).max() <= 2**-24  # float32


@pytest.mark.parametrize("codec", ["pcm_s16le", "flac"])
def test_channels_are_averaged(tmp_path: Path, speech: np.ndarray, codec: str) -> None:
    suffix = "flac" if codec == "flac" else "wav"
    path = record(tmp_path / f"stereo.{suffix}", np.stack([speech, 0 * speech]), codec)
    assert np.abs(open_speech(path).read(RATE) - speech / 2).max() <= 2**-15


def test_a_file_is_silent_unless_something_is_heard_at_its_end(tmp_path: Path) -> None:
    late = np.zeros(10 * RATE, np.float32)
    assert is_silent(open_speech(record(tmp_path / "nothing.wav", late, "pcm_s16le")))
    late[-5:] = 0.01
    assert not is_silent(open_speech(record(tmp_path / "late.wav", late, "pcm_s16le")))


def test_the_content_decides_and_not_the_name(tmp_path: Path, speech: np.ndarray) -> None:
    record(tmp_path / "speech.wav", speech, "pcm_s16le").rename(tmp_path / "speech.mp3")
    assert open_speech(tmp_path / "speech.mp3").seconds == 1


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov"])
def test_sound_of_a_video_is_as_long_and_begins_with_the_first_picture(
    tmp_path: Path, speech: np.ndarray, suffix: str
) -> None:
    path = film(tmp_path / f"clip.{suffix}", map(numbered, range(25)), sound=speech)
    track = open_speech(path)
    assert lag_samples(track.read(RATE), speech) == 0
    if suffix != "mkv":  # which does not say where the last block ends
        assert track.seconds == 1


def test_sound_that_sets_in_late_has_silence_in_front(tmp_path: Path, speech: np.ndarray) -> None:
    path = film(tmp_path / "clip.mp4", map(numbered, range(50)), sound=speech, sound_starts_ms=400)
    read = open_speech(path).read(RATE)
    # MP4 keeps the delay in ticks of the film's clock, a millisecond.
    assert abs(lag_samples(read, speech) - 6400) <= 16


def test_sound_before_the_first_picture_is_cut(tmp_path: Path, speech: np.ndarray) -> None:
    path = film(
        tmp_path / "clip.mkv",
        map(numbered, range(25)),
        milliseconds=range(400, 1400, 40),
        sound=speech,
    )
    read = open_speech(path).read(RATE)
    assert abs(lag_samples(read, speech) + 6400) <= 16  # Matroska counts milliseconds


def test_speech_is_given_at_the_rate_asked_for(tmp_path: Path, speech: np.ndarray) -> None:
    track = open_speech(record(tmp_path / "speech.wav", speech, "pcm_f32le"))
    assert (track.read(44100) == SpeechArray(speech, RATE).read(44100)).all()
    assert len(track.read(44100)) == 44100


def test_silence_is_silence(tmp_path: Path) -> None:
    path = record(tmp_path / "silent.wav", np.zeros(1600, np.float32), "pcm_s16le")
    assert (open_speech(path).read(44100) == 0).all()


def test_numbers_on_another_scale_are_refused(tmp_path: Path) -> None:
    wavfile.write(tmp_path / "loud.wav", RATE, np.full(100, 20000, np.float32))
    with pytest.raises(DataError, match=r"loud\.wav has samples up to 20000, where 1 is"):
        open_speech(tmp_path / "loud.wav").read(RATE)


def test_a_track_over_the_limit_is_refused(tmp_path: Path, speech: np.ndarray) -> None:
    path = record(tmp_path / "speech.wav", speech, "pcm_s16le")
    assert open_speech(path, MediaLimits(seconds=1)).seconds == 1
    with pytest.raises(DataError, match="limit `seconds`"):
        open_speech(path, MediaLimits(seconds=0.99)).read(RATE)


def test_an_empty_track_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "empty.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
    with pytest.raises(DataError, match=r"empty\.wav"):
        open_speech(tmp_path / "empty.wav").read(RATE)
