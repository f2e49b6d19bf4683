"""The verb `evaluate`: clips are generated, or taken as they are, and scored."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from talkingface.cli.call import Call
from talkingface.cli.report import compare_runs, report_run
from talkingface.cli.runs import new_run, prepared_dataset
from talkingface.engine.run_folder import RunFolder
from talkingface.errors import RunError, TalkingFaceError, UsageError

if TYPE_CHECKING:
    from talkingface.engine.evaluation import Evaluation
    from talkingface.engine.ranks import Ranks

logger = logging.getLogger(__name__)


def evaluate(call: Call, weights: str | None = None) -> int:
    """Score one method or several, print one table, and say where all of it lies.

    Args:
        call: what was asked for.
        weights: those that this call has just trained.

    Raises:
        RunError: Some clips, or some methods, could not be scored.
    """
    from talkingface.engine.ranks import Ranks

    ranks = Ranks()
    calls = call.of_each_model()
    done: list[Evaluation] = []
    failed: list[str] = []
    for one in calls:
        try:
            evaluation = _evaluated(one, weights, ranks)
        except TalkingFaceError as error:
            if len(calls) == 1:
                raise
            failed.append(one.model().name)
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


def _evaluated(call: Call, weights: str | None, ranks: "Ranks") -> "Evaluation | None":
    """Return what came out of one method; None on ranks that do not write the tables."""
    from talkingface.engine.evaluation import evaluate as score
    from talkingface.engine.scorers import named_metrics
    from talkingface.engine.work import work_of_files, work_of_model

    resolved = call.resolved.with_weights(weights) if weights else call.resolved
    settings = resolved.settings
    chosen = settings.evaluate
    metrics = named_metrics(chosen.metrics, call.registry.metrics)
    if chosen.generated is not None:
        run = _run(call, ranks, "files")
        with run.logging():
            return score(settings, work_of_files(chosen), metrics, run, ranks)
    if chosen.reference is not None:
        raise UsageError("--reference is what --generated=FOLDER is compared with. Write both.")
    spec = call.video_model()
    dataset = None if chosen.clip_list is not None else prepared_dataset(call, ranks)
    facts = {} if dataset is None else {"data_fingerprint": dataset.fingerprint()}
    run = _run(call, ranks, settings.dataset.name or "list", weights=weights, **facts)
    with run.logging():
        work = work_of_model(settings, spec, dataset, ranks)
        return score(settings, work, metrics, run, ranks)


def _run(
    call: Call, ranks: "Ranks", purpose: str, weights: str | None = None, **facts: object
) -> RunFolder:
    """Return the folder of this evaluation: a new one, or that which it goes on with."""
    if call.resumed_evaluation is not None:
        return RunFolder(call.resumed_evaluation)
    resolved = call.resolved.with_weights(weights) if weights else call.resolved
    return new_run(call, resolved, ranks, purpose, **facts)


def _print(done: "Sequence[Evaluation]") -> None:
    from talkingface.engine.result_table import as_table, unavailable_lines

    results = [one.results for one in done]
    first = results[0]
    part = f"{first['split']}, {first['protocol']}" if first["split"] else first["protocol"]
    print(f"{' and '.join(one['method'] for one in results)} on {first['dataset']} ({part}):")
    print(as_table(results))
    for line in unavailable_lines(results):
        print(line)
    for one in done:
        print(
            f"  {one.results['num_clips']} clips, {one.num_failed} failed, "
            f"{one.results['seconds']:.0f} s; list sha256:{one.results['list_sha256'][:16]}"
        )
        print(f"Video:   {one.first_video}")
        print(f"Results: {one.run.results}")
        report_run(one.run.path)
    if len(done) > 1:
        compare_runs([one.run.path for one in done])
