"""SynthTalk's settings decide what is made, and corpora that differ lie apart."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from talkingface.data.datasets.settings import SynthTalkSettings
from talkingface.data.datasets.synthtalk import SynthTalk
from talkingface.data.synth import load_split, person_named, render, truth
from talkingface.data.synth.camera import CROP, PORTRAIT
from talkingface.data.synth.corpus import rows_of
from talkingface.data.synth.recipe import SIZES, Recipe
from talkingface.data.synth.sentences import text_of

OTHERS = (
    {"size": "default"},
    {"image_px": 64},
    {"train_clips": 0},
    {"voice": "espeak"},
    {"microphone": True},
    {"shows": "head"},
)


def dataset(folder: Path, **chosen: object) -> SynthTalk:
    settings = {"size": "tiny", "image_px": 56, **chosen}
    return SynthTalk(SynthTalkSettings("SynthTalk", folder=str(folder), **settings), seed=0)


@pytest.fixture
def few_clips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tiny corpus be smaller still."""
    monkeypatch.setitem(SIZES, "tiny", replace(SIZES["tiny"], val=1, test=2))


def test_settings_that_are_left_alone_give_the_named_size(tmp_path: Path) -> None:
    for size in ("default", "tiny"):
        assert dataset(tmp_path, size=size).sizes == SIZES[size]


def test_each_setting_that_changes_a_clip_has_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = {dataset(tmp_path, **other).folder for other in ({}, *OTHERS)}
    assert len(folders) == len(OTHERS) + 1


@pytest.mark.usefixtures("few_clips")
def test_heads_and_shoulders_are_shown_and_known_where_they_are_asked_for(tmp_path: Path) -> None:
    face, head = (dataset(tmp_path, train_clips=0, shows=shows) for shows in ("face", "head"))
    for made in (face, head):
        made.prepare(lambda done, total: None)
    near, far = (made.clips("test")[0] for made in (face, head))
    np.testing.assert_array_equal(near.truth("factors"), far.truth("factors"))
    who, factors = person_named(far.identity), far.truth("factors")
    drawn = render(who, factors[3], 56, PORTRAIT)
    np.testing.assert_array_equal(far.frames.read(3, 4)[0], drawn)
    points = truth(who, factors, 56, PORTRAIT).landmarks
    np.testing.assert_array_equal(far.truth("landmarks_3d"), points)
    extents = [np.ptp(one.truth("landmarks"), axis=1).mean() for one in (near, far)]
    assert extents[1] / extents[0] == pytest.approx(PORTRAIT.head_unit / CROP.head_unit, rel=1e-5)
    for job, answer in head.pairs("test")[:1]:
        (drawn,) = answer.frames.read(0, 1)
        who, row = person_named(answer.identity), answer.truth("factors")[0]
        np.testing.assert_array_equal(drawn, render(who, row, 56, PORTRAIT))
        assert job.controls["pose"].source.frames.framing == PORTRAIT


def test_corpora_that_show_the_face_keep_the_recipe_that_they_always_had() -> None:
    recipe = Recipe(SIZES["tiny"], 0, 56)
    assert "shows" not in recipe.as_json()
    assert replace(recipe, shows="head").as_json() == {**recipe.as_json(), "shows": "head"}


def test_the_number_of_training_clips_changes_no_other_split(tmp_path: Path) -> None:
    made = dataset(tmp_path, train_clips=1)
    made.prepare(lambda done, total: None)
    sizes = {split: len(made.clips(split)) for split in ("train", "val", "test")}
    assert sizes == {"train": 1, "val": 2, "test": 4}


@pytest.mark.usefixtures("few_clips")
def test_microphones_are_heard_in_training_only(tmp_path: Path) -> None:
    near, far = (dataset(tmp_path, train_clips=1, microphone=heard) for heard in (False, True))
    for made in (near, far):
        made.prepare(lambda done, total: None)
    for split, alike in (("train", False), ("test", True)):
        first, second = (load_split(made.folder, split)[0].speech for made in (near, far))
        assert first is not None
        assert second is not None
        assert np.array_equal(first.read(16000), second.read(16000)) == alike


def test_the_reading_voice_says_sentences(tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    made = dataset(tmp_path, train_clips=0, voice="espeak")
    made.prepare(lambda done, total: None)
    for row in rows_of(made.folder):
        assert row["text"] == text_of(int(str(row["sentence"])))[1]
