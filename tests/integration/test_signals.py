"""A run that is stopped leaves with the code of its signal, and leaves no half file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ENDLESS = """
import sys, time
from talkingface.models.still_portrait.model import StillPortrait
from talkingface.plugins import register_model

@register_model("Endless", "Never comes to an end.")
class Endless(StillPortrait):
    def generate(self, job):
        while True:  # nothing but a signal ends it; a window that is begun is made to its end
            yield from super().generate(job)
            print("generating", file=sys.stderr, flush=True)
            time.sleep(0.05)
"""
ENTRY = Path(__file__).parents[2] / "run_talkingface.py"


@pytest.mark.usefixtures("ctrl_c_heeded")
@pytest.mark.parametrize(
    ("number", "code"),
    # A program takes four seconds to begin. Both signals go the same way, and both stop a training.
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)],
)
def test_a_signal_stops_a_run_cleanly(number: int, code: int, tmp_path: Path, squares: str) -> None:
    method, runs = tmp_path / "endless.py", tmp_path / "runs"
    method.write_text(ENDLESS)
    words = ["--model=Endless", "--dataset=Squares", "--plugins", str(method), squares]
    process = subprocess.Popen(
        [sys.executable, str(ENTRY), *words, f"--runs_folder={runs}"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "generating" not in process.stderr.readline():
        assert process.poll() is None
    os.kill(process.pid, number)
    _, rest = process.communicate(timeout=120)
    assert process.returncode == code
    assert "Traceback" not in rest
    (run,) = runs.iterdir()
    assert list((run / "videos").iterdir()) == []
