"""The baseline of shuffled speech: the method again, given what somebody else says.

A method that hears must lose by it, so only scores that tell of lips or sync are taken. It takes as
long as the method itself: a part of the clips, drawn by name, stands for all.
"""

from collections.abc import Sequence

from talkingface.config.settings import Settings
from talkingface.data.splits import drawn
from talkingface.engine.scorers import Scorer
from talkingface.engine.scores import SHUFFLED, ClipScores
from talkingface.engine.work import Work


def clips_to_shuffle(settings: Settings, work: Work, scorers: Sequence[Scorer]) -> frozenset[str]:
    """Return the names of the clips that are made again; none where it has no meaning."""
    chosen = settings.evaluate
    if SHUFFLED not in chosen.baselines or _reason_before(work, scorers):
        return frozenset()
    order = drawn((task.name for task in work.tasks), settings.seed)
    return frozenset(order[: chosen.shuffled_clips])


def why_not_shuffled(
    settings: Settings, work: Work, scorers: Sequence[Scorer], rows: Sequence[ClipScores]
) -> str:
    """Return why the baseline has no score, or an empty text where it has, or was not wanted."""
    shuffled = [row for row in rows if row.subject == SHUFFLED]
    if SHUFFLED not in settings.evaluate.baselines or any(row.scores for row in shuffled):
        return ""
    if reason := _reason_before(work, scorers):
        return reason
    failures = [row.failure for row in shuffled if row.failure]
    return failures[0] if failures else "There is no other clip that speaks."


def _reason_before(work: Work, scorers: Sequence[Scorer]) -> str:
    """Return what forbids it before any clip is opened."""
    if work.model is None:
        return "The videos are made already, by what they say."
    if "lip" not in work.controls:
        return f"{work.method} takes no speech."
    if not any(one.kind.tells_of_speech for one in scorers):
        return "No score that was asked for tells of lips or sync."
    return ""
