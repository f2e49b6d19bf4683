"""Rhythmic_Head_Motion from its authors' files, and from what cannot be used, by command line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from talkingface.data.synth import SynthTalkSizes, load_split, make_corpus
from talkingface.data.synth.layouts import write_rhythmic_layout
from talkingface.engine.build import architecture_of
from talkingface.media import open_frames, write_picture
from talkingface.storage.weights import Weights, WeightsHeader, write_weights
from tests.unit.models.rhythmic_head_motion.rhythmic_tiny import drawer

NUM_FRAMES = 8
TWO = SynthTalkSizes(train=0, val=0, test=2, min_seconds=0.32, max_seconds=0.32)
PANELS = [
    *("target_label", "target", "synthesized", "raw"),
    *("warped_reference", "reference_mask", "warped_ani", "ani_mask"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like the authors' demo, of two people who talk for a moment."""
    folder = tmp_path_factory.mktemp("rhythmic")
    make_corpus(folder / "corpus", TWO, seed=5, image_px=56, workers=1)
    clips = load_split(folder / "corpus", "test")
    return write_rhythmic_layout(clips, folder / "demo")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of the smallest networks."""
    model = drawer()
    header = WeightsHeader(
        "Rhythmic_Head_Motion", "trained", "none", architecture_of(model.settings)
    )
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    write_weights(path, Weights(header, model.state_dict()))
    return path


@pytest.fixture
def generate(run, weights: Path) -> Callable[..., tuple[int, str, str]]:
    """Return a function that generates with the smallest networks."""

    def call(*words: str) -> tuple[int, str, str]:
        chosen = ("--model=Rhythmic_Head_Motion", f"--evaluate_model_file={weights}")
        return run("generate", *chosen, *words)

    return call


def test_the_authors_list_leaves_what_their_program_leaves(
    generate, demo: Path, only_run: Callable[[], Path]
) -> None:
    code, said, err = generate(f"--jobs={demo / 'vox_demo_ani.npy'}")
    assert code == 0, err
    videos = [Path(line) for line in said.split()]
    assert [video.stem for video in videos] == ["test_00000", "test_00001"]
    assert len(open_frames(videos[0])) == NUM_FRAMES
    results = only_run() / "results" / "test_00000"
    files = {f"{name}.mp4" for name in PANELS} - {"synthesized.mp4"}
    assert files | {"test.mp4", "ref_0.jpg", "ref_1.jpg"} <= {one.name for one in results.iterdir()}
    strip = open_frames(results / "test.mp4")
    assert strip.read(0, 1).shape == (1, 64, 64 * len(PANELS), 3)
    # the face beside the video is drawn, so no stage had to find one: only its arrays were read
    target = open_frames(results / "target.mp4").read(3, 4)[0].astype(int)
    shown = open_frames(demo / "test_00000_aligned.mp4").read(3, 4)[0]
    assert np.abs(target - shown).mean() < 4  # coded twice


def test_files_take_the_place_of_stages(generate, demo: Path, only_run) -> None:
    video = demo / "test_00000_aligned.mp4"
    words = [f"--source={video}", f"--audio={video}", f"--pose={video}"]
    front = f"--lip={demo / 'test_00000_aligned_front.npy'}"
    code, _, err = generate(*words, front, "--panels", "--model.reference_frames=[0,5]")
    assert code == 0, err
    (results,) = (only_run() / "results").iterdir()
    first, second = ((results / f"ref_{index}.jpg").read_bytes() for index in range(2))
    assert first != second
    rt = f"--pose={demo / 'test_00001_aligned_rt.npy'}"
    code, said, err = generate(*words[:2], rt, front, f"--out={demo / 'turned.mp4'}")
    assert code == 0, err
    assert len(open_frames(said.strip())) == NUM_FRAMES


def test_a_video_whose_arrays_are_missing_says_which_and_how_they_are_made(
    generate, demo: Path, tmp_path: Path
) -> None:
    for file in demo.glob("test_0000*"):
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "test_00000_aligned_rt.npy").unlink()
    rows = np.array([[f"test_0000{number}_aligned.mp4", "0"] for number in range(2)])
    np.save(tmp_path / "vox_demo_ani.npy", rows)
    code, said, err = generate(f"--jobs={tmp_path / 'vox_demo_ani.npy'}")
    assert code == 1
    assert [Path(line).stem for line in said.split()] == ["test_00001"]
    assert "test_00000_aligned_rt.npy missing" in err
    assert "preprocess --dataset=Rhythmic_Head_MotionDataset" in err


def test_references_may_differ_in_size(generate, demo: Path, tmp_path: Path) -> None:
    face = open_frames(demo / "test_00000_aligned.mp4").read(0, 1)[0]
    write_picture(tmp_path / "large.png", face)
    write_picture(tmp_path / "small.png", np.ascontiguousarray(face[::2, ::2]))
    sources = f"--source=[{tmp_path / 'large.png'},{tmp_path / 'small.png'}]"
    sound = f"--audio={demo / 'test_00000.wav'}"
    code, said, err = generate(sources, sound, f"--out={tmp_path / 'talk.mp4'}")
    assert code == 0, err
    assert len(open_frames(said.strip())) == NUM_FRAMES
