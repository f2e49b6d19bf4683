"""What a clip sounds like: a person's voice, a sentence, and when each phoneme is heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from talkingface.clip import Waveform
from talkingface.data.synth.augment import heard, microphone_of
from talkingface.data.synth.espeak import read_aloud, reader_of, with_silence
from talkingface.data.synth.identity import person
from talkingface.data.synth.phonemes import SILENCE, TimedPhoneme
from talkingface.data.synth.sentences import babble, text_of
from talkingface.data.synth.voice import SAMPLE_RATE_HZ, speak, speaker_of

Voice = Literal["formant", "espeak", "both"]
VOICES: tuple[Voice, ...] = get_args(Voice)


@dataclass(frozen=True)
class Spoken:
    """Speech (L,) at 16 kHz with the times of its phonemes."""

    waveform: Waveform
    phonemes: Sequence[TimedPhoneme]
    text: str  # what was read, or the phonemes of a sentence without meaning

    @property
    def seconds(self) -> float:
        """Length of the speech."""
        return len(self.waveform) / SAMPLE_RATE_HZ


def spoken_by(
    speaker: int, sentence: int, seconds: float, voice: Voice, microphone: bool = False
) -> Spoken:
    """Return a sentence in the voice of a person, `seconds` long.

    Args:
        speaker: number of the person whose voice it is.
        sentence: number of the sentence.
        seconds: length; what does not fit is cut, and silence follows what is shorter.
        voice: `both` takes turns.
        microphone: whether it is heard through a microphone drawn for this clip.

    Raises:
        DataError: the voice `espeak` is not installed.
    """
    reads = voice == "espeak" or (voice == "both" and sentence % 2 == 1)
    spoken = _read(speaker, sentence, seconds) if reads else _babbled(speaker, sentence, seconds)
    if not microphone:
        return spoken
    rng = np.random.default_rng([0x111C, speaker, sentence])
    waveform = heard(spoken.waveform, microphone_of(rng), rng)
    return Spoken(waveform, spoken.phonemes, spoken.text)


def _babbled(speaker: int, sentence: int, seconds: float) -> Spoken:
    phonemes = babble(sentence, seconds)
    waveform = speak(phonemes, speaker_of(speaker), seconds, seed=sentence)
    text = " ".join(phoneme.name for phoneme in phonemes if phoneme.name != SILENCE)
    return Spoken(waveform, phonemes, text)


def _read(speaker: int, sentence: int, seconds: float) -> Spoken:
    from scipy.signal import resample_poly

    language, text = text_of(sentence)
    reader = reader_of(speaker, person(speaker).shape.masculine)
    rng = np.random.default_rng([0x1EAD, sentence])
    utterance = read_aloud(text, language, reader)
    whole = with_silence(utterance, float(rng.uniform(0.08, 0.25)), seconds)
    up, down = SAMPLE_RATE_HZ // 50, whole.sample_rate_hz // 50
    waveform = resample_poly(whole.waveform, up, down)[: round(seconds * SAMPLE_RATE_HZ)]
    return Spoken(np.clip(waveform, -1, 1).astype(np.float32), whole.phonemes, text)
