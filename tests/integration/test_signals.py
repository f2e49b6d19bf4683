"""A run that is stopped leaves with the code of its signal, and leaves no half file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SLOW = """
import sys, time
from talkingface.models.still_portrait.model import StillPortrait
from talkingface.plugins import register_model

@register_model("Slow", "Takes its time.")
class Slow(StillPortrait):
    def generate(self, job):
        for window in super().generate(job):
            yield window
            print("generating", file=sys.stderr, flush=True)
            time.sleep(60)
"""
ENTRY = Path(__file__).parents[2] / "run_talkingface.py"


@pytest.mark.usefixtures("ctrl_c_heeded")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_a_run_cleanly(number: int, code: int, tmp_path: Path, squares: str) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    words = ["--model=Slow", "--dataset=Squares", "--plugins", str(tmp_path / "slow.py"), squares]
    process = subprocess.Popen(
        [sys.executable, str(ENTRY), *words, f"--runs_folder={tmp_path / 'runs'}"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "generating" not in process.stderr.readline():
        assert process.poll() is None
    os.kill(process.pid, number)
    rest = process.stderr.read()
    assert process.wait(timeout=10) == code
    assert "Traceback" not in rest
    (run,) = (tmp_path / "runs").iterdir()
    assert list((run / "videos").iterdir()) == []
