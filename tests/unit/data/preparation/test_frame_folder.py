"""Folders of numbered pictures: whole or not there."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.data.preparation.frame_folder import numbered, write_frame_folder
from talkingface.media import open_frames

GREYS = [np.full((16, 16, 3), level, np.uint8) for level in (0, 100, 255)]


def test_pictures_are_numbered_from_zero_in_rgb(tmp_path: Path) -> None:
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 0] = 200
    assert write_frame_folder(tmp_path / "a" / "frames", numbered([*GREYS, red])) == 4
    folder = tmp_path / "a" / "frames"
    assert sorted(path.name for path in folder.iterdir()) == [f"00000{n}.jpg" for n in range(4)]
    read = open_frames(folder).read(0, 4)
    # JPEG of quality 95 keeps a flat colour to within two levels.
    np.testing.assert_allclose(read, np.stack([*GREYS, red]), atol=2)


def test_an_older_folder_is_replaced_whole(tmp_path: Path) -> None:
    write_frame_folder(tmp_path / "frames", numbered(GREYS))
    write_frame_folder(tmp_path / "frames", numbered(GREYS[:1]))
    assert [path.name for path in tmp_path.iterdir()] == ["frames"]
    assert len(open_frames(tmp_path / "frames")) == 1


def test_an_error_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    def failing():
        yield "000000.jpg", GREYS[0]
        raise ValueError("no more")

    write_frame_folder(tmp_path / "frames", numbered(GREYS))
    with pytest.raises(ValueError, match="no more"):
        write_frame_folder(tmp_path / "frames", failing())
    assert [path.name for path in tmp_path.iterdir()] == ["frames"]
    assert len(open_frames(tmp_path / "frames")) == 3
