"""A method and a dataset of a stranger, small enough to run in a second."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from talkingface.cli import main

ENTRY = Path(__file__).parents[2] / "run_talkingface.py"

PLUGIN = '''
from fractions import Fraction
import numpy as np
from talkingface.clip import Clip, FrameArray
from talkingface.data.base import TalkingFaceDataset
from talkingface.plugins import register_dataset

class Hum:
    """A second of a low tone that swells."""
    seconds = 1.0
    def read(self, sample_rate_hz):
        times = np.arange(sample_rate_hz) / sample_rate_hz
        return ((0.01 + 0.1 * times) * np.sin(2 * np.pi * 110 * times)).astype(np.float32)

@register_dataset("Squares", "Squares that move for a second.")
class Squares(TalkingFaceDataset):
    def prepare(self, progress):
        progress(1, 1)
    def clips(self, split):
        return [self._clip(index) for index in range(3)]
    def fingerprint(self):
        return "squares"
    def _clip(self, index):
        pictures = np.full((25, 64, 64, 3), 90, np.uint8)
        for time, picture in enumerate(pictures):
            picture[20:40, time + index : time + index + 16] = 200
        frames = FrameArray(pictures, Fraction(25))
        return Clip(f"square-{index}", frames, Hum())
'''


@pytest.fixture
def squares(tmp_path: Path) -> str:
    """Return the path of a plugin file that registers the dataset Squares."""
    path = tmp_path / "squares.py"
    path.write_text(PLUGIN)
    return str(path)


@pytest.fixture
def run(
    tmp_path: Path, squares: str, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Return a function that calls the program here: its exit code, results and messages."""

    def call(*argv: str) -> tuple[int, str, str]:
        plugins = ("--plugins", squares, f"--runs_folder={tmp_path / 'runs'}")
        code = main([*argv, *plugins])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def start(tmp_path: Path, squares: str) -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts the program as a process of its own."""

    def begin(*argv: str, launcher: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        plugins = ("--plugins", squares, f"--runs_folder={tmp_path / 'runs'}")
        return subprocess.Popen(
            [sys.executable, *launcher, str(ENTRY), *argv, *plugins],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ENTRY.parent), "OMP_NUM_THREADS": "1"},
        )

    return begin


@pytest.fixture
def only_run(tmp_path: Path) -> Callable[[], Path]:
    """Return a function that finds the one run folder that a test has made."""

    def find() -> Path:
        (folder,) = (tmp_path / "runs").iterdir()
        return folder

    return find


@pytest.fixture
def ctrl_c_heeded() -> Iterator[None]:
    """Let programs that a test starts be interrupted.

    Where the tests themselves were started in the background, they inherit that SIGINT is ignored.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
