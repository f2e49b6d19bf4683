"""The voice that reads text: eSpeak NG's library, which says when each phoneme is heard.

Optional: needs the package ``espeakng-loader``. The library remembers what it said before, and the
next sentence differs for it. So it is loaded afresh for each sentence (5 ms), by one thread at a
time: equal text and voice then give equal samples, always.
"""

import _ctypes
import ctypes
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Waveform
from talkingface.data.synth.espeak_phonemes import phoneme_named
from talkingface.data.synth.phonemes import SILENCE, TimedPhoneme
from talkingface.errors import DataError

_SYNCHRONOUS: Final = 2  # espeak_AUDIO_OUTPUT: samples come through the callback
_PHONEME_EVENTS_DO_NOT_EXIT: Final = 1 | 0x8000
_UTF8: Final = 1
_RATE, _PITCH, _RANGE = 1, 3, 4  # espeak_PARAMETER
_END, _PHONEME = 0, 7  # espeak_EVENT_TYPE

_ONE_AT_A_TIME: Final = Lock()

LANGUAGES: Final = ("en-us", "de", "es", "fr")
VARIANTS_LOW: Final = ("m1", "m2", "m3", "m4", "m7")
VARIANTS_HIGH: Final = ("f1", "f2", "f3", "f4", "f5")


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("text", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # milliseconds
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True)
class Reader:
    """A reading voice."""

    variant: str = "m1"
    pitch: int = 50  # 0 to 100
    pitch_range: int = 50  # 0 to 100
    words_per_minute: int = 165


@dataclass(frozen=True)
class Utterance:
    """A text spoken, with the times of its phonemes."""

    waveform: Waveform
    sample_rate_hz: int
    phonemes: tuple[TimedPhoneme, ...]


def reader_of(number: int, masculine: float) -> Reader:
    """Return the reading voice that goes with the person of this number."""
    rng = np.random.default_rng([0xE5BEA4, number])
    variants = VARIANTS_LOW if masculine > 0.5 else VARIANTS_HIGH
    return Reader(
        variants[rng.integers(len(variants))],
        int(rng.integers(30, 71)),
        int(rng.integers(30, 80)),
        int(rng.integers(140, 196)),
    )


def read_aloud(text: str, language: str, reader: Reader) -> Utterance:
    """Return a text spoken.

    Raises:
        DataError: the voice is not installed, or has no such language.
    """
    path, data_path = _installed()
    with _ONE_AT_A_TIME:
        library = _Library(path, data_path)
        try:
            return library.speak(text, language, reader)
        finally:
            library.close()


class _Library:
    """The loaded library. Its callback must live as long as the library may call it."""

    def __init__(self, path: str, data_path: str) -> None:
        self._native = ctypes.CDLL(path)
        self._sample_rate_hz = int(
            self._native.espeak_Initialize(
                _SYNCHRONOUS, 0, data_path.encode(), _PHONEME_EVENTS_DO_NOT_EXIT
            )
        )
        if self._sample_rate_hz <= 0:
            raise DataError(
                f"The espeak voice does not start with its data in {data_path}. "
                "Install espeakng-loader again, or use the voice 'formant'."
            )
        self._samples: list[NDArray[np.int16]] = []
        self._marks: list[tuple[float, str]] = []
        self._callback = _Callback(self._receive)
        self._native.espeak_SetSynthCallback(self._callback)

    def close(self) -> None:
        """Unload the library, and with it what it remembers."""
        self._native.espeak_Terminate()
        unload = _ctypes.FreeLibrary if hasattr(_ctypes, "FreeLibrary") else _ctypes.dlclose
        unload(self._native._handle)

    def speak(self, text: str, language: str, reader: Reader) -> Utterance:
        """Return a text spoken."""
        voice = f"{language}+{reader.variant}"
        if self._native.espeak_SetVoiceByName(voice.encode()) != 0:
            raise DataError(
                f"The espeak voice has no language {language!r}. "
                f"Choose one of {', '.join(LANGUAGES)}."
            )
        self._native.espeak_SetParameter(_RATE, reader.words_per_minute, 0)
        self._native.espeak_SetParameter(_PITCH, reader.pitch, 0)
        self._native.espeak_SetParameter(_RANGE, reader.pitch_range, 0)
        self._samples, self._marks = [], []
        content = text.encode()
        self._native.espeak_Synth(content, len(content) + 1, 0, 1, 0, _UTF8, None, None)
        self._native.espeak_Synchronize()
        sound = np.concatenate([*self._samples, np.zeros(1, dtype=np.int16)])
        waveform = np.asarray(sound / np.float32(32768), dtype=np.float32)
        return Utterance(waveform, self._sample_rate_hz, self._timed(len(sound)))

    def _receive(self, samples: Any, count: int, events: Any) -> int:  # noqa: ANN401 (C pointers)
        """Take samples and events from the library; 0 asks it to go on."""
        if samples and count > 0:
            self._samples.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _END:
            event = events[index]
            if event.type == _PHONEME:
                self._marks.append((event.sample / self._sample_rate_hz, event.id.text.decode()))
            index += 1
        return 0

    def _timed(self, num_samples: int) -> tuple[TimedPhoneme, ...]:
        """Return phonemes from the marks: each lasts until the next begins."""
        ends = [start for start, _ in self._marks[1:]] + [num_samples / self._sample_rate_hz]
        return tuple(
            TimedPhoneme(phoneme_named(name), start, end)
            for (start, name), end in zip(self._marks, ends, strict=False)
            if end > start
        )


def _installed() -> tuple[str, str]:
    """Return the paths of the library and of its data."""
    try:
        import espeakng_loader
    except ImportError as error:
        raise DataError(
            "The voice 'espeak' needs the package espeakng-loader: pip install espeakng-loader. "
            "The voice 'formant' needs nothing."
        ) from error
    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path()


def with_silence(utterance: Utterance, lead: float, seconds: float) -> Utterance:
    """Return the utterance after `lead` seconds of silence, `seconds` long in all."""
    rate = utterance.sample_rate_hz
    sound = np.zeros(round(seconds * rate), dtype=np.float32)
    begin = round(lead * rate)
    part = utterance.waveform[: max(len(sound) - begin, 0)]
    sound[begin : begin + len(part)] = part
    shift = begin / rate
    moved = [
        TimedPhoneme(phoneme.name, phoneme.start + shift, min(phoneme.end + shift, seconds))
        for phoneme in utterance.phonemes
        if phoneme.start + shift < seconds
    ]
    first = moved[0].start if moved else seconds
    return Utterance(sound, rate, (TimedPhoneme(SILENCE, 0.0, first), *moved))
