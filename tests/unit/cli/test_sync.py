"""The verb `sync` on videos that are made here, with a network that knows nothing."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from talkingface.cli import main, sync
from talkingface.face.landmarks import Box, Face, finder
from talkingface.media import SpeechArray, write_video
from talkingface.metrics.lip_sync import SyncScore
from talkingface.metrics.syncnet import SyncNet
from talkingface.storage.weights import Weights, WeightsHeader, write_weights

SIZES = {"width": 1, "face_px": 80}
NUMBERS = r"distance \d+\.\d{3}, confidence -?\d+\.\d{3}, offset [+-]\d+ frames, "


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a network, a video with sound, and a file that is none."""
    folder = tmp_path_factory.mktemp("sync")
    torch.manual_seed(0)
    tensors = {f"network.{name}": one for name, one in SyncNet(**SIZES).state_dict().items()}
    header = WeightsHeader("SyncNet", "trained", "ours", SIZES)
    write_weights(folder / "net.safetensors", Weights(header, tensors))
    rng = np.random.default_rng(0)
    frames = np.full((30, 192, 320, 3), 90, np.uint8)
    for time, frame in enumerate(frames):
        frame[100 : 104 + time, 60:180] = 30  # in one shot: little changes
    sound = SpeechArray(rng.uniform(-0.5, 0.5, 30 * 640).astype(np.float32))
    write_video(folder / "talk.mp4", list(frames), 25, sound)
    (folder / "text.mp4").write_text("no video")
    return folder


class OneFace:
    name = "one"

    def find(self, picture):
        return [Face(Box(40, 20, 200, 180), np.zeros((68, 2), np.float32), self.name)]


class Nobody(OneFace):
    def find(self, picture):
        return []


def test_whole_frames_give_one_line(files: Path, capsys) -> None:
    words = [str(files / "talk.mp4"), f"--network={files / 'net.safetensors'}", "--way=frame"]
    assert main(["sync", *words]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert re.match(rf"{files / 'talk.mp4'}: {NUMBERS}", line)


def test_a_face_that_is_followed_gives_a_line_with_its_frames(
    files: Path, capsys, monkeypatch
) -> None:
    monkeypatch.setattr(finder, "open_finder", lambda name: OneFace())
    words = [str(files / "talk.mp4"), f"--network={files / 'net.safetensors'}"]
    assert main(["sync", *words, "--min_frames=20"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert re.match(rf"{files / 'talk.mp4'}, frames 0 to 29: {NUMBERS}", line)
    assert main(["sync", *words]) == 2
    assert "no face of 100 px or more in 101 frames" in capsys.readouterr().err
    monkeypatch.setattr(finder, "open_finder", lambda name: Nobody())
    assert main(["sync", *words, "--min_frames=20"]) == 2


def test_a_bad_video_among_others_is_told_and_the_others_are_scored(files: Path, capsys) -> None:
    network = f"--network={files / 'net.safetensors'}"
    videos = [str(files / name) for name in ("text.mp4", "talk.mp4")]
    assert main(["sync", *videos, network, "--way=frame"]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert "text.mp4 could not be scored" in said.err


def test_without_published_weights_it_says_how_to_get_them(files: Path, capsys, monkeypatch):
    monkeypatch.setattr("talkingface.engine.build.published_files", lambda names: {})
    assert main(["sync", str(files / "talk.mp4")]) == 2
    assert "download syncnet" in capsys.readouterr().err
    assert main(["sync"]) == 2
    assert "Name at least one video" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("offset", "said"),
    [(3, "early"), (-1, "late"), (0, "in time"), (14, "early"), (15, "beyond it"), (-15, "it")],
)
def test_a_line_says_what_the_sign_means(offset: int, said: str) -> None:
    flat = np.zeros(31)
    line = sync._line("talk.mp4:", SyncScore(5.3, 10.0, offset, flat, flat), "demo")
    assert line.endswith(said)
    assert f"sync_demo_offset {offset:+d} frames" in line


def test_only_the_published_network_gives_scores_of_the_published_names() -> None:
    assert sync.NAMES["published"][:2] == ("LSE-D", "LSE-C")
    assert all(name.startswith("sync_demo_") for name in sync.NAMES["demo"])
