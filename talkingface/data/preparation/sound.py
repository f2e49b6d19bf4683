"""Speech as the methods keep it: a sound file, and its mel spectrogram."""

import io
import wave
from pathlib import Path

import numpy as np

from talkingface.clip import Waveform
from talkingface.data.preparation.raw import is_video
from talkingface.media import open_speech
from talkingface.media.features.mel import mel_spectrogram
from talkingface.storage.atomic import atomic_file, make_folder, write_bytes

SAMPLE_RATE_HZ = 16_000


def kept_suffix(source: Path) -> str:
    """Return how the name of the file ends in which `keep_speech` keeps a sound."""
    return ".wav" if is_video(source) else source.suffix


def keep_speech(source: Path, target: Path) -> None:
    """Copy a sound file, or write the sound of a video as wav.

    Raises:
        DataError: the source has no sound, or it is damaged.
        StorageError: the file cannot be written.
    """
    if is_video(source):
        write_speech(source, target)
        return
    open_speech(source).read(SAMPLE_RATE_HZ)  # to its end: only that shows what is damaged
    make_folder(target.parent)
    write_bytes(target, source.read_bytes())


def write_speech(source: Path, target: Path) -> None:
    """Write the sound of a sound or video file as 16 kHz mono wav of 16 bits.

    Raises:
        DataError: the source has no sound, or it is damaged.
        StorageError: the file cannot be written.
    """
    samples = open_speech(source).read(SAMPLE_RATE_HZ)
    make_folder(target.parent)
    write_bytes(target, _as_wav(samples))


def write_spectrogram(source: Path, target: Path) -> None:
    """Write the mel spectrogram (M, 80) of a sound or video file as an npy file."""
    mel = mel_spectrogram(open_speech(source).read(SAMPLE_RATE_HZ))
    make_folder(target.parent)
    with atomic_file(target) as file:
        np.save(file, mel)


def _as_wav(samples: Waveform) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", "not compressed"))
        file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
    return content.getvalue()
