"""The files of a request become a job."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from talkingface.clip import Clip
from talkingface.config.settings import GenerateSettings
from talkingface.data.truth_file import write_truth
from talkingface.engine.opening import open_request
from talkingface.engine.requests import Request, requests_of
from talkingface.errors import DataError
from talkingface.media import write_picture
from talkingface.media.sound import SpeechArray
from talkingface.media.writer import write_video

FPS = Fraction(25)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a portrait and a video of ten frames with sound."""
    folder = tmp_path_factory.mktemp("files")
    face = np.full((64, 64, 3), 90, np.uint8)
    write_picture(folder / "face.png", face)
    write_video(folder / "talk.mp4", [face] * 10, FPS, SpeechArray(np.full(6400, 0.1, np.float32)))
    return folder


class SeesFaces:
    """Finds a face in whatever it is shown."""

    name = "everywhere"

    def find(self, picture):
        return ["a face"]


@pytest.fixture(autouse=True)
def quick_finder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talkingface.engine.opening.face_finder", SeesFaces)
    monkeypatch.setattr("talkingface.engine.opening.warn_of_another_place", lambda *_: None)


def opened(files: Path, **choices):
    settings = GenerateSettings(
        source=(str(files / "face.png"),), audio=str(files / "talk.mp4"), **choices
    )
    (request,) = requests_of(settings, files)
    return open_request(request, FPS, settings.strength, align=False).job


def test_a_file_that_moves_several_factors_is_opened_once(files: Path) -> None:
    controls = opened(files, eye=str(files / "talk.mp4"), pose=str(files / "talk.mp4")).controls
    assert controls["blink"].source is controls["gaze"].source is controls["pose"].source
    assert len(controls["pose"].source.frames) == 10
    moment = f"{files / 'talk.mp4'}@3"
    controls = opened(files, eye=str(files / "talk.mp4"), pose=moment).controls
    assert len(controls["pose"].source.frames) == 1
    assert len(controls["gaze"].source.frames) == 10


def test_a_video_with_arrays_beside_it_is_whom_its_first_frame_shows(files: Path) -> None:
    talk = (files / "talk.mp4").read_bytes()
    (files / "S_aligned.mp4").write_bytes(talk)
    np.save(files / "S_aligned_rt.npy", np.zeros((10, 6)))
    video = str(files / "S_aligned.mp4")
    settings = GenerateSettings(source=(video,), audio=video, pose=video)
    (request,) = requests_of(settings, files)
    job = open_request(request, FPS, {}, align=False).job
    assert job.subject.truth("head_motion").shape == (10, 6)
    np.testing.assert_array_equal(job.portraits[0], job.subject.frames.read(0, 1)[0])
    driver = job.controls["pose"].source
    assert (driver.name, driver.identity) == (job.subject.name, job.subject.identity) == ("S", "S")


def test_a_picture_drives_as_one_frame(files: Path) -> None:
    source = opened(files, emotion=str(files / "face.png")).controls["emotion"].source
    assert len(source.frames) == 1


def test_saved_motion_drives_without_pictures(files: Path) -> None:
    codes = np.arange(6, dtype=np.float32).reshape(3, 2)
    write_truth(files / "nod.npz", {"some_motion": codes})
    source = opened(files, pose=str(files / "nod.npz")).controls["pose"].source
    assert isinstance(source, Clip)
    assert source.frames is None
    np.testing.assert_array_equal(source.truth("some_motion"), codes)
    (files / "broken.npz").write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"broken\.npz cannot be read"):
        opened(files, pose=str(files / "broken.npz"))


def test_lips_that_follow_the_speech_have_a_strength_too(files: Path) -> None:
    job = opened(files, strength={"lip": 0.5})
    assert job.controls["lip"].source is None
    assert job.strength("lip") == 0.5
    assert "lip" not in opened(files).controls


@pytest.mark.parametrize(
    ("num_samples", "level", "is_silent"),
    [(6400, 0, True), (6400, 5e-5, True), (6400, 2e-4, False), (0, 0, False)],  # 0: it is to come
)
def test_silence_is_said_to_move_no_lips(
    files: Path, caplog: pytest.LogCaptureFixture, num_samples: int, level: float, is_silent: bool
) -> None:
    speech = SpeechArray(np.full(num_samples, level, np.float32))
    request = Request("quiet", Path("quiet.mp4"), (str(files / "face.png"),), speech, {})
    open_request(request, FPS, {}, align=False)
    assert ("The speech of quiet is silent" in caplog.text) == is_silent


def test_silence_is_no_matter_where_lips_are_seen(
    files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    speech, lips = SpeechArray(np.zeros(6400, np.float32)), {"lip": str(files / "talk.mp4")}
    request = Request("quiet", Path("quiet.mp4"), (str(files / "face.png"),), speech, lips)
    open_request(request, FPS, {}, align=False)
    assert not caplog.text
