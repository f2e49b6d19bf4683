"""Which clips are made again with other speech, and why a method has no such baseline."""

from dataclasses import replace

import pytest

from talkingface.config.settings import EvaluateSettings, Settings
from talkingface.engine.scorers import scorers_of
from talkingface.engine.scores import ClipScores
from talkingface.engine.shuffled_speech import clips_to_shuffle, why_not_shuffled
from talkingface.engine.trials import Task
from talkingface.engine.work import Work
from talkingface.metrics import METRICS
from talkingface.models.still_portrait.model import StillPortrait
from talkingface.plugins import discover
from talkingface.registry import imported_class

NAMES = [f"clip_{index:02}" for index in range(20)]
WORK = Work(
    "Talks",
    "weights",
    "D",
    "self",
    [Task(name, None) for name in NAMES],
    model=StillPortrait,
    controls=frozenset({"lip"}),
)


def settings(**chosen) -> Settings:
    return Settings(evaluate=EvaluateSettings(**chosen))


def scorers(*names: str):
    return scorers_of([discover().metrics.get(name) for name in names])[0]


def test_a_part_of_the_clips_is_drawn_by_name_and_not_from_the_first():
    few = clips_to_shuffle(settings(shuffled_clips=5), WORK, scorers("LMD"))
    assert len(few) == 5
    assert few != set(NAMES[:5])
    more = clips_to_shuffle(settings(shuffled_clips=9), WORK, scorers("LMD"))
    assert few < more
    assert clips_to_shuffle(settings(shuffled_clips=None), WORK, scorers("LMD")) == set(NAMES)


@pytest.mark.parametrize(
    ("work", "metric", "reason"),
    [
        (replace(WORK, controls=frozenset()), "LMD", "Talks takes no speech."),
        (replace(WORK, model=None), "LMD", "The videos are made already, by what they say."),
        (WORK, "SSIM", "No score that was asked for tells of lips or sync."),
    ],
)
def test_where_other_speech_has_no_meaning_nothing_is_made_and_the_reason_is_said(
    work, metric, reason
):
    chosen = scorers(metric)
    assert not clips_to_shuffle(settings(), work, chosen)
    assert why_not_shuffled(settings(), work, chosen, [ClipScores("a")]) == reason
    assert why_not_shuffled(settings(baselines=()), work, chosen, []) == ""


def test_clips_without_a_partner_or_with_broken_speech_say_so():
    chosen = scorers("LMD")
    alone = why_not_shuffled(settings(), WORK, chosen, [ClipScores("a", scores={"LMD": 1.0})])
    assert alone == "There is no other clip that speaks."
    broken = ClipScores("a", "shuffled_speech", failure="b.wav is gone.")
    assert why_not_shuffled(settings(), WORK, chosen, [broken]) == "b.wav is gone."
    made = ClipScores("b", "shuffled_speech", scores={"LMD": 2.0})
    assert why_not_shuffled(settings(), WORK, chosen, [broken, made]) == ""


def test_lips_and_sync_tell_of_speech_and_pictures_and_heads_do_not():
    telling = {one.name for one in METRICS if imported_class(one.metric, one.name).tells_of_speech}
    assert telling == {
        *("LMD", "M_LMD", "M_LMD_aligned", "M_LVD", "MAR_error", "MAR_correlation"),
        *("LSE_D", "LSE_C", "sync_offset", "LMD_SDTW", "sync_SDTW", "AV_SDTW"),
        *("sync_demo_distance", "sync_demo_confidence", "sync_demo_offset"),
        *("theval_silent_lips", "theval_lip_sync", "silent_lips_68", "lip_loudness_68"),
    }
