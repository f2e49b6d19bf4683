"""The curves of a training, from the lines that it left in ``metrics.jsonl``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from talkingface.engine.run_folder import RunFolder
from talkingface.report.saying import mapping, number

NOT_A_VALUE = ("step", "stage")


@dataclass(frozen=True)
class History:
    """What was noted while the weights of a run were trained."""

    run: Path | None = None  # the folder of the training
    curves: Mapping[str, Mapping[int, float]] = field(default_factory=dict)  # by name, then by step


def read_history(folder: Path, weights: str) -> History:
    """Return the training that a run holds or, where it only scored, the one of its weights.

    Args:
        folder: the run.
        weights: the file of weights that it scored, if it names one.
    """
    own = _curves(RunFolder(folder).path / "metrics.jsonl")
    if own:
        return History(folder, own)
    trained_in = Path(weights).parent
    if weights.endswith(".safetensors") and (found := _curves(trained_in / "metrics.jsonl")):
        return History(trained_in, found)
    return History()


def _curves(path: Path) -> dict[str, dict[int, float]]:
    """Return the values of all lines that are about a step; a resumed step counts once."""
    curves: dict[str, dict[int, float]] = {}
    if not path.is_file():
        return curves
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                noted = mapping(json.loads(line))
            except (ValueError, RecursionError):
                continue  # the last line of a run that was killed may be half written
            step = number(noted.get("step"))
            for name, value in noted.items() if step is not None else ():
                found = number(value)
                if name not in NOT_A_VALUE and found is not None:
                    curves.setdefault(name, {})[int(step or 0)] = found
    return {name: dict(sorted(values.items())) for name, values in curves.items()}
