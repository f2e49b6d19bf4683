"""Which scores can be had here, and what is said of the others."""

import hashlib
from functools import partial

import pytest
import torch

from talkingface.config.locations import checkpoints_folder
from talkingface.engine import scorers
from talkingface.engine.scorers import named_metrics, scorers_of
from talkingface.errors import PluginError, UsageError
from talkingface.metrics.base import Metric
from talkingface.plugins import discover
from talkingface.registry import MetricSpec

KNOWN = discover().metrics


class Weighed(Metric):
    """Scores with a network of one number."""

    weights = ("scales",)

    def __init__(self, number):
        self.number = number

    @classmethod
    def from_networks(cls, networks):
        return partial(cls, float(networks.files["scales"]["number"]))

    def update(self, pair):
        pass

    def compute(self):
        return self.number


WEIGHED = MetricSpec("Weighed", "A number.", higher_is_better=True, metric=Weighed)


@pytest.fixture
def files(monkeypatch):
    """Return the files of weights that are here, by name: none until a test puts one there."""
    held = {}

    def published_files(names):
        return {name: path for name, path in held.items() if name in names}

    monkeypatch.setattr(scorers, "published_files", published_files)
    return held


def test_without_its_weights_a_score_says_why_and_what_to_do(files):
    metrics = named_metrics(["PSNR", "FID", "LPIPS"], KNOWN)
    found, unavailable = scorers_of(metrics)
    assert [one.name for one in found] == ["PSNR"]
    assert unavailable["FID"].download == "download fid_inception"
    assert unavailable["LPIPS"].download == "download lpips_alexnet lpips_heads"
    assert "fid_inception" in unavailable["FID"].reason
    assert "lpips_alexnet and lpips_heads" in unavailable["LPIPS"].reason


def test_weights_that_are_here_are_read_and_named_by_their_checksum(files, tmp_path):
    files["scales"] = tmp_path / "scales.pth"
    torch.save({"number": torch.tensor(2.5)}, files["scales"])
    (found,), unavailable = scorers_of([WEIGHED])
    assert not unavailable
    assert found.make().compute() == 2.5
    content = files["scales"].read_bytes()
    assert found.weights == {"scales": hashlib.sha256(content).hexdigest()}


def test_weights_that_come_with_the_toolkit_are_named_by_their_checksum(files):
    (found,), _ = scorers_of(named_metrics(["sync_demo_offset"], KNOWN))
    content = (checkpoints_folder() / "SyncNet" / "demo.safetensors").read_bytes()
    assert found.weights == {"SyncNet/demo": hashlib.sha256(content).hexdigest()}


def test_a_score_of_what_a_protocol_does_not_have_says_so(files):
    metrics = named_metrics(["SSIM", "pose_error", "CPBD"], KNOWN)
    found, unavailable = scorers_of(metrics, compared={"lip"})
    assert [one.name for one in found] == ["CPBD"]
    assert "same picture" in unavailable["SSIM"].reason
    assert "the pose, which nobody shows" in unavailable["pose_error"].reason
    assert not unavailable["SSIM"].download


def test_a_name_may_stand_for_several_and_none_is_had_twice():
    names = [spec.name for spec in named_metrics(["psnr", "THEval_68", "PSNR"], KNOWN)]
    assert names[0] == "PSNR"
    assert len(names) == len(set(names)) == 6
    assert all(name.endswith("_68") for name in names[1:])


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(PluginError, match="Did you mean 'SSIM'"):
        named_metrics(["SSIMM"], KNOWN)
    with pytest.raises(UsageError, match="at least one score"):
        named_metrics([], KNOWN)
