"""PD-FGC's motion folders as clips, written here by hand in its layout."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.data.datasets.method_settings import PDFGCDatasetSettings
from talkingface.data.datasets.pd_fgc import PDFGCDataset
from talkingface.errors import DataError
from talkingface.media import write_picture
from tests.filming import record


def frames(folder: Path, level: int, count: int) -> None:
    folder.mkdir(parents=True)
    for index in range(count):
        write_picture(folder / f"{index:04d}.png", np.full((224, 224, 3), level, np.uint8))


@pytest.fixture
def data(tmp_path: Path) -> PDFGCDataset:
    """Return a dataset of two names: one with all parts, one with frames alone."""
    frames(tmp_path / "motions" / "pose" / "anna", 10, 4)
    frames(tmp_path / "motions" / "exp" / "anna", 20, 3)
    frames(tmp_path / "motions" / "eye" / "anna" / "images", 30, 2)
    frames(tmp_path / "motions" / "pose" / "bob", 40, 5)
    frames(tmp_path / "apps", 50, 1)
    (tmp_path / "apps" / "0000.png").rename(tmp_path / "apps" / "anna.png")
    (tmp_path / "audios").mkdir()
    record(tmp_path / "audios" / "anna.mp3", np.zeros(16000, np.float32), "libmp3lame")
    return PDFGCDataset(PDFGCDatasetSettings("PD_FGCDataset", folder=str(tmp_path)), 0)


def seen(frames) -> tuple[int, int]:
    """Return how many frames there are, and the level of the first."""
    return len(frames), int(frames.read(0, 1)[0, 0, 0, 0])


def test_what_has_one_name_is_one_clip(data: PDFGCDataset) -> None:
    anna, bob = data.clips("test")
    assert (anna.name, bob.name) == ("anna", "bob")
    assert seen(anna.frames) == (4, 10)
    assert {name: seen(one) for name, one in anna.sources.items()} == {
        "reference": (1, 50),
        "pose": (4, 10),
        "emotion": (3, 20),
        "blink": (2, 30),
        "gaze": (2, 30),
    }
    assert anna.speech.seconds == pytest.approx(1, abs=0.1)  # mp3 adds a block


def test_a_folder_that_two_controls_follow_is_the_same_frames(data: PDFGCDataset) -> None:
    anna, _ = data.clips("test")
    assert anna.sources["blink"] is anna.sources["gaze"]
    assert anna.sources["pose"] is anna.frames


def test_without_portrait_sound_and_others_the_frames_serve(data: PDFGCDataset) -> None:
    _, bob = data.clips("test")
    assert bob.speech is None
    assert seen(bob.sources["reference"]) == (1, 40)
    assert set(bob.sources) == {"reference", "pose"}


def test_a_folder_without_motions_says_what_is_expected(tmp_path: Path) -> None:
    data = PDFGCDataset(PDFGCDatasetSettings("PD_FGCDataset", folder=str(tmp_path)), 0)
    with pytest.raises(DataError, match=r"pose holds no folders of frames. Expected are"):
        data.clips("test")
