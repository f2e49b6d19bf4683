"""The main job: prepare what is missing, train if asked to, generate and score."""

from pathlib import Path

from talkingface.cli.call import Call
from talkingface.cli.verbs import PROGRAM
from talkingface.config.written import as_file
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.run_folder import RunFolder
from talkingface.errors import RunError


def run_all(call: Call) -> int:
    """Prepare what is missing, train if `train` is true, then generate and score the split."""
    if call.resolved.settings.train.enabled:
        raise RunError("Training waits for the trainer, the next floor. Leave out --train.")
    return evaluate(call)


def preprocess(call: Call) -> int:
    """Make what the dataset's clips need and is not there yet."""
    dataset = _prepared_dataset(call)
    print(f"{dataset.settings.name} is ready.")
    return 0


def evaluate(call: Call) -> int:
    """Generate the clips of the split, score them, and print the scores and where all lies."""
    from talkingface.engine.evaluation import evaluate_split
    from talkingface.engine.scores import as_table

    model = call.model()
    settings = call.resolved.settings
    metrics = [call.registry.metrics.get(name) for name in settings.evaluate.metrics]
    dataset = _prepared_dataset(call)
    run = _new_run(call, dataset)
    with run.logging():
        done = evaluate_split(call.resolved, model, dataset, metrics, run)
    print(f"{model.name} on {settings.dataset.name} ({settings.evaluate.split}):")
    print(as_table(done.rows, metrics))
    print(f"  {len(done.rows)} clips, {done.num_failed} failed, {done.seconds:.0f} s")
    print(f"Video:   {done.first_video}")
    print(f"Results: {run.results}")
    return 0


def _prepared_dataset(call: Call) -> TalkingFaceDataset:
    from talkingface.engine.build import build_dataset
    from talkingface.engine.progress import progress

    dataset = build_dataset(call.dataset(), call.resolved.settings)
    with progress("preparing the clips") as step:
        dataset.prepare(step)
    return dataset


def _new_run(call: Call, dataset: TalkingFaceDataset) -> RunFolder:
    from talkingface.engine.devices import choose_device
    from talkingface.engine.provenance import provenance

    settings = call.resolved.settings
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
        config=as_file(call.resolved),
        manifest=manifest,
    )
