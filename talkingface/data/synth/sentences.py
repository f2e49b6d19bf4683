"""What is said: a sentence is a number, so that splits can share none.

`babble` is a sentence of syllables without meaning, with times; `text_of` is a real one for the
voice that reads text.
"""

from typing import Final

import numpy as np

from talkingface.data.synth.phonemes import (
    CODAS,
    CONSONANTS,
    PHONEMES,
    SILENCE,
    VOWELS,
    TimedPhoneme,
)
from talkingface.data.synth.texts import LANGUAGES, TEXTS

_SALT: Final = 0x7A1C


def text_of(number: int) -> tuple[str, str]:
    """Return the language and the text of a sentence.

    Within a language no text comes back before all combinations are used up: the number is spread
    over them by a step that shares no factor with their count.
    """
    turn, place = divmod(number, len(LANGUAGES))
    language = LANGUAGES[place]
    share = LANGUAGES.count(language)
    index = turn * share + (place if share > 1 else 0)
    columns = TEXTS[language]
    combinations = int(np.prod([len(column) for column in columns]))
    index = index * 7_919 % combinations  # a prime above every column
    words = []
    for column in columns:
        index, place = divmod(index, len(column))
        words.append(column[place])
    return language, " ".join(words) + "."


def babble(number: int, seconds: float) -> list[TimedPhoneme]:
    """Return a sentence of about `seconds`: phrases of syllables with pauses between, timed."""
    rng = np.random.default_rng([_SALT, number])
    rate = float(rng.uniform(0.85, 1.2))
    spoken: list[TimedPhoneme] = []
    time = float(rng.uniform(0.08, 0.25))
    spoken.append(TimedPhoneme(SILENCE, 0.0, time))
    while time < seconds - 0.25:
        for _ in range(int(rng.integers(3, 9))):
            for name in _syllable(rng):
                length = PHONEMES[name].seconds * rate * float(rng.uniform(0.8, 1.25))
                spoken.append(TimedPhoneme(name, time, time + length))
                time += length
            if time > seconds - 0.3:
                break
        pause = float(rng.uniform(0.1, 0.45))
        spoken.append(TimedPhoneme(SILENCE, time, time + pause))
        time += pause
    return _ended_at(spoken, seconds)


def _syllable(rng: np.random.Generator) -> list[str]:
    syllable = []
    if rng.random() < 0.85:
        syllable.append(CONSONANTS[rng.integers(len(CONSONANTS))])
    syllable.append(VOWELS[rng.integers(len(VOWELS))])
    if rng.random() < 0.3:
        syllable.append(CODAS[rng.integers(len(CODAS))])
    return syllable


def _ended_at(spoken: list[TimedPhoneme], seconds: float) -> list[TimedPhoneme]:
    """Return what fits into `seconds`, with silence to the end."""
    kept = [phoneme for phoneme in spoken if phoneme.end <= seconds - 0.05]
    end = kept[-1].end if kept else 0.0
    return [*kept, TimedPhoneme(SILENCE, end, seconds)]
