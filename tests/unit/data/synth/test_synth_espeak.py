"""The reading voice: real words, known times, the same samples every time."""

import numpy as np
import pytest

from talkingface.data.synth.espeak import Reader, read_aloud, reader_of
from talkingface.data.synth.espeak_phonemes import phoneme_named
from talkingface.data.synth.phonemes import PHONEMES
from talkingface.data.synth.speech import spoken_by
from talkingface.errors import DataError

pytest.importorskip("espeakng_loader")


def test_a_text_is_spoken_alike_whatever_was_said_before() -> None:
    first = read_aloud("Papa may buy a map.", "en-us", Reader())
    read_aloud("Etwas ganz anderes.", "de", Reader("f2", 70, 70, 190))
    second = read_aloud("Papa may buy a map.", "en-us", Reader())
    np.testing.assert_array_equal(first.waveform, second.waveform)
    assert first.phonemes == second.phonemes


def test_phonemes_come_in_the_order_of_the_words() -> None:
    spoken = read_aloud("mama", "es", Reader())
    assert [p.name for p in spoken.phonemes if p.name in {"m", "a"}] == ["m", "a", "m", "a"]
    assert all(a.end == b.start for a, b in zip(spoken.phonemes, spoken.phonemes[1:], strict=False))


def test_a_stop_is_quiet_when_it_is_said_to_be() -> None:
    spoken = read_aloud("apa apa apa", "es", Reader())
    rate = spoken.sample_rate_hz

    def level(start: float, end: float) -> float:
        return float(np.sqrt(np.mean(spoken.waveform[int(start * rate) : int(end * rate)] ** 2)))

    stops = [p for p in spoken.phonemes if p.name == "p"]
    vowels = [p for p in spoken.phonemes if p.name == "a"]
    loud = np.mean([level(p.start + 0.02, p.end - 0.02) for p in vowels])
    assert len(stops) == 3
    for stop in stops:
        middle = 0.5 * (stop.start + stop.end)
        assert level(middle - 0.012, middle + 0.002) < 0.25 * loud


def test_every_mnemonic_of_four_languages_is_known() -> None:
    for number in range(10):
        spoken = spoken_by(number, number, 4.0, "espeak")
        assert {p.name for p in spoken.phonemes} <= set(PHONEMES)
        assert spoken.waveform.shape == (64000,)
        assert np.abs(spoken.waveform).max() > 0.05


@pytest.mark.parametrize(
    ("mnemonic", "expected"),
    [("'aI", "a"), ("tS", "sh"), ("_:", "_"), ("p", "p"), (",A~", "a"), ("l^", "l"), ("@L", "l")],
)
def test_mnemonics_find_the_nearest_phoneme(mnemonic: str, expected: str) -> None:
    assert phoneme_named(mnemonic) == expected


def test_an_unknown_language_is_a_sentence() -> None:
    with pytest.raises(DataError, match="no language 'tlh'"):
        read_aloud("nuqneH", "tlh", Reader())


def test_readers_differ_between_people() -> None:
    assert len({reader_of(number, 0.9) for number in range(30)}) > 25
