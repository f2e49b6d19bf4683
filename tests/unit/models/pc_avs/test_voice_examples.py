"""Windows of a voice, from the clip and from what else its person says."""

from dataclasses import replace

import numpy as np
import pytest

from talkingface.data.synth.speech import spoken_by
from talkingface.media import SpeechArray
from talkingface.media.features.mel import mel_spectrogram
from tests.unit.models.pc_avs.tiny import PEOPLE, talking_people
from tests.unit.models.pc_avs.tiny_voice import tiny_voice_model


@pytest.fixture
def clip():
    """Return a person who speaks for half a second."""
    return talking_people()[0]


def preparation(phases=("voice",), **choices):
    return tiny_voice_model(**choices).preparation_for(phases)


def test_windows_are_parts_of_what_the_person_says(clip) -> None:
    spoken = spoken_by(PEOPLE[0], 998_123, 1.0, "formant").waveform
    longer = replace(clip, speech=SpeechArray(spoken))
    mel = mel_spectrogram(spoken)
    prepared = preparation().prepare(longer)
    chance = np.random.default_rng(0)
    examples = [preparation().example(prepared, chance) for _ in range(20)]
    starts = set()
    for window in (one for example in examples for one in example["voice"]):
        assert window.shape == (80, 80)
        fits = [np.array_equal(window, mel[row : row + 80]) for row in range(len(mel) - 79)]
        starts.add(fits.index(True))
    assert len(starts) > 5


def test_a_voice_that_says_less_than_a_window_is_continued_by_its_reflection(clip) -> None:
    mel = mel_spectrogram(clip.speech.read(16_000))
    voice = preparation().prepare(clip)["voice"]
    assert len(mel) < len(voice) == 80
    np.testing.assert_array_equal(voice, np.concatenate([mel, mel[::-1]])[:80])


def test_people_of_synthtalk_say_another_sentence_in_their_own_voice(clip) -> None:
    mel = mel_spectrogram(clip.speech.read(16_000))
    voice = preparation(voices="spoken").prepare(clip)["voice"]
    np.testing.assert_array_equal(voice[: len(mel)], mel)
    further = mel_spectrogram(spoken_by(PEOPLE[0], 600_000 + 98_000, 3.0, "formant").waveform)
    np.testing.assert_array_equal(voice[len(mel) :], further)


def test_a_phase_that_compares_people_has_their_portraits_and_numbers(clip) -> None:
    maker = preparation(("voice",))
    example = maker.example(maker.prepare(clip), np.random.default_rng(0))
    assert set(example) == {"voice", "portraits", "label"}
    maker = preparation(("full_size",))
    example = maker.example(maker.prepare(clip), np.random.default_rng(0))
    assert {"voice", "portraits", "target", "mel"} <= set(example)
    assert "label" not in example
