"""What is known of frames, kept beside them."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.data.truth_file import identity_in, known_in, write_truth
from talkingface.errors import DataError
from talkingface.face.align.network_view import network_view


def test_arrays_come_back_by_name_and_the_person_with_them(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.npz"
    pose = np.arange(6).reshape(2, 3) / 7
    write_truth(path, {"pose": pose}, identity="Anna")
    known = known_in(path)
    assert list(known) == ["pose"]
    np.testing.assert_array_equal(known["pose"](), pose.astype(np.float32))
    assert identity_in(path) == "Anna"


def test_landmarks_move_with_what_the_frames_show(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    points = np.zeros((1, 68, 3))
    points[0, 0] = (16, 0, 12)  # the upper left pixel of the view, 12 px before the face
    points[0, 1] = (207, 191, 0)  # its lower right pixel
    write_truth(path, {"landmarks": points[..., :2], "landmarks_3d": points, "pose": points[:, 0]})
    known = known_in(path, network_view(96))  # half as large: 192 px to 96
    # A pixel of 96 covers two of 192, so its centre stands a quarter of it further in.
    np.testing.assert_allclose(known["landmarks"]()[0, :2], [[-0.25, -0.25], [95.25, 95.25]])
    assert known["landmarks_3d"]()[0, 0, 2] == pytest.approx(6)
    np.testing.assert_array_equal(known["pose"]()[0], [16, 0, 12])


def test_nothing_is_known_where_there_is_no_file(tmp_path: Path) -> None:
    assert known_in(tmp_path / "a.npz") == {}
    assert identity_in(tmp_path / "a.npz") == ""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"no archive"])
def test_a_damaged_file_is_named_with_the_cure(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.npz .*Remove it and make it again"):
        known_in(path)
