"""Videos of visitors are those of the command line, take a limited time, and leave nothing."""

import shlex
from pathlib import Path

import numpy as np
import pytest

from talkingface.cli import main
from talkingface.errors import DataError, RunError
from talkingface.media import write_video
from talkingface.plugins import discover
from talkingface.web.folder import one_job
from talkingface.web.methods import Offer, offers
from talkingface.web.wish import Wish
from talkingface.web.workshop import Step, Workshop
from tests.filming import record


@pytest.fixture(autouse=True)
def no_looking_for_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the detector, which takes a second to load: no method here needs a face."""
    monkeypatch.setattr("talkingface.engine.opening.face_finder", lambda: None)
    monkeypatch.setattr("talkingface.engine.opening.warn_of_another_place", lambda *_: None)


@pytest.fixture
def slow(slow_method: str) -> Offer:
    """Return the method that takes its time."""
    return offers(discover([Path(slow_method)]))["Slow"]


def test_a_video_is_byte_for_byte_that_of_its_command_line(
    slow: Offer, slow_method: str, portrait: Path, speech: Path, tmp_path: Path, monkeypatch
) -> None:
    wish = Wish(slow, portrait, speech, angles={"pose": (9.0, 0.0, 0.0)}, seed=5, mark=True)
    out = tmp_path / "page.mp4"
    steps = list(Workshop("cpu", (slow_method,)).making(wish, out))
    assert [(one.done, one.total) for one in steps] == [
        (0, 0),
        *((done, 5) for done in range(1, 6)),
    ]
    assert steps[-1].seconds_left == 0
    monkeypatch.chdir(portrait.parent)  # where the visitor has the files
    words = [*shlex.split(wish.command())[2:], "--device=cpu", "--plugins", slow_method]
    assert main([*words, f"--runs_folder={tmp_path / 'runs'}"]) == 0
    assert (portrait.parent / "face.mp4").read_bytes() == out.read_bytes()


def test_a_video_that_takes_too_long_is_stopped(
    slow: Offer, slow_method: str, portrait: Path, speech: Path, tmp_path: Path
) -> None:
    workshop = Workshop("cpu", (slow_method,), longest_seconds=0.01)
    with pytest.raises(RunError, match=r"took longer than .* minutes and was stopped"):
        list(workshop.making(Wish(slow, portrait, speech), tmp_path / "out.mp4"))
    assert not list(tmp_path.glob("*.mp4"))


def test_a_job_that_is_given_up_leaves_nothing(
    slow: Offer, slow_method: str, portrait: Path, speech: Path, tmp_path: Path
) -> None:
    def job():
        with one_job(tmp_path / "private") as folder:
            wish = Wish(slow, portrait, speech)
            yield from Workshop("cpu", (slow_method,)).making(wish, folder / "out.mp4")

    steps = job()
    assert next(steps).done == 0
    assert next(steps).done == 1
    assert list((tmp_path / "private").rglob("*.partial"))
    steps.close()
    assert not list((tmp_path / "private" / "jobs").iterdir())


def test_a_model_that_was_just_used_is_not_built_again(
    slow: Offer, slow_method: str, portrait: Path, speech: Path, tmp_path: Path, monkeypatch
) -> None:
    workshop, built = Workshop("cpu", (slow_method,)), []
    from talkingface.web import workshop as module

    build = module.build_model
    monkeypatch.setattr(module, "build_model", lambda *words: built.append(words) or build(*words))
    for number in range(2):
        list(workshop.making(Wish(slow, portrait, speech, seed=number), tmp_path / f"{number}.mp4"))
    assert len(built) == 1


def test_what_is_too_long_is_refused_before_anything_is_drawn(
    slow: Offer, slow_method: str, portrait: Path, speech: Path, tmp_path: Path
) -> None:
    workshop = Workshop("cpu", (slow_method,))
    long = record(tmp_path / "long.wav", np.zeros(61 * 8000, np.float32), "pcm_s16le", 8000)
    with pytest.raises(DataError, match=r"long\.wav lasts longer than 60 seconds"):
        list(workshop.making(Wish(slow, portrait, long), tmp_path / "out.mp4"))
    film = tmp_path / "film.mp4"
    write_video(film, [np.zeros((16, 16, 3), np.uint8)] * 125, 2)
    with pytest.raises(DataError, match=r"film\.mp4 lasts longer than 60 seconds"):
        list(workshop.making(Wish(slow, portrait, speech, {"pose": film}), tmp_path / "out.mp4"))
    (tmp_path / "no.png").write_text("no picture")
    with pytest.raises(DataError, match=r"no\.png is not a picture"):
        list(workshop.making(Wish(slow, tmp_path / "no.png", speech), tmp_path / "out.mp4"))


def test_a_step_says_how_long_it_takes() -> None:
    assert str(Step(0, 0)) == "Looking at what you gave"
    assert str(Step(3, 9)) == "Frame 3 of 9"
    assert str(Step(3, 9, 12.4)) == "Frame 3 of 9, 12 s left"
