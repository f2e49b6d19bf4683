"""The protocol by which the demo weights are judged, and that they stand it."""

import numpy as np
import pytest

from talkingface.data.synth.identity import person_named
from talkingface.data.synth.recipe import Recipe, SynthTalkSizes
from talkingface.data.synth.sentences import text_of
from talkingface.media.sound import SpeechArray
from talkingface.metrics.sync_demo import own_embedder
from talkingface.models.sync_net.trials import (
    FIRST_PERSON,
    Condition,
    delayed,
    drawn_clip,
    share_within,
    trial_errors,
)

HARD = {
    "voices that read": Condition("espeak"),
    "microphones": Condition(microphone=True),
    "both": Condition("espeak", microphone=True),
}


def test_sound_is_moved_by_whole_frames_and_keeps_its_length():
    sound = np.arange(1, 6401, dtype=np.float32) / 6400
    late = delayed(SpeechArray(sound, 16_000), 3).read(16_000)
    assert (late[:1920] == 0).all()
    np.testing.assert_array_equal(late[1920:], sound[:-1920])
    early = delayed(SpeechArray(sound, 16_000), -2).read(16_000)
    np.testing.assert_array_equal(early[:-1280], sound[1280:])
    assert (early[-1280:] == 0).all()
    np.testing.assert_array_equal(delayed(SpeechArray(sound, 16_000), 0).read(16_000), sound)


def test_a_trial_shows_somebody_whom_no_corpus_shows_for_two_to_four_seconds():
    plans = list(Recipe(SynthTalkSizes(train=5000), seed=0, image_px=112).plans())
    people, lengths = {plan.person for plan in plans}, []
    for number in range(0, 200, 40):
        clip = drawn_clip(number, Condition())
        assert person_named(clip.identity).number not in people
        assert clip.speech.seconds == len(clip.frames) / 25
        lengths.append(len(clip.frames))
    assert min(lengths) >= 50
    assert max(lengths) <= 100


def test_a_trial_reads_what_no_corpus_reads():
    plans = Recipe(SynthTalkSizes(train=5000), seed=0, image_px=112).plans()
    texts = {text_of(plan.sentence) for plan in plans}
    assert len(texts) == 5044
    assert not texts & {text_of(FIRST_PERSON + number) for number in range(200)}


def test_shares_count_errors_of_either_sign():
    assert share_within([0, -1, 1, 7], 0) == 0.25
    assert share_within([0, -1, 1, 7], 1) == 0.75


def test_demo_weights_tell_the_shift_of_clean_speech():
    assert trial_errors(own_embedder(), Condition(), range(3)) == [0, 0, 0]


@pytest.mark.slow
@pytest.mark.long  # 200 clips are drawn and seen: a minute
def test_demo_weights_stand_two_hundred_trials():
    errors = trial_errors(own_embedder(), Condition(), range(200))
    assert share_within(errors, 0) >= 0.98
    assert share_within(errors, 1) >= 0.99


@pytest.mark.slow
@pytest.mark.long  # a minute each
@pytest.mark.parametrize("condition", HARD.values(), ids=list(HARD))
def test_demo_weights_stand_other_voices_noise_and_rooms(condition):
    errors = trial_errors(own_embedder(), condition, range(200))
    assert share_within(errors, 0) >= 0.95
