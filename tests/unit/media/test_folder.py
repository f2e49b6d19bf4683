from pathlib import Path

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.media import MediaLimits, open_frames, write_picture


def fill(folder: Path, names: list[str], size: int = 4) -> Path:
    """Write pictures whose level is their place in `names`."""
    for level, name in enumerate(names):
        write_picture(folder / name, np.full((size, size, 3), level, np.uint8))
    return folder


@pytest.mark.parametrize(
    "names",
    [
        [f"{index:06}.png" for index in range(12)],  # PC-AVS
        [f"{index:04}.png" for index in range(12)],  # PD-FGC
        [f"{index:05}.png" for index in range(1, 13)],  # Rhythmic head motion
        [f"{index}.png" for index in range(95, 107)],  # without padding, from anywhere
        [f"Input_{index}.png" for index in range(12)],  # as PC-AVS writes them
    ],
)
def test_every_numbering_of_the_papers_is_read_in_order(tmp_path: Path, names: list[str]) -> None:
    frames = open_frames(fill(tmp_path, names))
    assert len(frames) == 12
    assert frames.fps == 25
    assert [int(picture[0, 0, 0]) for picture in frames] == list(range(12))
    assert frames.read(3, 6)[:, 0, 0, 0].tolist() == [3, 4, 5]


def test_other_files_do_not_matter(tmp_path: Path) -> None:
    fill(tmp_path, ["0.png", "1.png", ".2.png"])
    (tmp_path / "notes.txt").touch()
    assert len(open_frames(tmp_path, fps=30)) == 2


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ([], "holds no pictures"),
        (["0.png", "1.png", "3.png"], "from picture 1 to 3: 2 is missing"),
        (["1.png", "01.png"], "two pictures with one number"),
        (["a1.png", "b2.png"], "two series"),
        (["anne.png"], "anne.png has no number"),
    ],
)
def test_what_is_no_series_is_refused(tmp_path: Path, names: list[str], complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        open_frames(fill(tmp_path, names))


def test_a_picture_of_another_size_is_named(tmp_path: Path) -> None:
    fill(tmp_path, ["0.png", "1.png"])
    write_picture(tmp_path / "2.png", np.zeros((5, 4, 3), np.uint8))
    with pytest.raises(DataError, match=r"2.png is 4 x 5 pixels.* 4 x 4"):
        list(open_frames(tmp_path))


def test_too_many_pictures_are_refused(tmp_path: Path) -> None:
    fill(tmp_path, ["0.png", "1.png", "2.png"])
    with pytest.raises(DataError, match="limit `frames`"):
        open_frames(tmp_path, limits=MediaLimits(frames=2))


def test_one_picture_is_not_taken_for_a_video(tmp_path: Path) -> None:
    fill(tmp_path, ["0.png"])
    with pytest.raises(DataError, match=r"0.png is one picture"):
        open_frames(tmp_path / "0.png")
