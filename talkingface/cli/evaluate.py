"""The verb `evaluate`: clips are generated, or taken as they are, and scored."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from talkingface.cli.call import Call
from talkingface.cli.report import compare_runs, report_run
from talkingface.errors import RunError, TalkingFaceError

if TYPE_CHECKING:
    from talkingface.engine.evaluation import Evaluation

logger = logging.getLogger(__name__)


def evaluate(call: Call, weights: str | None = None) -> int:
    """Score one method or several, print one table, and say where all of it lies.

    Args:
        call: what was asked for.
        weights: those that this call has just trained.

    Raises:
        RunError: Some clips, or some methods, could not be scored.
    """
    from talkingface.engine.carry_out import evaluate as carry_out
    from talkingface.engine.ranks import Ranks

    ranks = Ranks()
    calls = call.of_each_model()
    done: list[Evaluation] = []
    failed: list[str] = []
    for one in calls:
        try:
            asked = replace(one.asked, resumed=one.resumed_evaluation)
            evaluation = carry_out(asked.with_weights(weights) if weights else asked, ranks)
        except TalkingFaceError as error:
            if len(calls) == 1:
                raise
            failed.append(one.asked.model().name)
            logger.warning("%s could not be scored: %s", failed[-1], error)
            continue
        if evaluation is not None:
            done.append(evaluation)
    if done:
        _print(done)
    if failed:
        raise RunError(f"{', '.join(failed)} could not be scored; the reasons stand above.")
    for evaluation in done:
        if evaluation.num_failed:
            raise RunError(
                f"{evaluation.num_failed} of {evaluation.results['num_clips']} clips could not be "
                f"scored; the reasons are in {evaluation.run.per_clip}."
            )
    return 0


def _print(done: "Sequence[Evaluation]") -> None:
    from talkingface.engine.result_table import (
        as_table,
        failure_lines,
        left_out_lines,
        unavailable_lines,
    )

    results = [one.results for one in done]
    first = results[0]
    part = f"{first['split']}, {first['protocol']}" if first["split"] else first["protocol"]
    print(f"{' and '.join(one['method'] for one in results)} on {first['dataset']} ({part}):")
    print(as_table(results))
    for line in [*unavailable_lines(results), *left_out_lines(results)]:
        print(line)
    for one in done:
        print(
            f"  {one.results['num_clips']} clips, {one.num_failed} failed, "
            f"{one.results['seconds']:.0f} s; list sha256:{one.results['list_sha256'][:16]}"
        )
        for line in failure_lines(one.results):
            print(line)
        video, why = one.best_video
        print(f"Video:   {video} ({why})")
        print(f"Results: {one.run.results}")
        report_run(one.run.path)
    if len(done) > 1:
        compare_runs([one.run.path for one in done])
