"""SynthTalk's settings decide what is made, and corpora that differ lie apart."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.data.datasets.settings import SynthTalkSettings
from talkingface.data.datasets.synthtalk import SynthTalk
from talkingface.data.synth import load_split
from talkingface.data.synth.corpus import rows_of
from talkingface.data.synth.recipe import SIZES
from talkingface.data.synth.sentences import text_of

OTHERS = (
    {"size": "default"},
    {"image_px": 64},
    {"train_clips": 0},
    {"voice": "espeak"},
    {"microphone": True},
)


def dataset(folder: Path, **chosen: object) -> SynthTalk:
    settings = {"size": "tiny", "image_px": 56, **chosen}
    return SynthTalk(SynthTalkSettings("SynthTalk", folder=str(folder), **settings), seed=0)


def test_settings_that_are_left_alone_give_the_named_size(tmp_path: Path) -> None:
    for size in ("default", "tiny"):
        assert dataset(tmp_path, size=size).sizes == SIZES[size]


def test_each_setting_that_changes_a_clip_has_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = {dataset(tmp_path, **other).folder for other in ({}, *OTHERS)}
    assert len(folders) == len(OTHERS) + 1


def test_the_number_of_training_clips_changes_no_other_split(tmp_path: Path) -> None:
    made = dataset(tmp_path, train_clips=1)
    made.prepare(lambda done, total: None)
    sizes = {split: len(made.clips(split)) for split in ("train", "val", "test")}
    assert sizes == {"train": 1, "val": 2, "test": 4}


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
