"""The examples that stand in the docstrings of the Python functions run as they stand there."""

import doctest
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from skimage.data import astronaut

import talkingface
from talkingface.api import animator, exporting, listing, runs
from talkingface.config import given
from talkingface.media import write_picture
from tests.filming import record

QUICK = [
    talkingface,
    listing.list_models,
    animator.load,
    animator.Animator.animate,
    animator.Animator.stream,
]
QUICK += [given.section_of, given.words_of]
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the face and the speech that the examples speak of."""
    folder = tmp_path_factory.mktemp("home")
    write_picture(folder / "face.jpg", astronaut()[:256:2, 96:352:2])
    hum = 0.2 * np.sin(np.arange(16_000) * 2 * np.pi * 600 / 16_000)
    record(folder / "speech.wav", hum.astype(np.float32), "pcm_s16le")
    return folder


def check(documented: object) -> None:
    """Run the examples of a docstring, and fail with what came out instead."""
    finder = doctest.DocTestFinder(recurse=False)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False)
    (examples,) = finder.find(documented, globs={"given": given, **vars(given)})
    assert examples.examples
    runner.run(examples, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("documented", QUICK, ids=lambda one: one.__name__)
def test_an_example_runs(documented: Callable[..., object], home: Path, monkeypatch) -> None:
    for made in ("talk.mp4", "turned.mp4"):
        (home / made).unlink(missing_ok=True)
    monkeypatch.chdir(home)
    check(documented)


@pytest.mark.slow  # torch's exporter takes ten seconds to import
def test_an_example_that_exports_runs(home: Path, monkeypatch) -> None:
    monkeypatch.chdir(home)
    check(exporting.export)


@pytest.mark.slow  # draws SynthTalk: four seconds
@pytest.mark.parametrize("documented", [runs.train, runs.evaluate], ids=lambda one: one.__name__)
def test_an_example_that_makes_a_run_runs(
    documented: Callable[..., object], home: Path, monkeypatch
) -> None:
    monkeypatch.chdir(home)
    check(documented)
    left = "results.json" if documented is runs.evaluate else "weights.safetensors"
    (made,) = (home / "runs").glob(f"*/{left}")
    command = json.loads((made.parent / "manifest.json").read_text())["command"]
    assert f"run_talkingface.py {documented.__name__} --model=Loud_Mouth" in command
    assert (made.parent / "report.html").is_file() == (documented is runs.evaluate)
