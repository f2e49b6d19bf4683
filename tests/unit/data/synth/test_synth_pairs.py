"""Pairs: each control comes from its driver, the face from the portrait, the answer is drawn."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.clip import Clip
from talkingface.data.synth import load_split, pairs
from talkingface.data.synth.driving import ping_pong
from talkingface.data.synth.factors import columns_of
from talkingface.errors import DataError


def factors_of(clip: Clip) -> np.ndarray:
    factors = clip.truth("factors")
    assert factors is not None
    return factors


def test_each_control_of_the_answer_is_its_drivers(small_corpus: Path) -> None:
    made = pairs(small_corpus, "test")
    assert len(made) == 3
    for pair in made:
        answer = factors_of(pair.answer)
        assert set(pair.job.controls) == {"pose", "blink", "gaze", "emotion"}
        for group, control in pair.job.controls.items():
            assert isinstance(control.source, Clip)
            assert control.source.identity != pair.answer.identity
            driver = factors_of(control.source)
            columns = columns_of(group)
            np.testing.assert_array_equal(answer[:, columns], driver[:, columns])


def test_lips_and_sound_come_from_the_same_clip(small_corpus: Path) -> None:
    clips = load_split(small_corpus, "test")
    for pair in pairs(small_corpus, "test"):
        sound = pair.job.speech.read(16000)
        (speaker,) = [c for c in clips if c.speech and np.array_equal(c.speech.read(16000), sound)]
        assert speaker.identity != pair.answer.identity
        lips = columns_of("lip")
        expected = factors_of(speaker)[:, lips]
        np.testing.assert_array_equal(factors_of(pair.answer)[:, lips], expected)


def test_the_portrait_is_a_frame_of_the_person_who_answers(small_corpus: Path) -> None:
    by_identity = {clip.identity: clip for clip in load_split(small_corpus, "test")}
    for pair in pairs(small_corpus, "test"):
        frames = by_identity[pair.answer.identity].frames
        assert frames is not None
        assert any(np.array_equal(pair.job.portraits[0], frame) for frame in frames)
        assert pair.answer.frames is not None
        size = pair.job.portraits[0].shape[0]
        assert pair.answer.frames.read(2, 4).shape == (2, size, size, 3)


def test_ping_pong_repeats_both_ends() -> None:
    rows = np.arange(3.0)[:, None]
    np.testing.assert_array_equal(ping_pong(rows, 8)[:, 0], [0, 1, 2, 2, 1, 0, 0, 1])


def test_one_person_cannot_be_driven_by_another(small_corpus: Path) -> None:
    with pytest.raises(DataError, match="fewer than two people"):
        pairs(small_corpus, "val")
