"""The verb `preprocess`: a dataset makes what it needs, of itself or of raw material."""

from pathlib import Path
from typing import TYPE_CHECKING

from talkingface.cli.audit import audit_dataset
from talkingface.cli.call import Call
from talkingface.data.preparation.options import PreparationOptions
from talkingface.errors import UsageError

if TYPE_CHECKING:
    from talkingface.data.preparation.plan import Preparation


def preprocess(call: Call) -> int:
    """Make what the dataset's clips need and is not there yet, or prepare raw material for it."""
    options = call.options()
    assert isinstance(options, PreparationOptions)
    if options.audit:
        return audit_dataset(call, options)
    if options.input is not None:
        return _prepare_raw(call, options)
    if options != PreparationOptions():  # something is said of material that is not there
        raise UsageError("Say which raw material is meant: --input=FILE or --input=FOLDER.")
    from talkingface.engine.ranks import Ranks

    dataset = call.asked.prepared_dataset(Ranks())
    print(f"{dataset.settings.name} is ready.")
    return 0


def _prepare_raw(call: Call, options: PreparationOptions) -> int:
    from talkingface.data.preparation.alignment import AlignmentAlone
    from talkingface.engine.build import build_dataset
    from talkingface.engine.progress import progress

    if options.crop_only:
        preparation: Preparation = AlignmentAlone(options)
    else:
        preparation = build_dataset(call.asked.dataset(), call.asked.settings).preparation(options)
    if options.preview is not None:
        preparation.preview(Path(options.preview))
        print(f"Preview: {options.preview}")
        return 0
    with progress("preparing raw material") as step:
        outcome, remarks = preparation.run(step)
    print(outcome, *remarks, sep="\n")
    return 0
