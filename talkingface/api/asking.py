"""Makes an assignment of what a Python call says, as the command line makes one of its words."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from talkingface.config.fields import field_types
from talkingface.config.given import section_of, words_of
from talkingface.config.layers import resolve
from talkingface.config.settings import Settings
from talkingface.config.short_keys import written_out
from talkingface.engine.assignment import Assignment
from talkingface.engine.run_folder import EVALUATION, TRAINING, existing_run
from talkingface.plugins import discover

HERE = "this call"  # what messages call the place where a value was given
EVIDENCE = {"train": TRAINING, "evaluate": EVALUATION}

PathLike = str | Path


def asked(
    verb: Literal["train", "evaluate", "generate", "export"],
    said: Mapping[str, Any],
    config_files: Iterable[PathLike] = (),
    plugins: Iterable[PathLike] = (),
) -> Assignment:
    """Return what a call asks for.

    Args:
        verb: what is to be done; keys of its own section need no prefix.
        said: values by key; None says nothing. ``resume`` is a run folder to go on with.
        config_files: settings files, below what is said.
        plugins: files with models, datasets or metrics of one's own.

    Raises:
        TalkingFaceError: A key, a value, a name or a file cannot be used.
    """
    said = {key: value for key, value in said.items() if value is not None}
    files, own = [str(one) for one in config_files], [str(one) for one in plugins]
    words = [
        *words_of(said),
        *(["--config_files", *files] if files else []),
        *(["--plugins", *own] if own else []),
    ]
    resumed = None
    if "resume" in said:
        resumed = existing_run(Path(said["resume"]), EVIDENCE[verb])
        files.insert(0, str(resumed / "config.yaml"))
    registry = discover(Path(one) for one in own)
    section = verb if verb in field_types(Settings) else ""
    resolved = resolve(registry, written_out(section_of(said, HERE), section), files)
    return Assignment(registry, resolved, (verb, *words), resumed, tuple(own))
