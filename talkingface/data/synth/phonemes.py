"""The phonemes of SynthTalk: how each sounds, and what the lips do meanwhile."""

from dataclasses import dataclass
from typing import Final

SILENCE: Final = "_"


@dataclass(frozen=True)
class Viseme:
    """What the mouth wants to do during a phoneme, 0 to 1 (wide: -1 to 1)."""

    open: float = 0.0
    wide: float = 0.0
    round: float = 0.0
    press: float = 0.0
    tuck: float = 0.0
    tongue: float = 0.0


@dataclass(frozen=True)
class Phoneme:
    """One speech sound."""

    seconds: float  # usual length
    formants_hz: tuple[float, float, float]
    voicing: float  # level of the vocal cords
    noise: float  # level of friction
    noise_hz: tuple[float, float]  # middle and width of the friction's band
    viseme: Viseme
    closed_share: float = 0.0  # share of the length before a stop's burst, silent but for voicing


@dataclass(frozen=True)
class TimedPhoneme:
    """A phoneme and when it is heard."""

    name: str
    start: float  # seconds
    end: float


def _vowel(seconds: float, formants: tuple[float, float, float], viseme: Viseme) -> Phoneme:
    return Phoneme(seconds, formants, 1.0, 0.0, (0.0, 1.0), viseme)


def _stop(
    formants: tuple[float, float, float], voicing: float, burst_hz: float, viseme: Viseme
) -> Phoneme:
    return Phoneme(0.085, formants, voicing, 0.5, (burst_hz, 1400.0), viseme, closed_share=0.65)


def _fricative(
    formants: tuple[float, float, float],
    voicing: float,
    noise_hz: tuple[float, float],
    viseme: Viseme,
) -> Phoneme:
    return Phoneme(0.1, formants, voicing, 0.32, noise_hz, viseme)


_TIP = (400.0, 1700.0, 2600.0)  # tongue tip behind the teeth
_LIPS = (350.0, 900.0, 2300.0)
_BACK = (350.0, 1900.0, 2400.0)

PHONEMES: Final[dict[str, Phoneme]] = {
    SILENCE: Phoneme(0.2, (500, 1500, 2500), 0.0, 0.0, (0, 1), Viseme()),
    "a": _vowel(0.14, (760, 1300, 2540), Viseme(open=0.95, wide=0.15)),
    "ae": _vowel(0.13, (680, 1720, 2450), Viseme(open=0.78, wide=0.5)),
    "e": _vowel(0.11, (530, 1840, 2500), Viseme(open=0.55, wide=0.45)),
    "i": _vowel(0.12, (290, 2260, 3000), Viseme(open=0.25, wide=0.85)),
    "ih": _vowel(0.08, (400, 1950, 2560), Viseme(open=0.32, wide=0.5)),
    "o": _vowel(0.13, (480, 880, 2420), Viseme(open=0.55, round=0.75)),
    "aw": _vowel(0.13, (600, 950, 2450), Viseme(open=0.75, round=0.45)),
    "u": _vowel(0.12, (310, 870, 2250), Viseme(open=0.22, round=1.0)),
    "y": _vowel(0.11, (290, 1750, 2200), Viseme(open=0.2, round=0.9)),
    "uh": _vowel(0.07, (500, 1350, 2450), Viseme(open=0.4)),
    "er": _vowel(0.11, (480, 1350, 1700), Viseme(open=0.38, round=0.35)),
    "p": _stop(_LIPS, 0.0, 900, Viseme(press=1.0)),
    "b": _stop(_LIPS, 0.4, 800, Viseme(press=1.0)),
    "m": Phoneme(0.085, (270, 1000, 2200), 0.55, 0, (0, 1), Viseme(press=1.0)),
    "t": _stop(_TIP, 0.0, 3800, Viseme(open=0.15, wide=0.2, tongue=1.0)),
    "d": _stop(_TIP, 0.4, 3400, Viseme(open=0.17, wide=0.2, tongue=1.0)),
    "n": Phoneme(0.075, (280, 1650, 2500), 0.55, 0, (0, 1), Viseme(open=0.2, wide=0.2, tongue=0.9)),
    "k": _stop(_BACK, 0.0, 2000, Viseme(open=0.26)),
    "g": _stop(_BACK, 0.4, 1900, Viseme(open=0.28)),
    "ng": Phoneme(0.08, (280, 2100, 2600), 0.5, 0, (0, 1), Viseme(open=0.26)),
    "f": _fricative(_LIPS, 0.0, (6000, 3500), Viseme(open=0.1, tuck=1.0)),
    "v": _fricative(_LIPS, 0.5, (5500, 3500), Viseme(open=0.1, tuck=1.0)),
    "th": _fricative(_TIP, 0.0, (6500, 3000), Viseme(open=0.2, wide=0.1, tongue=1.0)),
    "dh": _fricative(_TIP, 0.5, (6000, 3000), Viseme(open=0.2, wide=0.1, tongue=1.0)),
    "s": _fricative(_TIP, 0.0, (6200, 1800), Viseme(open=0.1, wide=0.55)),
    "z": _fricative(_TIP, 0.5, (6000, 1800), Viseme(open=0.1, wide=0.55)),
    "sh": _fricative((380, 1800, 2500), 0.0, (3300, 1500), Viseme(open=0.14, round=0.7)),
    "zh": _fricative((380, 1800, 2500), 0.5, (3200, 1500), Viseme(open=0.14, round=0.7)),
    "h": Phoneme(0.07, (500, 1500, 2500), 0.0, 0.18, (1600, 2200), Viseme(open=0.38)),
    "l": Phoneme(0.07, (360, 1200, 2700), 0.7, 0, (0, 1), Viseme(open=0.32, tongue=1.0)),
    "r": Phoneme(0.08, (340, 1200, 1650), 0.7, 0, (0, 1), Viseme(open=0.25, round=0.5)),
    "w": Phoneme(0.075, (310, 700, 2300), 0.7, 0, (0, 1), Viseme(open=0.15, round=1.0)),
    "j": Phoneme(0.07, (280, 2200, 2950), 0.7, 0, (0, 1), Viseme(open=0.2, wide=0.7)),
}
VOWELS: Final = ("a", "ae", "e", "i", "ih", "o", "aw", "u", "uh", "er")
CONSONANTS: Final = tuple(name for name in PHONEMES if name not in {*VOWELS, "y", "ng", SILENCE})
CODAS: Final = ("p", "m", "t", "n", "k", "ng", "f", "s", "z", "sh", "l", "r")
