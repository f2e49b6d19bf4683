"""Rhythmic head motion's files as clips, written here by hand in its layouts."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from talkingface.data.datasets.method_settings import RhythmicDatasetSettings
from talkingface.data.datasets.rhythmic import RhythmicDataset
from talkingface.errors import DataError
from tests.filming import film, numbered, record

POINTS = np.random.default_rng(1).normal(128, 20, (5, 68, 3))
YAW, PITCH, ROLL = 0.4, -0.2, 0.1


def motions() -> np.ndarray:
    """Return the motion that undoes a turn of roll, yaw and pitch.

    Pitch lowers the nose, which with y down is a turn about x backwards.
    """
    turn = Rotation.from_euler("ZYX", [ROLL, YAW, -PITCH])
    return np.tile(np.append(turn.inv().as_rotvec(), [1, 2, 3]), (5, 1))


def write(folder: Path, ending: str, landmarks: str, before: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    film(folder / f"s{ending}.mp4", [numbered(index) for index in range(5)])
    film(folder / f"s{before}_ani.mp4", [numbered(index) for index in range(5)])
    np.save(folder / f"s{landmarks}.npy", POINTS)
    np.save(folder / f"s{before}_rt.npy", motions())
    np.save(folder / f"s{before}_front.npy", POINTS + 1)


def clips(folder: Path):
    settings = RhythmicDatasetSettings("Rhythmic_Head_MotionDataset", folder=str(folder))
    return RhythmicDataset(settings, 0).clips("test")


@pytest.mark.parametrize(
    ("ending", "landmarks", "before"),
    [("_aligned", "_aligned", "_aligned"), ("_crop", "_original", "")],
    ids=["VoxCeleb2", "GRID, LRS3, CREMA-D"],
)
def test_the_files_beside_a_video_are_what_is_known_of_it(
    ending: str, landmarks: str, before: str, tmp_path: Path
) -> None:
    write(tmp_path / "id1", ending, landmarks, before)
    (clip,) = clips(tmp_path)
    assert clip.name == "s"
    assert len(clip.frames) == len(clip.sources["ani"]) == 5
    np.testing.assert_array_equal(clip.truth("landmarks_3d"), POINTS.astype(np.float32))
    np.testing.assert_array_equal(clip.truth("landmarks"), POINTS[..., :2].astype(np.float32))
    np.testing.assert_array_equal(clip.truth("frontal_landmarks"), (POINTS + 1).astype(np.float32))
    np.testing.assert_array_equal(clip.truth("head_motion"), motions().astype(np.float32))
    # float32 keeps seven digits
    np.testing.assert_allclose(clip.truth("pose"), [[YAW, PITCH, ROLL]] * 5, atol=1e-6)


def test_the_sound_is_found_where_the_authors_look_for_it(tmp_path: Path) -> None:
    write(tmp_path / "unzip" / "test_video" / "id1", "_aligned", "_aligned", "_aligned")
    sound = tmp_path / "unzip" / "test_audio" / "id1" / "s.wav"
    sound.parent.mkdir(parents=True)
    record(sound, np.zeros(8000, np.float32), "pcm_s16le")
    assert clips(tmp_path)[0].speech.seconds == 0.5


def test_a_folder_called_video_above_the_data_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "my videos"
    write(folder, "_aligned", "_aligned", "_aligned")
    record(folder / "s.wav", np.zeros(8000, np.float32), "pcm_s16le")
    assert clips(folder)[0].speech.seconds == 0.5


def test_the_list_decides_which_videos_are_read_and_in_what_order(tmp_path: Path) -> None:
    write(tmp_path, "_aligned", "_aligned", "_aligned")
    film(tmp_path / "a_aligned.mp4", [numbered(0)])
    film(tmp_path / "b_aligned.mp4", [numbered(0)])
    assert [clip.name for clip in clips(tmp_path)] == ["a", "b", "s"]
    listed = np.array([["demo/s_aligned.mp4", "x", "00003"], ["b_aligned.mp4", "y", "00000"]])
    np.save(tmp_path / "vox_demo_ani.npy", listed)
    assert [clip.name for clip in clips(tmp_path)] == ["s", "b"]


def test_what_is_missing_is_not_known_and_what_is_damaged_is_named(tmp_path: Path) -> None:
    write(tmp_path, "_aligned", "_aligned", "_aligned")
    (tmp_path / "s_aligned_rt.npy").unlink()
    (tmp_path / "s_aligned_ani.mp4").unlink()
    np.save(tmp_path / "s_aligned.npy", POINTS[..., :2])
    (tmp_path / "s_aligned_front.npy").write_bytes(b"cut")
    (clip,) = clips(tmp_path)
    assert clip.truth("pose") is None
    assert clip.sources == {}
    with pytest.raises(DataError, match=r"s_aligned\.npy has the shape \(5, 68, 2\)"):
        clip.truth("landmarks")
    with pytest.raises(DataError, match=r"s_aligned_front\.npy cannot be read"):
        clip.truth("frontal_landmarks")


def test_an_empty_folder_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no video \*_aligned.mp4. Expected are"):
        clips(tmp_path)
