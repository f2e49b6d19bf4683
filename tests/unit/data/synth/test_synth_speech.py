"""Speech: sounds are where their times say, voices differ, lips follow."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import solve_toeplitz

from talkingface.data.synth.augment import Microphone, heard
from talkingface.data.synth.expression import strengths
from talkingface.data.synth.factors import columns_of, neutral_factors
from talkingface.data.synth.lips import LIP_FACTORS, lip_curves, lips_at_frames
from talkingface.data.synth.phonemes import PHONEMES, SILENCE, TimedPhoneme
from talkingface.data.synth.sentences import babble, text_of
from talkingface.data.synth.speech import spoken_by
from talkingface.data.synth.voice import Speaker, speak, speaker_of

PLAIN = Speaker(110.0, 0.0, 1.0, 4.0, 0.01, -90.0)


def said(*names: str, each: float = 0.2) -> list[TimedPhoneme]:
    """Return phonemes of equal length with silence round them."""
    return [TimedPhoneme(n, i * each, (i + 1) * each) for i, n in enumerate(("_", *names, "_"))]


def formants_by_linear_prediction(sound: np.ndarray) -> list[float]:
    """Return the resonances below 3 kHz: an estimate that knows nothing of our synthesis."""
    framed = np.diff(sound) * np.hamming(len(sound) - 1)
    lags = np.correlate(framed, framed, "full")[len(framed) - 1 :][:17]
    roots = np.roots(np.concatenate(([1.0], -solve_toeplitz(lags[:16], lags[1:17]))))
    angle = np.angle(roots[np.imag(roots) > 0.01]) * 16000 / (2 * np.pi)
    return sorted(angle[(angle > 150) & (angle < 3200)])


@pytest.mark.parametrize("vowel", ["a", "i", "u", "e"])
def test_vowels_have_their_formants(vowel: str) -> None:
    sound = speak(said(vowel), PLAIN, 0.6, seed=1)
    found = formants_by_linear_prediction(sound[int(0.24 * 16000) : int(0.36 * 16000)])
    for wanted in PHONEMES[vowel].formants_hz[:2]:
        # Harmonics lie 110 Hz apart, so an estimate may be half of that off, and some more.
        assert min(abs(wanted - hz) for hz in found) < 90


def test_the_pitch_is_the_speakers() -> None:
    sound = speak(said("a", each=0.4), PLAIN, 1.2, seed=1)[int(0.5 * 16000) : int(0.7 * 16000)]
    lags = np.correlate(sound, sound, "full")[len(sound) - 1 :]
    period = 60 + int(lags[60:300].argmax())
    assert 16000 / period == pytest.approx(110, rel=0.12)  # it falls by 0.12 octaves on the way


def test_sound_begins_and_ends_when_the_phoneme_does() -> None:
    high = replace(PLAIN, pitch_hz=220.0)
    phonemes = [TimedPhoneme("_", 0, 0.3137), TimedPhoneme("a", 0.3137, 0.6)]
    loud = np.abs(speak([*phonemes, TimedPhoneme("_", 0.6, 1)], high, 1.0, seed=1))
    envelope = np.convolve(loud, np.ones(160) / 160, "same")
    above = np.flatnonzero(envelope > 0.5 * envelope[6400:8000].mean()) / 16000
    # Pulses of 220 Hz come every 4.5 ms, and the sound is made in steps of 5 ms.
    assert above[0] == pytest.approx(0.3137, abs=0.005)
    assert above[-1] == pytest.approx(0.6, abs=0.005)


def test_stops_are_silent_before_their_burst() -> None:
    sound = speak(said("a", "t", "a"), PLAIN, 1.0, seed=1)
    power = np.square(sound).cumsum()

    def level(start: float, end: float) -> float:
        return float(power[int(end * 16000)] - power[int(start * 16000)]) / (end - start)

    assert level(0.45, 0.5) < 0.02 * level(0.25, 0.35)
    assert level(0.53, 0.56) > 3 * level(0.45, 0.5)


def test_hissing_lies_high_and_voice_lies_low() -> None:
    hiss = speak(said("s"), PLAIN, 0.6, seed=1)[int(0.24 * 16000) : int(0.36 * 16000)]
    voice = speak(said("o"), PLAIN, 0.6, seed=1)[int(0.24 * 16000) : int(0.36 * 16000)]
    for sound, low, high in ((hiss, 4000, 8000), (voice, 0, 1500)):
        spectrum = np.abs(np.fft.rfft(sound)) ** 2
        frequency = np.fft.rfftfreq(len(sound), 1 / 16000)
        inside = spectrum[(frequency >= low) & (frequency <= high)].sum()
        assert inside / spectrum.sum() > 0.8


def test_men_speak_lower_than_women() -> None:
    from talkingface.data.synth.identity import person

    voices = [(person(n).shape.masculine, speaker_of(n).pitch_hz) for n in range(60)]
    low = [pitch for masculine, pitch in voices if masculine > 0.5]
    high = [pitch for masculine, pitch in voices if masculine <= 0.5]
    assert max(low) < min(high)
    assert len({round(pitch, 3) for _, pitch in voices}) == 60


def test_the_same_sentence_by_the_same_speaker_is_the_same_sound() -> None:
    first, second = (spoken_by(5, 9, 1.0, "formant", microphone=True) for _ in range(2))
    np.testing.assert_array_equal(first.waveform, second.waveform)
    assert first.phonemes == second.phonemes
    other = spoken_by(6, 9, 1.0, "formant")
    assert [p.name for p in other.phonemes] == [p.name for p in first.phonemes]
    assert np.abs(other.waveform - first.waveform).max() > 0.05


def test_babble_fills_the_time_without_gaps() -> None:
    for number in range(30):
        phonemes = babble(number, 2.5)
        ends = [0.0, *(phoneme.end for phoneme in phonemes)]
        starts = [phoneme.start for phoneme in phonemes]
        assert starts == pytest.approx(ends[:-1])
        assert ends[-1] == 2.5
        assert sum(p.name != SILENCE for p in phonemes) > 8


def test_no_text_comes_back_in_ten_thousand_sentences() -> None:
    texts = [text_of(number) for number in range(10_000)]
    assert len(set(texts)) == len(texts)


def test_lips_close_in_every_p_b_and_m() -> None:
    closures = 0
    for number in range(12):
        phonemes = babble(number, 2.0)
        factors = neutral_factors(50)
        factors[:, columns_of("lip")] = lips_at_frames(lip_curves(phonemes, 2.0), Fraction(25), 50)
        opening = strengths(factors)[:, 0]
        for phoneme in phonemes:
            inside = [k for k in range(50) if phoneme.start <= k / 25 < phoneme.end]
            if phoneme.name in {"p", "b", "m"} and inside:
                closures += 1
                assert opening[inside].min() < 0.03
    assert closures > 10


def test_lips_move_with_the_phonemes_to_the_millisecond() -> None:
    def moment_of(shift: float) -> float:
        phonemes = [TimedPhoneme("_", 0, 0.4 + shift), TimedPhoneme("a", 0.4 + shift, 0.7)]
        curve = lip_curves(phonemes, 1.0)[:, LIP_FACTORS.index("open")]
        half = int(np.flatnonzero(curve > PHONEMES["a"].viseme.open / 2)[0])
        before, after = curve[half - 1], curve[half]
        return half - (after - PHONEMES["a"].viseme.open / 2) / (after - before)

    for milliseconds in (1, 7, 40):
        assert moment_of(milliseconds / 1000) - moment_of(0) == pytest.approx(milliseconds, abs=0.1)
    # The wish is a step at 400 ms and the smoothing even, so the lips are half open right there.
    assert moment_of(0) == pytest.approx(399.5, abs=1)


def test_a_microphone_adds_the_noise_it_should_and_no_delay() -> None:
    rng = np.random.default_rng(0)
    voice = spoken_by(1, 1, 2.0, "formant").waveform
    noisy = heard(voice, Microphone(signal_to_noise_db=10.0), rng)
    clean = heard(voice, Microphone(signal_to_noise_db=90.0), rng)
    scale = float(noisy @ clean / (clean @ clean))
    ratio = np.mean((scale * clean) ** 2) / np.mean((noisy - scale * clean) ** 2)
    assert 10 * np.log10(ratio) == pytest.approx(10, abs=0.2)
    roomy = heard(voice, Microphone(reverb_seconds=0.5, reverb_level=0.3), rng)
    offsets = range(-80, 81)
    likeness = [float(roomy[200:-200] @ np.roll(voice, k)[200:-200]) for k in offsets]
    assert abs(offsets[int(np.argmax(likeness))]) <= 2  # samples


def test_a_telephone_leaves_its_band_only() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.1, 16000).astype(np.float32)
    sound = heard(noise, Microphone(band_hz=(300.0, 3400.0), signal_to_noise_db=90.0), rng)
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    inside, above = spectrum[300:3400].mean(), spectrum[6800:].mean()
    # Two poles lose at least 12 dB an octave; one octave above the edge and more.
    assert above < 0.05 * inside
