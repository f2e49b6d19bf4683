"""What verbs that make a run share: its folder, its record, and the clips that it works on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingface.cli.call import Call
from talkingface.cli.verbs import PROGRAM
from talkingface.config.layers import Resolved
from talkingface.config.written import as_file
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.launch import Launch
from talkingface.engine.run_folder import RunFolder

if TYPE_CHECKING:
    from talkingface.engine.ranks import Ranks


def prepared_dataset(call: Call, ranks: "Ranks") -> TalkingFaceDataset:
    """Return the dataset of this call with all that its clips need, made by the first rank."""
    from talkingface.engine.build import build_dataset
    from talkingface.engine.progress import progress

    dataset = build_dataset(call.dataset(), call.resolved.settings)
    with ranks.first_goes_first(), progress("preparing the clips") as step:
        dataset.prepare(step)
    return dataset


def new_run(
    call: Call, resolved: Resolved, ranks: "Ranks", purpose: str, **facts: object
) -> RunFolder:
    """Return a new folder for this run, the same one for all ranks.

    Args:
        call: what was asked for.
        resolved: the settings that the run is made with.
        ranks: the processes that work on it.
        purpose: the last part of its name, such as the dataset.
        facts: what the manifest says beside the program, the device and the seed.
    """
    made = _create(call, resolved, purpose, facts) if ranks.is_first else ""
    return RunFolder(Path(ranks.from_first(made)))


def _create(call: Call, resolved: Resolved, purpose: str, facts: dict[str, Any]) -> str:
    from talkingface.engine.devices import choose_device
    from talkingface.engine.provenance import provenance

    settings = resolved.settings
    manifest = {
        **provenance([*PROGRAM.split(), *call.argv]),
        "device": str(choose_device(settings.device)),
        "seed": settings.seed,
        "job": Launch.of_this_process().job,
        **facts,
    }
    run = RunFolder.create(
        Path(settings.runs_folder),
        settings.model.name,
        purpose,
        config=as_file(resolved),
        manifest=manifest,
    )
    return str(run.path)
