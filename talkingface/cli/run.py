"""The main job: prepare what is missing, train if asked to, generate and score."""

from pathlib import Path

from talkingface.cli.call import Call
from talkingface.cli.verbs import PROGRAM
from talkingface.config.layers import Resolved
from talkingface.config.written import as_file
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.run_folder import RunFolder


def run_all(call: Call) -> int:
    """Prepare what is missing, train if `train` is true, then generate and score the split."""
    if not call.resolved.settings.train.enabled:
        return evaluate(call)
    from talkingface.cli.train import train_with

    fabric, trained = train_with(call)
    if trained.weights is None or not fabric.is_global_zero:
        return trained.stopped_by or 0
    return evaluate(call, weights=str(trained.weights))


def preprocess(call: Call) -> int:
    """Make what the dataset's clips need and is not there yet."""
    dataset = prepared_dataset(call)
    print(f"{dataset.settings.name} is ready.")
    return 0


def evaluate(call: Call, weights: str | None = None) -> int:
    """Generate the clips of the split, score them, and print the scores and where all lies.

    `weights` are the ones that this call has just trained.
    """
    from talkingface.engine.evaluation import evaluate_split
    from talkingface.engine.scores import as_table

    model = call.model()
    resolved = call.resolved.with_weights(weights) if weights else call.resolved
    settings = resolved.settings
    metrics = [call.registry.metrics.get(name) for name in settings.evaluate.metrics]
    dataset = prepared_dataset(call)
    run = new_run(call, resolved, dataset)
    with run.logging():
        done = evaluate_split(settings, model, dataset, metrics, run)
    print(f"{model.name} on {settings.dataset.name} ({settings.evaluate.split}):")
    print(as_table(done.rows, done.metrics))
    for name, reason in done.unavailable.items():
        print(f"  {name:<12}unavailable: {reason}")
    print(f"  {len(done.rows)} clips, {done.num_failed} failed, {done.seconds:.0f} s")
    print(f"Video:   {done.first_video}")
    print(f"Results: {run.results}")
    return 0


def prepared_dataset(call: Call) -> TalkingFaceDataset:
    """Return the dataset of this call with all that its clips need."""
    from talkingface.engine.build import build_dataset
    from talkingface.engine.progress import progress

    dataset = build_dataset(call.dataset(), call.resolved.settings)
    with progress("preparing the clips") as step:
        dataset.prepare(step)
    return dataset


def new_run(call: Call, resolved: Resolved, dataset: TalkingFaceDataset) -> RunFolder:
    """Make the folder of this run, with all that is needed to repeat it."""
    from talkingface.engine.devices import choose_device
    from talkingface.engine.provenance import provenance

    settings = resolved.settings
    manifest = {
        **provenance([*PROGRAM.split(), *call.argv]),
        "device": str(choose_device(settings.device)),
        "seed": settings.seed,
        "data_fingerprint": dataset.fingerprint(),
    }
    return RunFolder.create(
        Path(settings.runs_folder),
        settings.model.name,
        settings.dataset.name,
        config=as_file(resolved),
        manifest=manifest,
    )
