"""The main job: prepare what is missing, train if asked to, generate and score."""

from talkingface.cli.call import Call
from talkingface.cli.runs import new_run, prepared_dataset
from talkingface.errors import UsageError


def run_all(call: Call) -> int:
    """Prepare what is missing, train if `train` is true, then generate and score the split."""
    if not call.resolved.settings.train.enabled:
        return evaluate(call)
    from talkingface.cli.train import train_with

    trained = train_with(call)
    if trained.weights is None:
        return trained.stopped_by or 0
    return evaluate(call, weights=str(trained.weights))


def evaluate(call: Call, weights: str | None = None) -> int:
    """Generate the clips of the split, score them, and print the scores and where all lies.

    `weights` are the ones that this call has just trained.
    """
    from talkingface.engine.evaluation import evaluate_split
    from talkingface.engine.ranks import Ranks
    from talkingface.engine.scores import as_table

    model = call.model()
    resolved = call.resolved.with_weights(weights) if weights else call.resolved
    settings = resolved.settings
    if not settings.evaluate.metrics:
        raise UsageError("Name at least one score: --evaluate.metrics=SSIM,PSNR. See list metrics.")
    metrics = [call.registry.metrics.get(name) for name in settings.evaluate.metrics]
    ranks = Ranks()
    dataset = prepared_dataset(call, ranks)
    name = settings.dataset.name
    run = new_run(call, resolved, ranks, name, data_fingerprint=dataset.fingerprint())
    with run.logging():
        done = evaluate_split(settings, model, dataset, metrics, run, ranks)
    if not ranks.is_first:
        return 0
    print(f"{model.name} on {name} ({settings.evaluate.split}):")
    print(as_table(done.rows, done.metrics))
    for metric, reason in done.unavailable.items():
        print(f"  {metric:<12}unavailable: {reason}")
    print(f"  {len(done.rows)} clips, {done.num_failed} failed, {done.seconds:.0f} s")
    print(f"Video:   {done.first_video}")
    print(f"Results: {run.results}")
    return 0
