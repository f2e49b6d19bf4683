"""What the README tells a newcomer to type works as it stands there."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from talkingface.cli import main
from talkingface.cli.call import Call
from talkingface.media import SpeechArray, write_picture, write_video

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(\w*)\n(.*?)```", flags=re.DOTALL)
BLOCKS = BLOCK.findall(TEXT)
LINK = re.compile(r"\]\(([^)#]*)[^)]*\)")
TABLE_NUMBER = re.compile(r"(?<!\w)\.?\d+(?:[.,]\d+)*")
PYTHON = [block for kind, block in BLOCKS if kind == "python"]
PROGRAM = re.compile(r"\.venv/bin/(?:python|torchrun .*?) ?run_talkingface\.py (.*)")
COMMANDS = [
    match[1]
    for kind, block in BLOCKS
    if kind == "bash"
    for line in block.splitlines()
    if (match := PROGRAM.fullmatch(line))
]
# Networks of others, films of others, hours of training, a page that stays open: these lines are
# understood here, and what is behind them has tests of its own.
NOT_HERE = re.compile(r"published|^download \w|VoxCeleb2|train --model=PC_AVS|demo/|^serve$")
SECOND = 16_000  # samples


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the README supposes: a face, a speech, a plugin, videos."""
    folder = tmp_path_factory.mktemp("home")
    face = astronaut()
    write_picture(folder / "face.jpg", face)
    hum = 0.2 * np.sin(np.arange(SECOND) * 2 * np.pi * 600 / SECOND)
    speech = SpeechArray(hum.astype(np.float32))
    grey = np.full((112, 112, 3), 120, np.uint8)
    write_video(folder / "speech.mp4", [grey] * 25, 25, speech)
    (folder / "speech.mp4").rename(folder / "speech.wav")  # content decides, not the name
    head = face[:256, 96:352]
    for name in ("nod.mp4", "videos/anna.mp4", "videos/ben.mp4", "made/anna.mp4", "made/ben.mp4"):
        (folder / name).parent.mkdir(exist_ok=True)
        light = np.uint8(len(name))  # no two videos are the same
        write_video(folder / name, [head // 2 + light] * 25, 25, speech)
    (plugin,) = [block for block in PYTHON if "@register_model" in block]
    (folder / "negative.py").write_text(plugin)
    return folder


def test_the_readme_has_commands() -> None:
    assert len(COMMANDS) >= 30


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_is_understood(line: str, home: Path, monkeypatch) -> None:
    monkeypatch.chdir(home)
    call = Call.of(shlex.split(line, comments=True))
    assert call.verb.function()
    if call.verb.options:
        call.options()
    elif "--resume" not in line:
        assert all(one.resolved.settings for one in call.of_each_model())


def test_every_folder_of_the_tree_is_there() -> None:
    tree = next(block for kind, block in BLOCKS if not kind and "talkingface/" in block)
    for name in re.findall(r"([a-z]+)/(?=\s)", tree):
        assert (ROOT / name).is_dir() or (ROOT / "talkingface" / name).is_dir(), name


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_what_a_page_links_to_is_there(page: str) -> None:
    targets = LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    own = [target for target in targets if target and "://" not in target]
    assert own
    assert all((ROOT / target).exists() for target in own), own


def test_the_moving_picture_moves_and_is_small() -> None:
    (path,) = [ROOT / target for target in LINK.findall(TEXT) if target.endswith(".webp")]
    assert path.stat().st_size < 1e6
    with Image.open(path) as picture:
        assert picture.n_frames > 25


def test_the_chinese_page_has_the_same_code_links_and_numbers() -> None:
    chinese = (ROOT / "README.zh.md").read_text(encoding="utf-8")
    assert BLOCK.findall(chinese) == BLOCKS
    assert linked(chinese) == linked(TEXT)
    assert [line.count("|") for line in rows(chinese)] == [line.count("|") for line in rows(TEXT)]
    for ours, theirs in zip(rows(TEXT), rows(chinese), strict=True):
        assert sorted(TABLE_NUMBER.findall(ours)) == sorted(TABLE_NUMBER.findall(theirs))
    assert chinese.count("\n## ") == TEXT.count("\n## ")


def linked(page: str) -> list[str]:
    """Return where a page leads to, but for the page in the other language."""
    return sorted(one for one in LINK.findall(page) if not one.startswith("README"))


def rows(page: str) -> list[str]:
    """Return the rows of tables."""
    return [line for line in page.splitlines() if line.startswith("|")]


def test_the_lines_of_python_in_the_readme_run(home: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(home)
    photograph, streamed = [block for block in PYTHON if "import talkingface\n" in block]
    said: dict[str, object] = {}
    exec(photograph, said)
    assert (home / "turned.mp4").stat().st_size > 10_000
    assert said["pictures"].shape[0] == 25
    exec(streamed, said)
    last = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r"\d+ \(112, 112, 3\) \(640,\)", last)
    assert int(last.split()[0]) + 1 + len(said["rest"]) == 100  # four seconds


@pytest.mark.slow  # draws SynthTalk twice and runs the program eighteen times: some minutes
def test_the_commands_of_the_readme_run_one_after_the_other(
    home: Path, monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(home)
    for line in COMMANDS:
        if NOT_HERE.search(line):
            continue
        if line.startswith("report"):
            name_two_runs(home / "runs")
        assert main(shlex.split(line)) == 0, (line, capsys.readouterr().err)


def name_two_runs(runs: Path) -> None:
    """Let the first two evaluations have the names that the README gives them."""
    done = sorted(path.parent for path in runs.glob("*/results.json"))
    for name, run in zip(("first", "second"), done, strict=False):
        (runs / name).symlink_to(run, target_is_directory=True)
