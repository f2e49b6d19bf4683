"""Videos of one's own, in a folder or in a manifest."""

import json
import os
from fractions import Fraction
from pathlib import Path

import pytest

from talkingface.config.settings import Split
from talkingface.data.datasets.folder import FolderDataset
from talkingface.data.datasets.settings import FolderSettings
from talkingface.errors import DataError
from tests.filming import record
from tests.unit.data.trees import NUM_PICTURES, tiny_video, tone, tree


def dataset(folder: Path, **settings: object) -> FolderDataset:
    named = FolderSettings(name="FolderDataset", folder=str(folder), **settings)  # type: ignore
    return FolderDataset(named, seed=0)


def names(made: FolderDataset, split: Split) -> set[str]:
    return {clip.name for clip in made.clips(split)}


def test_a_folder_of_videos_is_a_test_split(tmp_path: Path) -> None:
    made = dataset(tree(tmp_path, ["a.mp4", "anna/b.MOV", "anna/day 1/c.webm", "notes.txt"]))
    people = {clip.name: clip.identity for clip in made.clips("test")}
    assert people == {"a": "a", "anna_b": "anna", "anna_day 1_c": "anna/day 1"}
    with pytest.raises(DataError, match=r"no clip in the split train.*--dataset\.test_share"):
        made.clips("train")


def test_folders_called_as_splits_are_the_splits(tmp_path: Path) -> None:
    made = dataset(tree(tmp_path, ["train/anna/a.mp4", "val/b.mp4", "test/c.mp4"]))
    assert names(made, "train") == {"train_anna_a"}
    assert names(made, "val") == {"val_b"}
    assert names(made, "test") == {"test_c"}
    assert [clip.identity for clip in made.clips("train")] == ["anna"]


def test_a_share_takes_whole_people(tmp_path: Path) -> None:
    made = dataset(
        tree(tmp_path, [f"person{p}/{c}.mp4" for p in range(10) for c in range(3)]),
        test_share=0.3,
        val_share=0.2,
    )
    people: dict[Split, set[str]] = {
        split: {clip.identity for clip in made.clips(split)} for split in ("train", "val", "test")
    }
    assert [len(people[split]) for split in ("train", "val", "test")] == [5, 2, 3]
    assert [len(made.clips(split)) for split in ("train", "val", "test")] == [15, 6, 9]


def test_two_videos_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="would both be called a_b"):
        dataset(tree(tmp_path, ["a_b.mp4", "a/b.mp4"])).clips("test")


def test_a_manifest_is_a_dataset(tmp_path: Path) -> None:
    tiny_video(tmp_path / "clip.mp4", with_sound=False)
    rows = [{"video": "clip.mp4", "name": "one", "identity": "Anna", "split": "val"}]
    manifest = tmp_path / "clips.jsonl"
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (clip,) = dataset(manifest).clips("val")
    assert (clip.name, clip.identity) == ("one", "Anna")
    assert clip.frames is not None
    assert len(clip.frames) == NUM_PICTURES


def test_a_wav_file_beside_a_video_is_its_sound(tmp_path: Path) -> None:
    tiny_video(tmp_path / "clip.mp4", with_sound=False)
    (clip,) = dataset(tmp_path).clips("test")
    assert clip.speech is not None
    with pytest.raises(DataError, match="has no sound"):
        clip.speech.read(16000)
    record(tmp_path / "clip.wav", tone(), "pcm_s16le")
    (clip,) = dataset(tmp_path).clips("test")
    assert clip.speech is not None
    assert clip.speech.read(16000).shape == tone().shape


@pytest.mark.parametrize(("fps", "expected"), [(25.0, 25), (12.5, 12.5), (None, 25)])
def test_clips_are_read_at_the_rate_that_is_asked_for(
    fps: float | None, expected: float, tmp_path: Path
) -> None:
    tiny_video(tmp_path / "clip.mp4")
    (clip,) = dataset(tmp_path, fps=fps).clips("test")
    assert clip.frames is not None
    assert clip.frames.fps == Fraction(expected)
    assert len(clip.frames) == round(NUM_PICTURES / 25 * expected)


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    made = dataset(tree(tmp_path, ["a.mp4"]))
    (clip,) = made.clips("test")
    assert clip.frames is not None
    with pytest.raises(DataError, match="cannot be read as video"):
        len(clip.frames)


def test_the_fingerprint_tells_a_file_that_was_replaced(tmp_path: Path) -> None:
    folder = tree(tmp_path, ["a.mp4", "b.mp4"])
    before = dataset(folder).fingerprint()
    assert dataset(folder).fingerprint() == before
    (folder / "a.mp4").write_bytes(b"--")
    assert dataset(folder).fingerprint() != before


def test_clips_can_be_cut_like_a_list(tmp_path: Path) -> None:
    clips = dataset(tree(tmp_path, [f"{n}.mp4" for n in range(5)])).clips("test")
    assert [clip.name for clip in clips[1:3]] == [clips[1].name, clips[2].name]
    assert clips[-1].name == list(clips)[-1].name


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may list all")
def test_a_folder_that_may_not_be_listed_is_an_error(tmp_path: Path) -> None:
    tree(tmp_path, ["a.mp4", "closed/b.mp4"])
    (tmp_path / "closed").chmod(0)
    try:
        with pytest.raises(DataError, match="closed cannot be listed"):
            dataset(tmp_path).clips("test")
    finally:
        (tmp_path / "closed").chmod(0o700)
