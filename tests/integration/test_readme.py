"""What the README tells a newcomer to type works as it stands there."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from skimage.data import astronaut

from talkingface.cli import main
from talkingface.cli.call import Call
from talkingface.media import SpeechArray, write_picture, write_video

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, flags=re.DOTALL)
PYTHON = [block for kind, block in BLOCKS if kind == "python"]
PROGRAM = ".venv/bin/python run_talkingface.py "
COMMANDS = [
    line.removeprefix(PROGRAM)
    for kind, block in BLOCKS
    if kind == "bash"
    for line in block.splitlines()
    if line.startswith(PROGRAM)
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the README supposes: a face, a speech, a plugin."""
    folder = tmp_path_factory.mktemp("home")
    write_picture(folder / "face.jpg", astronaut())
    grey = np.full((112, 112, 3), 120, np.uint8)
    write_video(folder / "speech.mp4", [grey] * 25, 25, SpeechArray(np.zeros(16_000, np.float32)))
    (folder / "speech.mp4").rename(folder / "speech.wav")  # content decides, not the name
    (plugin,) = [block for block in PYTHON if "@register_model" in block]
    (folder / "negative.py").write_text(plugin)
    return folder


def test_the_readme_has_commands() -> None:
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_is_understood(line: str, home: Path, monkeypatch) -> None:
    monkeypatch.chdir(home)
    call = Call.of(shlex.split(line))
    assert call.verb.function()
    if "--resume" not in line and not call.verb.options:
        assert call.resolved.settings is not None


def test_every_folder_of_the_tree_is_there() -> None:
    tree = next(
        block
        for kind, block in re.findall(r"```(\w*)\n(.*?)```", TEXT, re.DOTALL)
        if not kind and "talkingface/" in block
    )
    for name in re.findall(r"([a-z]+)/(?=\s)", tree):
        assert (ROOT / name).is_dir() or (ROOT / "talkingface" / name).is_dir(), name


def test_the_lines_of_python_in_the_readme_run(home: Path, monkeypatch) -> None:
    monkeypatch.chdir(home)
    (lines,) = [block for block in PYTHON if "import talkingface\n" in block]
    said: dict[str, object] = {}
    exec(lines, said)
    assert (home / "turned.mp4").stat().st_size > 10_000
    assert said["pictures"].shape[0] == 25


@pytest.mark.slow  # draws SynthTalk and runs the program nine times: a minute
def test_the_commands_of_the_readme_run_one_after_the_other(
    home: Path, monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(home)
    for line in COMMANDS:
        assert main(shlex.split(line)) == 0, (line, capsys.readouterr().err)
