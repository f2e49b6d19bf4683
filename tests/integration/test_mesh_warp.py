"""Mesh_Warp on a photograph of one's own: no weights, no training, whole pictures."""

from pathlib import Path

import numpy as np
import pytest
from skimage.data import astronaut

from talkingface.cli import main
from talkingface.media import open_frames, write_picture
from tests.filming import record


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with a photograph and half a second of a hum."""
    write_picture(tmp_path / "me.png", astronaut())
    hum = 0.2 * np.sin(np.arange(8000) * 2 * np.pi * 600 / 16_000)
    record(tmp_path / "hum.wav", hum.astype(np.float32), "pcm_s16le")
    return tmp_path


def generate(files: Path, *words: str) -> int:
    given = [f"--source={files / 'me.png'}", f"--audio={files / 'hum.wav'}"]
    runs = f"--runs_folder={files / 'runs'}"
    return main(
        ["generate", "--model=Mesh_Warp", *given, f"--out={files / 'out.mp4'}", runs, *words]
    )


def test_a_photograph_speaks_without_weights(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(files) == 0
    said = capsys.readouterr().err
    assert "Mesh_Warp with no weights, it needs none" in said
    assert "--align" not in said
    assert "where the method knows faces" not in said
    frames = open_frames(files / "out.mp4").read(0, 13)
    assert frames.shape == (12, 512, 512, 3)
    # but for what coding costs, far from the head nothing moves
    assert np.abs(frames[-1, 300:].astype(int) - astronaut()[300:]).mean() < 3


def test_nothing_is_cut_out_of_a_whole_picture_and_a_note_says_so(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(files, "--align", "--paste_back") == 0
    note = "Mesh_Warp moves the face within the whole picture: --align and --paste_back change"
    assert capsys.readouterr().err.count(note) == 1
    assert open_frames(files / "out.mp4").read(0, 1).shape == (1, 512, 512, 3)


def test_a_picture_without_a_face_is_a_sentence(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_picture(files / "me.png", np.full((200, 200, 3), 90, np.uint8))
    assert generate(files) == 2
    assert "the portrait of out: no face was found" in capsys.readouterr().err


def test_training_without_networks_says_how_to_have_some(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = ("--dataset=SynthTalk", "--dataset.size=tiny", "--dataset.train_clips=1")
    corpus = (*corpus, "--dataset.image_px=56", f"--dataset.folder={files / 'corpus'}")
    words = ["train", "--model=Mesh_Warp", *corpus]
    assert main([*words, f"--runs_folder={files / 'runs'}", "--steps=2"]) == 2
    assert "properties/demo/Mesh_Warp.yaml" in capsys.readouterr().err
