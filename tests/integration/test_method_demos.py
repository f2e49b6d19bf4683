"""The SynthTalk demo in each method's own layout, as a fresh checkout makes it."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.data.datasets.method_layout import LayoutDataset
from talkingface.data.datasets.method_settings import (
    PCAVSDatasetSettings,
    PDFGCDatasetSettings,
    RhythmicDatasetSettings,
)
from talkingface.data.datasets.pc_avs import PCAVSDataset
from talkingface.data.datasets.pd_fgc import PDFGCDataset
from talkingface.data.datasets.rhythmic import RhythmicDataset
from talkingface.data.synth import SynthTalkSizes, person_named, render
from talkingface.data.synth.camera import CROP
from talkingface.errors import DataError

LAYOUTS = {
    "PC_AVSDataset": (PCAVSDataset, PCAVSDatasetSettings),
    "PD_FGCDataset": (PDFGCDataset, PDFGCDatasetSettings),
    "Rhythmic_Head_MotionDataset": (RhythmicDataset, RhythmicDatasetSettings),
}
SMALL = SynthTalkSizes(train=1, val=1, test=2, min_seconds=0.4, max_seconds=0.4)


@pytest.fixture(scope="module", params=LAYOUTS)
def made(request, tmp_path_factory: pytest.TempPathFactory) -> LayoutDataset:
    """Return a dataset whose demo of a few short clips has just been made."""
    kind, settings_of = LAYOUTS[request.param]
    folder = str(tmp_path_factory.mktemp(request.param))
    dataset = kind(settings_of(request.param, demo_folder=folder, demo_size="tiny"), 3)
    steps: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("talkingface.data.datasets.demo.DEMO_SIZES", {"tiny": SMALL})
        dataset.prepare(lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    return dataset


def test_a_demo_has_all_splits_with_frames_speech_and_truth(made) -> None:
    sizes = {split: len(made.clips(split)) for split in ("train", "val", "test")}
    assert sizes == {"train": 1, "val": 1, "test": 2}
    for clip in made.clips("test"):
        assert len(clip.frames) == 10
        assert clip.speech.seconds == pytest.approx(0.4)
        assert clip.truth("landmarks").shape == (10, 68, 2)
        assert clip.truth("pose").shape == (10, 3)
        assert clip.identity.startswith("person")


def test_a_second_time_nothing_is_made(made) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.folder.rglob("*")}
    made.prepare(lambda done, total: pytest.fail("something was made again"))
    assert {path: path.stat().st_mtime_ns for path in made.folder.rglob("*")} == before


def test_people_are_in_one_split_only(made) -> None:
    people = [{clip.identity for clip in made.clips(one)} for one in ("train", "val", "test")]
    assert len(set.union(*people)) == sum(map(len, people))


@pytest.mark.parametrize("made", ["PC_AVSDataset", "PD_FGCDataset"], indirect=True)
def test_what_networks_see_of_a_demo_file_is_what_synthtalk_shows(made) -> None:
    (clip,) = made.clips("val")
    shown = clip.frames.read(4, 5)[0]
    drawn = render(person_named(clip.identity), clip.truth("factors")[4], 224, CROP)
    # Drawn at 224 px, cut, enlarged and JPEG: edges differ, the picture does not. A shift of two
    # pixels makes it twice as much.
    difference = np.abs(shown.astype(int) - drawn).mean()
    assert difference < 3
    assert difference < np.abs(np.roll(shown, 2, axis=1).astype(int) - drawn).mean() / 1.5


def test_a_demo_that_was_not_made_yet_says_how_it_is_made(tmp_path: Path) -> None:
    settings = PCAVSDatasetSettings("PC_AVSDataset", demo_folder=str(tmp_path))
    with pytest.raises(DataError, match="`preprocess --dataset=PC_AVSDataset` makes the SynthTalk"):
        PCAVSDataset(settings, 0).clips("test")
