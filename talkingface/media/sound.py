"""Speech from sound files, from videos and from arrays: mono, at any rate, block by block."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from talkingface.clip import Speech, Waveform
from talkingface.errors import DataError
from talkingface.media.container import (
    audio_stream,
    check_decoder,
    check_whole,
    open_container,
    video_stream,
)
from talkingface.media.limits import DEFAULT_LIMITS, MediaLimits
from talkingface.media.resample import join, resample, resample_blocks

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

# What sample formats mean, by the name of their numbers.
ZERO_LEVEL = {"uint8": np.float32(2**7)}
FULL_SCALE = {
    "uint8": np.float32(2**7),
    "int16": np.float32(2**15),
    "int32": np.float32(2**31),
    "float32": np.float32(1),
    "float64": np.float32(1),
}

# Floating-point files may peak a little above 1. Far above, their numbers are on another scale.
HIGHEST_PEAK = 8.0

# What is quieter all the time, 80 dB below full scale, is the noise of a converter.
HEARD = 1e-4

# Kinds whose header counts the samples. (Others state nothing, or a guess from the bit rate.)
FORMATS_THAT_STATE_SAMPLES = {"mov,mp4,m4a,3gp,3g2,mj2", "flac"}


@dataclass(frozen=True)
class SpeechFile:
    """The first sound track of a sound or video file as `Speech`, all channels averaged.

    In a video the track begins with the first picture: sound before it is cut, and sound that sets
    in later has silence in front, so that the two stay together.
    """

    path: Path
    limits: MediaLimits = DEFAULT_LIMITS

    @cached_property
    def sample_rate_hz(self) -> int:
        """Samples a second of the track itself."""
        with open_container(self.path) as container:
            return int(_required_stream(self.path, container).rate)

    @cached_property
    def seconds(self) -> float:
        """Length of the track; the first time it is asked for, the track is decoded."""
        return sum(map(len, self.blocks(self.sample_rate_hz))) / self.sample_rate_hz

    def read(self, sample_rate_hz: int) -> Waveform:
        """Return the whole track, (L,) float32 in [-1, 1], at the rate that is asked for."""
        return join(self.blocks(sample_rate_hz))

    def blocks(self, sample_rate_hz: int) -> Iterator[Waveform]:
        """Yield the track that `read` returns in blocks, decoding them as they are asked for."""
        with open_container(self.path) as container:
            stream = _required_stream(self.path, container)
            track = _in_step(self._track(container, stream), _lead_samples(container, stream))
            yield from resample_blocks(track, stream.rate, sample_rate_hz)

    def _track(self, container: "InputContainer", stream: "AudioStream") -> Iterator[Waveform]:
        """Yield the checked track at its own rate, without what the encoder added to its end."""
        rate, num_samples = stream.rate, 0
        stated = _stated_samples(container, stream)
        for frame in container.decode(stream):
            block = _checked(self.path, to_mono(frame), num_samples / rate)
            if stated is not None:
                block = block[: stated - num_samples]
            num_samples += len(block)
            self.limits.check_seconds(self.path, num_samples / rate)
            yield block
            if num_samples == stated:
                return
        if num_samples == 0:
            raise DataError(f"{self.path} holds no sound: its track is empty. Give another file.")
        if stated is not None:
            check_whole(self.path, container.format.name, stated / rate, num_samples / rate)


@dataclass(frozen=True, eq=False)
class SpeechArray:
    """Speech that is in memory already."""

    waveform: Waveform  # (L,) in [-1, 1]
    sample_rate_hz: int = 16000

    @property
    def seconds(self) -> float:
        """Length of the track."""
        return len(self.waveform) / self.sample_rate_hz

    def read(self, sample_rate_hz: int) -> Waveform:
        """Return the whole track, (L,) float32 in [-1, 1], at the rate that is asked for."""
        return resample(self.waveform, self.sample_rate_hz, sample_rate_hz)


def open_speech(path: str | Path, limits: MediaLimits = DEFAULT_LIMITS) -> SpeechFile:
    """Open the sound of a sound or video file; nothing is decoded yet.

    Raises:
        DataError: the file is missing, damaged or without sound. Reading raises it too, for what
            only decoding shows: a track that is cut off, too long, or not made of numbers.
    """
    path = Path(path)
    with open_container(path) as container:
        _required_stream(path, container)
    return SpeechFile(path, limits)


def is_silent(speech: Speech) -> bool:
    """Return whether there is sound, and nothing can be heard of it.

    A file is decoded no further than to what can be heard first.
    """
    if isinstance(speech, SpeechFile):
        blocks = speech.blocks(speech.sample_rate_hz)
    else:
        blocks = iter([speech.read(16_000)])
    has_samples = False
    for block in blocks:
        if np.abs(block).max(initial=0) >= HEARD:
            return False
        has_samples |= len(block) > 0
    return has_samples


def to_mono(frame: "AudioFrame") -> Waveform:
    """Return decoded sound of any sample format as the mean of its channels, full scale at 1."""
    samples = frame.to_ndarray()  # (channels, L), or (1, L * channels) where they alternate
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    mean = samples.mean(axis=0, dtype=np.float32)
    mono: Waveform = (mean - ZERO_LEVEL.get(samples.dtype.name, 0)) / FULL_SCALE[samples.dtype.name]
    return mono


def _checked(path: Path, block: Waveform, begin_seconds: float) -> Waveform:
    """Return `block` if it can be sound, in [-1, 1]."""
    if not np.isfinite(block).all():
        raise DataError(
            f"{path} holds values that are not numbers, from second {begin_seconds:.1f} on. "
            "Export the sound again."
        )
    if np.abs(block).max(initial=0) > HIGHEST_PEAK:
        raise DataError(
            f"{path} has samples up to {np.abs(block).max():.0f}, where 1 is full scale. "
            "Export the sound again, with samples between -1 and 1 or of 16 bits."
        )
    return block.clip(-1, 1)


def _in_step(track: Iterator[Waveform], lead_samples: int) -> Iterator[Waveform]:
    """Yield the track with silence in front, or, for a negative lead, without its beginning."""
    if lead_samples > 0:
        yield np.zeros(lead_samples, dtype=np.float32)
    to_cut = max(0, -lead_samples)
    for block in track:
        yield block[to_cut:]
        to_cut = max(0, to_cut - len(block))


def _lead_samples(container: "InputContainer", stream: "AudioStream") -> int:
    """Return by how many samples the first picture, if there is one, precedes the sound."""
    pictures = video_stream(container)
    if pictures is None or pictures.start_time is None or stream.start_time is None:
        return 0
    assert stream.time_base is not None  # FFmpeg gives every stream of a file one
    assert pictures.time_base is not None
    sound_begins = stream.start_time * stream.time_base
    return round((sound_begins - pictures.start_time * pictures.time_base) * stream.rate)


def _stated_samples(container: "InputContainer", stream: "AudioStream") -> int | None:
    """Return the length of the track that the header states, where it states one exactly."""
    if container.format.name not in FORMATS_THAT_STATE_SAMPLES or not stream.duration:
        return None
    assert stream.time_base is not None  # FFmpeg gives every stream of a file one
    return round(stream.duration * stream.time_base * stream.rate)


def _required_stream(path: Path, container: "InputContainer") -> "AudioStream":
    stream = audio_stream(container)
    if stream is None:
        raise DataError(
            f"{path} has no sound. Give the speech as a file of its own, or a video with sound."
        )
    check_decoder(path, stream)
    return stream
