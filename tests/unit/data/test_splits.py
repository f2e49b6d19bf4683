"""Lists are the same for everyone: they hang on names and a seed, and on nothing else."""

import hashlib
import random
from pathlib import Path

import pytest

from talkingface.data.datasets.benchmarks import GRID
from talkingface.data.datasets.settings import ListedSettings
from talkingface.data.splits import SpeakerSplit, drawn, list_sha256, read_list, write_list
from talkingface.errors import DataError
from tests.unit.data.trees import tree

NAMES = [f"clip{number:04}" for number in range(1000)]


def test_a_draw_hangs_on_seed_and_names_alone() -> None:
    shuffled = random.Random(1).sample(NAMES, len(NAMES))
    assert drawn(shuffled, seed=3) == drawn(NAMES, seed=3)
    assert drawn(NAMES, seed=4) != drawn(NAMES, seed=3)
    # Written down, because a list that is published must be drawn alike for ever.
    by_hand = sorted(NAMES, key=lambda name: hashlib.sha256(f"3:{name}".encode()).hexdigest())
    assert drawn(NAMES, seed=3) == by_hand


def test_a_name_that_is_gone_leaves_the_order_of_the_others() -> None:
    without = [name for name in NAMES if name != "clip0500"]
    assert drawn(without, seed=0) == [n for n in drawn(NAMES, seed=0) if n != "clip0500"]


def test_a_share_of_unknown_people_is_about_that_share_of_them() -> None:
    split = SpeakerSplit(test_share=0.1, val_share=0.2)
    splits = [split.split_of(name, seed=0) for name in NAMES]
    # Three standard deviations of a binomial count of 1000.
    assert splits.count("test") == pytest.approx(100, abs=3 * (1000 * 0.1 * 0.9) ** 0.5)
    assert splits.count("val") == pytest.approx(200, abs=3 * (1000 * 0.2 * 0.8) ** 0.5)


def test_a_share_of_known_people_is_exactly_that_share() -> None:
    split = SpeakerSplit(test_share=0.1, val_share=0.2, everyone=tuple(NAMES))
    splits = [split.split_of(name, seed=0) for name in NAMES]
    assert [splits.count(one) for one in ("test", "val", "train")] == [100, 200, 700]


def test_a_file_of_a_list_comes_back_and_has_the_checksum_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    said = write_list(path, NAMES)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == said == list_sha256(NAMES)
    assert read_list(path) == NAMES


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\n \n", "names no clip"), (b"a\nb\na\n", "names a twice"), (b"\xff\xfe", "cannot be read")],
)
def test_a_list_that_is_none_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(DataError, match=reason):
        read_list(path)


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    return tree(tmp_path / "grid", [f"s{s}/clip{n}.mpg" for s in range(1, 6) for n in range(4)])


def made(folder: Path, **settings: object) -> GRID:
    return GRID(ListedSettings(name="GRID", folder=str(folder), **settings), seed=7)  # type: ignore


def test_a_short_list_is_the_beginning_of_a_long_one(grid: Path) -> None:
    whole = made(grid).list_of("test")
    assert sorted(whole) == [f"s{s}_clip{n}" for s in (2, 4) for n in range(4)]
    assert made(grid, test_clips=3).list_of("test") == whole[:3]
    assert [clip.name for clip in made(grid, test_clips=3).clips("test")] == list(whole[:3])


def test_the_seed_of_the_run_has_no_part_in_the_list(grid: Path) -> None:
    settings = ListedSettings(name="GRID", folder=str(grid))
    assert GRID(settings, seed=1).fingerprint() == GRID(settings, seed=2).fingerprint()
    assert made(grid, list_seed=1).list_of("test") != made(grid).list_of("test")


def test_a_list_that_is_written_is_scored_by_another(grid: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    said = made(grid, test_clips=3, list_seed=9).write_list("test", path)
    other = made(grid, test_list=str(path))
    assert f"test 3 sha256:{said}" in other.fingerprint()
    assert other.list_of("test") == made(grid, test_clips=3, list_seed=9).list_of("test")


def test_a_given_list_takes_its_clips_out_of_training(grid: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("s1_clip0\ns3_clip1\n")
    taken = made(grid, test_list=str(path))
    assert taken.list_of("test") == ("s1_clip0", "s3_clip1")
    assert not {"s1_clip0", "s3_clip1"} & set(taken.list_of("train"))
    assert len(taken.list_of("train")) == 4 * 3 - 2


def test_a_list_of_other_clips_says_what_names_look_like(grid: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("s1/clip0.mpg\n")
    with pytest.raises(DataError, match=r"1 clips .* such as s1/clip0.mpg.*look like s\d_clip\d"):
        made(grid, test_list=str(path)).clips("test")


def test_the_fingerprint_tells_a_clip_more_or_less(grid: Path) -> None:
    before = made(grid).fingerprint()
    (grid / "s1" / "clip0.mpg").unlink()
    assert made(grid).fingerprint() != before
