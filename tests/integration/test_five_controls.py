"""PD_FGC through the program: five inputs, six switches, and what is kept beside the video."""

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from talkingface.data.synth import factor_row, person, render, render_frames
from talkingface.data.synth.factors import FACTOR_NAMES, neutral_factors
from talkingface.media import open_frames, write_picture
from talkingface.media.writer import write_video
from talkingface.storage.weights import Weights, WeightsHeader, write_weights
from tests.filming import record
from tests.unit.models.pd_fgc.narrow import SIZES, narrow_model


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a portrait, speech, a head that nods, a smile, and narrow weights."""
    folder = tmp_path_factory.mktemp("five")
    write_picture(folder / "face.png", render(person(0), factor_row(), 112))
    write_picture(folder / "smile.png", render(person(1), factor_row(happy=0.8), 112))
    nodding = neutral_factors(6)
    nodding[:, FACTOR_NAMES.index("pitch")] = np.linspace(-0.1, 0.1, 6)
    record(folder / "talk.wav", 0.1 * np.sin(np.arange(6400) * 0.1).astype(np.float32), "pcm_s16le")
    write_video(folder / "nod.mp4", render_frames(person(2), nodding, 112), Fraction(25))
    torch.manual_seed(0)
    header = WeightsHeader("PD_FGC", "trained", "Apache-2.0", asdict(SIZES))
    write_weights(folder / "narrow.safetensors", Weights(header, narrow_model().state_dict()))
    return folder


@pytest.fixture
def generate(run, files: Path, tmp_path: Path):
    """Return a function that makes a video of the files: exit code, messages and the frames."""

    def call(*words: str):
        out = tmp_path / "out.mp4"
        code, _, err = run(
            *("generate", "--model=PD_FGC", f"--evaluate_model_file={files}/narrow.safetensors"),
            *(f"--source={files}/face.png", f"--audio={files}/talk.wav", f"--out={out}"),
            *(word.replace("FILES", str(files)) for word in words),
        )
        return code, err, list(open_frames(out)) if out.exists() else []

    return call


def test_five_inputs_become_a_video_and_a_strip_of_five_panels(generate, tmp_path: Path) -> None:
    code, err, frames = generate(
        *("--pose=FILES/nod.mp4", "--eye=FILES/nod.mp4", "--emotion=FILES/smile.png"),
        *("--strength.emotion=1.5", "--strength.lip=0.8", "--panels"),
    )
    assert code == 0, err
    assert len(frames) == 10
    assert frames[0].shape == (64, 64, 3)
    (strip,) = (tmp_path / "runs").rglob("side_by_side.mp4")
    assert open_frames(strip).read(0, 1).shape[1:] == (64, 5 * 64, 3)


def test_motion_that_was_kept_drives_as_its_video_does(generate, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    drivers = ("--pose=FILES/nod.mp4", "--eye=FILES/nod.mp4")
    code, err, frames = generate(*drivers, f"--keep_motion={kept}")
    assert code == 0, err
    assert [path.name for path in kept.iterdir()] == ["nod.npz"]
    code, err, again = generate(f"--pose={kept}/nod.npz", f"--eye={kept}/nod.npz", "--overwrite")
    assert code == 0, err
    np.testing.assert_allclose(again, frames, atol=2)  # other order of sums, then a lossy video


def test_the_authors_timing_and_a_single_switch_are_settings(generate) -> None:
    code, err, frames = generate(
        "--pose=FILES/nod.mp4", "--model.sync=published", "--model.switches=headpose"
    )
    assert code == 0, err
    assert len(frames) == 7  # 0.4 s are 47 rows, and 11 frames


def test_a_switch_without_its_source_is_a_sentence(generate) -> None:
    code, err, frames = generate("--model.switches=mouth,emo")
    assert code == 2
    assert "The switch 'emo' is on" in err
    assert "Give --emotion a video or a picture" in err
    assert not frames
