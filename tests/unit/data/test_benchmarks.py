"""Each corpus is found in the layout in which its distributors hand it out."""

import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest

from talkingface.config.settings import Settings, Split
from talkingface.data.base import TalkingFaceDataset
from talkingface.data.datasets import DATASETS
from talkingface.data.datasets.benchmarks import CremaD
from talkingface.data.datasets.settings import ListedSettings
from talkingface.data.layout import files_below
from talkingface.engine.build import build_dataset
from talkingface.errors import DataError
from talkingface.plugins import discover
from tests.filming import film, number_of
from tests.unit.data.trees import NUM_PICTURES, filmed_tree, tree

# What lies on the disk, and what each split must hold: name and person. People who are not in the
# distributors' test are split by hashes, which `test_splits` has to do with.
TREES: dict[str, tuple[list[str], dict[Split, dict[str, str]]]] = {
    "VoxCeleb2": (
        [
            "dev/mp4/id00012/21Uxsk56VDQ/00001.mp4",
            "test/mp4/id00017/01dfn2spqyE/00001.mp4",
            "test/aac/id00017/01dfn2spqyE/00001.m4a",
            "vox2_meta.csv",
        ],
        {
            "train": {"id00012_21Uxsk56VDQ_00001": "id00012"},
            "test": {"id00017_01dfn2spqyE_00001": "id00017"},
        },
    ),
    "LRW": (
        [
            "lipread_mp4/ABOUT/train/ABOUT_00001.mp4",
            "lipread_mp4/ABOUT/val/ABOUT_00002.mp4",
            "lipread_mp4/ABOUT/test/ABOUT_00003.mp4",
            "lipread_mp4/ABOUT/test/ABOUT_00003.txt",
        ],
        {
            "train": {"ABOUT_00001": ""},
            "val": {"ABOUT_00002": ""},
            "test": {"ABOUT_00003": ""},
        },
    ),
    "LRS3": (
        [
            "pretrain/00j9bKdiOjk/00001.mp4",
            "trainval/00j9bKdiOjk/50001.mp4",
            "test/0Fi83BHQsMA/00002.mp4",
            "test/0Fi83BHQsMA/00002.txt",
        ],
        {
            "train": {
                "pretrain_00j9bKdiOjk_00001": "00j9bKdiOjk",
                "trainval_00j9bKdiOjk_50001": "00j9bKdiOjk",
            },
            "test": {"test_0Fi83BHQsMA_00002": "0Fi83BHQsMA"},
        },
    ),
    "HDTF": (
        ["clips/RD_Radio11_000_0.mp4", "clips/RD_Radio11_000_1.mp4", "WRA_Vicky0_000.mp4"],
        {
            "train": {
                "RD_Radio11_000_0": "RD_Radio11",
                "RD_Radio11_000_1": "RD_Radio11",
                "WRA_Vicky0_000": "WRA_Vicky0",
            },
        },
    ),
    "CREMA_D": (
        [
            "VideoFlash/1002_DFA_ANG_XX.flv",
            "VideoFlash/1001_IEO_HAP_HI.flv",
            "VideoFlash/1011_IEO_HAP_HI.flv",
            "AudioWAV/1001_IEO_HAP_HI.wav",
        ],
        {
            "train": {"1002_DFA_ANG_XX": "1002"},
            "val": {"1011_IEO_HAP_HI": "1011"},
            "test": {"1001_IEO_HAP_HI": "1001"},
        },
    ),
    "GRID": (
        ["s1/bbaf2n.mpg", "s2/video/mpg_6000/bbaf3s.mpg", "s14/video/lgaz3n.mpg", "s1/a.align"],
        {
            "train": {"s1_bbaf2n": "s1"},
            "val": {"s14_lgaz3n": "s14"},
            "test": {"s2_bbaf3s": "s2"},
        },
    ),
    "MEAD": (
        [
            "M005/video/front/angry/level_1/001.mp4",
            "M003/video/front/neutral/level_1/002.mp4",
            "M003/video/left_30/neutral/level_1/002.mp4",
            "M003/audio/neutral/level_1/002.m4a",
        ],
        {
            "train": {"M005_front_angry_level_1_001": "M005"},
            "test": {"M003_front_neutral_level_1_002": "M003"},
        },
    ),
}


WHOLE = {"VoxCeleb2": {"view": "whole"}}  # the miniatures are no faces


def dataset(name: str, folder: Path, **choices: str) -> TalkingFaceDataset:
    spec = discover().datasets.get(name)
    settings = spec.config(name=spec.name, folder=str(folder), **choices)  # type: ignore[call-arg]
    return build_dataset(spec, Settings(dataset=settings))


@pytest.mark.parametrize("name", TREES)
def test_the_clips_of_a_corpus_are_found_named_and_split(name: str, tmp_path: Path) -> None:
    files, expected = TREES[name]
    made = dataset(name, filmed_tree(tmp_path / "data", files), **WHOLE.get(name, {}))
    made.prepare(lambda done, total: None)
    for split, people in expected.items():
        clips = made.clips(split)
        assert {clip.name: clip.identity for clip in clips} == people
        for clip in clips:
            assert clip.frames is not None
            assert clip.speech is not None
            assert [number_of(picture) for picture in clip.frames] == list(range(NUM_PICTURES))
            assert clip.speech.read(16000).std() > 0.3  # a sine of half of full scale: 0.35


@pytest.mark.parametrize("name", TREES)
def test_a_missing_folder_says_what_is_expected(name: str, tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tree(tmp_path / "other", ["holiday/notes.txt"])):
        with pytest.raises(DataError) as refusal:
            dataset(name, folder).clips("test")
        sentence = str(refusal.value)
        assert str(folder) in sentence
        assert "--dataset.folder" in sentence
        assert f"properties/dataset/{name}.yaml" in sentence


@pytest.mark.parametrize("name", TREES)
def test_the_example_of_a_refusal_is_found_where_it_says(name: str, tmp_path: Path) -> None:
    example = dataset(name, tmp_path).layout().example  # type: ignore[attr-defined]
    made = dataset(name, tree(tmp_path / "data", [example]))
    made.prepare(lambda done, total: None)


def test_a_name_is_matched_without_regard_to_case_and_lines() -> None:
    datasets = discover().datasets
    for written in ("CREMA-D", "crema_d", "CremaD"):
        assert datasets.get(written).name == "CREMA_D"
    assert datasets.get("voxceleb2").name == "VoxCeleb2"


def test_sound_that_lies_apart_is_taken_before_that_of_the_video(tmp_path: Path) -> None:
    files, _ = TREES["VoxCeleb2"]
    made = dataset("VoxCeleb2", filmed_tree(tmp_path, files))
    (apart,) = made.clips("test")
    (inside,) = made.clips("train")
    assert [path.suffix for path in apart.speech.paths] == [".m4a", ".mp4"]  # type: ignore
    (tmp_path / files[1]).write_bytes(b"no video at all")
    assert apart.speech is not None
    assert inside.speech is not None
    assert apart.speech.seconds == pytest.approx(inside.speech.seconds, abs=0.07)  # AAC: 64 ms


def test_voxceleb2_shows_what_pc_avs_cuts_out_of_its_boxes(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (14, 14, 3), np.uint8)
    box = noise.repeat(16, axis=0).repeat(16, axis=1)
    path = tmp_path / "dev/mp4/id00012/21Uxsk56VDQ/00001.mp4"
    path.parent.mkdir(parents=True)
    film(path, [box] * 3)
    (seen,) = dataset("VoxCeleb2", tmp_path).clips("train")
    (whole,) = dataset("VoxCeleb2", tmp_path, view="whole").clips("train")
    assert seen.frames is not None
    assert whole.frames is not None
    stored = whole.frames.read(1, 2)[0]
    assert stored.shape == (224, 224, 3)
    expected = cv2.resize(stored[:192, 16:208], (224, 224), interpolation=cv2.INTER_LINEAR)
    assert (seen.frames.read(1, 2)[0] == expected).all()
    assert seen.frames.fps == 25
    assert pickle.loads(pickle.dumps(dataset("VoxCeleb2", tmp_path).clips("train")))[0] is not None


def test_mead_is_read_from_the_side_that_is_asked_for(tmp_path: Path) -> None:
    spec = discover().datasets.get("MEAD")
    folder = str(tree(tmp_path, TREES["MEAD"][0]))
    settings = spec.config(name="MEAD", folder=folder, view="left_30")  # type: ignore[call-arg]
    made = build_dataset(spec, Settings(dataset=settings))
    assert [clip.name for clip in made.clips("test")] == ["M003_left_30_neutral_level_1_002"]


def test_two_qualities_of_grid_are_refused(tmp_path: Path) -> None:
    both = tree(tmp_path, ["s2/bbaf2n.mpg", "s2/video/mpg_6000/bbaf2n.mpg"])
    with pytest.raises(DataError, match="would both be called s2_bbaf2n"):
        dataset("GRID", both).clips("test")


def test_an_empty_split_says_which_ones_are_not(tmp_path: Path) -> None:
    only_test = tree(tmp_path, ["s2/bbaf2n.mpg"])
    with pytest.raises(DataError, match=r"no clip in the split val \(1 in test\)"):
        dataset("GRID", only_test).clips("val")


def test_crema_d_keeps_14_actors_for_each_of_test_and_validation() -> None:
    speakers = CremaD(ListedSettings(), seed=0).layout().speakers
    splits = [speakers.split_of(actor, seed=0) for actor in speakers.everyone]
    assert [splits.count(split) for split in ("train", "val", "test")] == [63, 14, 14]


def test_links_and_hidden_folders(tmp_path: Path) -> None:
    real = tree(tmp_path / "disk", ["a.mp4"])
    folder = tree(tmp_path / "data", [".cache/b.mp4", "c.mp4", "._c.mp4"])
    (folder / "linked").symlink_to(real)
    found = {path.relative_to(folder).as_posix() for path in files_below(folder)}
    assert found == {"linked/a.mp4", "c.mp4"}


def test_every_dataset_says_its_licence() -> None:
    assert all(spec.licence for spec in DATASETS)
