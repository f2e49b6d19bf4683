"""What parts of a network are good for: ``python -m benchmarks.rhythmic_ablations RUN ...``.

Runs of Rhythmic_Head_Motion were trained as `rhythmic_ablations.yaml` says, one whole and others
without something. They draw the test clips of SynthTalk in the true pose, with lips by the speech,
and so do the demo weights, which were trained longer. With ``--record`` the figures are kept.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
import yaml

from benchmarks.demo_quality import built, summary
from benchmarks.record import own_weights, record
from benchmarks.rhythmic import MODEL, drawn, test_clips
from talkingface.job import Control, Job
from talkingface.models.rhythmic_head_motion.model import RhythmicHeadMotion

PARTS = {"warped": ["reference", "ani"], "attention": "learned", "composition": "nonlinear"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--record", action="store_true", help="keep the figures for the card")
    words = parser.parse_args()
    figures = {
        name_of(run): measured(run / "weights.safetensors", words.clips) for run in words.runs
    }
    figures["demo weights"] = measured(None, words.clips)
    for name, values in figures.items():
        print(name)
        for figure, one in values.items():
            print(f"  {figure:40} {one['mean']:.4f} ± {one['standard_error']:.4f}")
    if words.record:
        command, content = "python -m benchmarks.rhythmic_ablations", {"figures": figures}
        print(record(MODEL, command, own_weights(MODEL), content))


def name_of(run: Path) -> str:
    """Return in what the network of a run differs from the paper's."""
    settings = yaml.safe_load((run / "config.yaml").read_text(encoding="utf-8"))
    network = {part: settings[f"model.network.{part}"] for part in PARTS}
    others = [f"{part}={value}" for part, value in network.items() if value != PARTS[part]]
    return ", ".join(others) or "whole"


@torch.inference_mode()
def measured(weights: Path | None, num_clips: int) -> dict[str, dict[str, float]]:
    """Return the figures of all clips, summed up."""
    model = built(MODEL, str(weights) if weights else None)
    assert isinstance(model, RhythmicHeadMotion)
    rows = []
    for clip in test_clips(model)[:num_clips]:
        assert clip.frames is not None
        assert clip.speech is not None
        true = clip.frames.read(0, len(clip.frames))
        job = Job(clip.name, (true[0],), clip.speech, {"pose": Control(clip)}, subject=clip)
        rows.append(drawn(model, job, clip, true))
    return {name: summary(np.array([row[name] for row in rows])) for name in rows[0]}


if __name__ == "__main__":
    main()
