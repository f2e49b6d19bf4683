"""What Speech2Talking-Face learns from: PC_AVS's examples, and windows of the person's voice."""

from dataclasses import dataclass

import numpy as np

from talkingface.clip import Clip
from talkingface.data.synth import person_named
from talkingface.data.synth.speech import spoken_by
from talkingface.media.features.identity_window import continued, window_rows
from talkingface.media.features.mel import Mel, mel_spectrogram
from talkingface.models.base import Example, Prepared
from talkingface.models.pc_avs.examples import PCAVSPreparation

WHO_PHASES = frozenset({"start", "voice"})
NUM_WINDOWS = 2  # in an example: the mean of two is what generating is to expect

FIRST_SENTENCE, NUM_SENTENCES = 600_000, 300_000  # of no split
FURTHER_SECONDS = 3.0


@dataclass(frozen=True)
class VoicePreparation(PCAVSPreparation):
    """Keeps what PC_AVS keeps of a clip, and the spectrogram of all that the person says.

    Args:
        voice_units: length of a window in units of 0.8 s.
        speaks_further: whether the person says another sentence, as SynthTalk's people can.
    """

    voice_units: int
    speaks_further: bool

    def prepare(self, clip: Clip) -> Prepared:
        """Return what PC_AVS needs, and the mel rows (M, 80) of the person's voice."""
        prepared = super().prepare(clip)
        voice = prepared["mel"]
        if self.speaks_further:
            voice = np.concatenate([voice, further_speech(clip)])
        return {**prepared, "voice": continued(voice, self.voice_units)}

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return what the phases learn from, drawn from one clip."""
        example = dict(super().example(prepared, chance))
        rows = window_rows(self.voice_units)
        starts = chance.integers(len(prepared["voice"]) - rows + 1, size=NUM_WINDOWS)
        example["voice"] = np.stack([prepared["voice"][start : start + rows] for start in starts])
        if self.phases & WHO_PHASES:
            example["label"] = prepared["label"]
            example["portraits"] = self._some(prepared, self.references, chance)
        return example


def further_speech(clip: Clip) -> Mel:
    """Return the mel rows of another sentence by the person of a SynthTalk clip."""
    number = person_named(clip.identity).number
    sentence = FIRST_SENTENCE + number % NUM_SENTENCES
    return mel_spectrogram(spoken_by(number, sentence, FURTHER_SECONDS, "formant").waveform)
