"""`preprocess --audit`: looks through the clips of a dataset and says what is there."""

import os

from talkingface.cli.call import Call
from talkingface.data.preparation.options import PreparationOptions


def audit_dataset(call: Call, options: PreparationOptions) -> int:
    """Print what is in the dataset, and write a row for each clip: to a run folder, or a file."""
    from talkingface.data.audit import Examination, audit
    from talkingface.data.audit_table import write_audit
    from talkingface.engine.progress import progress
    from talkingface.engine.ranks import Ranks
    from talkingface.engine.sound_offset import sound_offset

    dataset = call.asked.prepared_dataset(Ranks())
    examination = Examination(options.audit_pictures, options.landmarks, sound_offset())
    # The classes of a plugin file are known to this process alone.
    workers = 1 if call.arguments.plugins else options.workers or os.cpu_count() or 1
    place = call.place(options.csv, f"audit-{dataset.settings.name}", "audit.csv")
    with place as path, progress("looking through the clips") as step:
        table = write_audit(audit(dataset, examination, workers=workers, progress=step), path)
    print(table)
    print(f"Every clip: {path}")
    return 0
