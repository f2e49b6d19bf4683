"""Two devices train several networks in several phases, and go on as if unbroken."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from talkingface.engine.checkpoints import Checkpoints, load_checkpoint
from talkingface.storage.weights import read_tensors

TINY = Path(__file__).parent / "tiny" / "PC_AVS.yaml"
STAGES = """
model: {pose_pictures: changed, mel_noise: 0.05}
train:
  ema_decay: 0.9
  ema_parts: [generator]
  every: {discriminator: 2}
  loss_weights: {pixels: 10, gan: 0.2}
  stages:
    - name: motion
      steps: 2
      phases: [motion, disentangling]
      learns: [speech_encoder, motion_encoder, to_mouth, headpose_embed, people_by_pose]
    - name: drawing
      steps: 3
      phases: [motion, generator, discriminator]
      learns: [identity_encoder, speech_encoder, mouth_embed, generator, discriminator]
"""
TWO_RANKS = ("-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone")
WORDS = ("--batch_size=4", "--log_every=1", "--curves=none", "--save_every=1", "--keep_every=1")


def noted(run: Path) -> dict[int, dict[str, float]]:
    """Return the losses of each step, as they were noted last."""
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return {
        line["step"]: {name: value for name, value in line.items() if "/" in name} for line in lines
    }


def same(one, other) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return np.array_equal(one, other) if hasattr(one, "shape") else one == other


@pytest.mark.slow  # four programs that each take seconds to begin
def test_two_devices_go_on_as_if_unbroken_after_each_stage(start, tmp_path: Path) -> None:
    (tmp_path / "stages.yaml").write_text(STAGES)
    files = ("--config_files", str(TINY), str(tmp_path / "stages.yaml"))
    words = ("train", "--model=PC_AVS", "--dataset=Squares", "--device=cpu", *files, *WORDS)
    process = start(*words, launcher=TWO_RANKS)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    (whole,) = (tmp_path / "runs").iterdir()
    assert [
        sorted({name.split("/")[0] for name in losses}) for losses in noted(whole).values()
    ] == [
        ["disentangling", "motion"],
        ["disentangling", "motion"],
        ["discriminator", "generator", "motion"],
        ["generator", "motion"],
        ["discriminator", "generator", "motion"],
    ]
    weights = read_tensors(whole / "weights.safetensors")
    assert {name.split(".")[0] for name in weights} == {"network"}
    for step in (1, 3):
        # As if it had been killed after this step.
        broken = shutil.copytree(whole, tmp_path / f"broken-{step}")
        last = {"file": f"step-{step:08d}.pt"}
        (broken / "checkpoints" / "last.json").write_text(json.dumps(last))
        (broken / "weights.safetensors").unlink()
        process = start("train", f"--resume={broken}", launcher=TWO_RANKS)
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert f"Going on from step {step}" in err
        assert noted(broken) == noted(whole)
        ends = [load_checkpoint(Checkpoints(run / "checkpoints").last) for run in (whole, broken)]
        for part in ("model", "averages", "optimizers", "step", "random"):
            assert same(ends[0][part], ends[1][part]), part
        assert same(read_tensors(broken / "weights.safetensors"), weights)
