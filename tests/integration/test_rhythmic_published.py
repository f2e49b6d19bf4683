"""The weights of Rhythmic head motion's authors, from their files to a video, at narrow sizes."""

from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from talkingface.cli import main
from talkingface.config.settings import Settings
from talkingface.data.synth import person, render
from talkingface.data.synth.camera import PORTRAIT
from talkingface.data.synth.factors import neutral_factors
from talkingface.engine.build import load_model
from talkingface.media import open_frames, write_picture
from talkingface.models.base import PublishedWeights
from talkingface.models.rhythmic_head_motion.model import PUBLISHED as REAL
from talkingface.models.rhythmic_head_motion.model import RhythmicHeadMotion
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings, RhythmicSizes
from talkingface.models.rhythmic_head_motion.weights import (
    FILES,
    GENERATOR_FILE,
    HEAD_MOTION_FILE,
    UNUSED_TENSORS,
    generator_name,
    head_motion_name,
)
from talkingface.plugins import discover
from talkingface.storage.weights import read_header, read_tensors
from tests.filming import record
from tests.parity.rhythmic_head_motion.recipe import GeneratorWeights, shapes_in

SPEC = discover().models.get("Rhythmic_Head_Motion")
NARROW = {  # as deep as published: names are the same
    "lips": "rules",
    "image_px": 64,
    "channels": (2, 4, 8, 16, 32, 64),
    "references": 8,
    "flow_channels": (2, 4, 8, 8),
    "head_channels": (1, 1),
    "head_hidden": 4,
    "head_features": 4,
    "head_motion_hidden": 4,
}
SMALL = PublishedWeights(
    FILES,
    RhythmicSizes(**NARROW),
    without={HEAD_MOTION_FILE: RhythmicSizes(**NARROW, head="rules")},
)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the published sizes be small ones."""
    monkeypatch.setattr(RhythmicHeadMotion, "published", SMALL)


@pytest.fixture(scope="module")
def theirs() -> RhythmicHeadMotion:
    """Return a narrow method, whose weights stand for the published ones."""
    torch.manual_seed(5)
    return RhythmicHeadMotion(
        RhythmicSettings("Rhythmic_Head_Motion", network=RhythmicSizes(**NARROW))
    )


def generator_file(model: RhythmicHeadMotion) -> dict[str, Tensor]:
    """Return what the file of the generator holds, under its published names."""
    state = model.generator.state_dict()
    return {
        name: torch.zeros(3)
        if any(fnmatchcase(name, pattern) for pattern in UNUSED_TENSORS)
        else state[generator_name(name)]
        for name in GeneratorWeights().shapes("full_n8")
    }


def head_motion_file(model: RhythmicHeadMotion) -> dict[str, dict[str, Tensor] | int]:
    """Return what the file of the head's motion holds: three networks, and an epoch."""
    assert model.head is not None
    state, shapes = model.head.state_dict(), shapes_in("head_motion_names.json")
    places = {"encode": "rt_encode", "mid_net": "audio_encode", "decode": "rt_decode"}
    return {
        **{
            place: {name: state[head_motion_name(f"{place}.{name}")] for name in shapes[part]}
            for place, part in places.items()
        },
        "epoch": 40,
    }


@pytest.fixture
def folder(tmp_path: Path, theirs: RhythmicHeadMotion) -> Path:
    """Return a folder with both published files."""
    place = tmp_path / "theirs"
    place.mkdir()
    torch.save(generator_file(theirs), place / GENERATOR_FILE)
    torch.save(head_motion_file(theirs), place / HEAD_MOTION_FILE)
    return place


def tensors_of(given: object) -> dict[str, Tensor]:
    chosen = RhythmicSettings("Rhythmic_Head_Motion")
    settings = Settings(model=chosen, evaluate_model_file=str(given), device="cpu")
    return load_model(SPEC, settings).model.state_dict()


def test_the_real_sizes_are_the_published_ones() -> None:
    assert REAL.sizes == RhythmicSizes(lips="rules")
    assert REAL.sizes_with([GENERATOR_FILE]) == RhythmicSizes(lips="rules", head="rules")


def test_both_files_fill_both_networks(folder: Path, theirs: RhythmicHeadMotion) -> None:
    held, own = tensors_of(folder), theirs.state_dict()
    assert held.keys() == own.keys()
    assert all(torch.equal(held[name], own[name]) for name in own)


def test_the_generator_alone_is_enough_and_rules_move_the_head(
    folder: Path, theirs: RhythmicHeadMotion
) -> None:
    (folder / HEAD_MOTION_FILE).unlink()
    held = tensors_of(folder / GENERATOR_FILE)
    assert {name.split(".")[0] for name in held} == {"generator"}
    own = theirs.generator.state_dict()
    assert all(torch.equal(held[f"generator.{name}"], one) for name, one in own.items())


def test_a_file_fetched_by_hand_becomes_one_of_ours(
    checkpoints: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "published not here (download rhythmic_head_motion)" in said(capsys, "list", "models")
    said(capsys, "download", "rhythmic_head_motion", "--from", folder / GENERATOR_FILE)
    one = checkpoints / "Rhythmic_Head_Motion" / "published.safetensors"
    header = read_header(one)
    assert (header.model, header.kind) == ("Rhythmic_Head_Motion", "published")
    assert header.architecture["head"] == "rules"
    out = folder / "both.safetensors"
    said(capsys, "convert", folder, out, "--model=Rhythmic_Head_Motion")
    assert read_header(out).architecture["head"] == "learned"
    assert {name.split(".")[0] for name in read_tensors(out)} == {"generator", "head"}
    assert tensors_of("published").keys() == read_tensors(one).keys()


def test_what_a_hand_put_where_the_authors_say_is_found(checkpoints: Path, folder: Path) -> None:
    folder.rename(checkpoints / "face8_vox_new")
    assert any(name.startswith("head.") for name in tensors_of("published"))


def test_a_video_is_made_with_published_weights_and_says_so(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    face, out = tmp_path / "face.png", tmp_path / "talk.mp4"
    write_picture(face, render(person(5), neutral_factors()[0], 256, PORTRAIT))
    record(tmp_path / "talk.wav", np.zeros(4000, np.float32), "pcm_s16le")
    files = [f"--source={face}", f"--audio={tmp_path / 'talk.wav'}", f"--out={out}"]
    words = ["--model=Rhythmic_Head_Motion", f"--evaluate_model_file={folder}", "--device=cpu"]
    said(capsys, "generate", *words, *files, f"--runs_folder={tmp_path / 'runs'}")
    assert open_frames(out).read(0, 1).shape[1:] == (64, 64, 3)


def said(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    """Return what a call prints, which must succeed."""
    code = main([str(word) for word in argv])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return captured.out
