"""Keeps what was measured of a model, for its card: ``python -m benchmarks.record RUN ...``.

``checkpoints/MODEL/results.json`` has an entry for each command that measured, with the SHA-256 of
all demo weights that had a part in it. Runs of `evaluate` are taken from their folders; benchmarks
of models write their own entries. A number on a card is one of these, or a test says so.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from talkingface.config.locations import demo_weights
from talkingface.storage.atomic import write_json
from talkingface.storage.digest import sha256_of

KEPT = ("dataset", "split", "protocol", "num_clips", "scores", "beside", "controls", "theval")


def record(
    model: str, command: str, weights: Mapping[str, str], figures: Mapping[str, Any]
) -> Path:
    """Put what a command measured of a model into its file, in place of what it measured before.

    Args:
        model: whose card shows it.
        command: what is typed to measure it again.
        weights: SHA-256 of the demo weights that were used, by model.
        figures: numbers by name, nested at will.
    """
    path = demo_weights(model).with_name("results.json")
    entries = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    entries[command] = {"weights": dict(weights), **figures}
    path.parent.mkdir(exist_ok=True)
    write_json(path, entries)
    return path


def own_weights(model: str) -> dict[str, str]:
    """Return the SHA-256 of a model's demo weights, by its name."""
    return {model: sha256_of(demo_weights(model))}


def of_run(folder: Path) -> Path:
    """Record a run of `evaluate`."""
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    model = results["method"]
    weights = {model: results["weights_sha256"]} if results["weights_sha256"] else {}
    for metric in results["metrics"].values():
        own = {name: digest for name, digest in metric["weights"].items() if "/demo" in name}
        weights |= {name.removesuffix("/demo"): digest for name, digest in own.items()}
    kept = {name: results[name] for name in KEPT if results.get(name)}
    command = re.sub(r" --runs_folder=\S+", "", manifest["command"])  # where makes no difference
    return record(model, command, weights, kept)


if __name__ == "__main__":
    for run in sys.argv[1:]:
        print(of_run(Path(run)))
