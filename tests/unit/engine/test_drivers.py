"""Who drives a control, as users write it: a video, one frame of it, its head at some angles."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from talkingface.clip import Clip, FrameArray
from talkingface.data.synth import factor_row, person, render_frames
from talkingface.engine.drivers import NUM_ANGLES, nearest_frame, open_driver, parted
from talkingface.errors import DataError, TalkingFaceError, UsageError
from talkingface.face.landmarks import open_finder
from talkingface.media import write_picture, write_video
from talkingface.plugins import discover
from talkingface.registry import ModelSpec

FPS = Fraction(25)
YAWS = np.deg2rad([-24, -12, 0, 12, 24])
GREY = np.full((120, 120, 3), 90, np.uint8)


@pytest.fixture(scope="module")
def finder():
    return open_finder()


@pytest.fixture(scope="module")
def heads() -> np.ndarray:
    """Return five pictures of a head that turns from left to right, (5, 160, 160, 3)."""
    factors = np.stack([factor_row(yaw=yaw) for yaw in YAWS])
    return np.stack(list(render_frames(person(1), factors, 160)))


@pytest.fixture(scope="module")
def folder(heads: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drivers")
    write_video(folder / "nod.mp4", heads)
    write_video(folder / "a@1.mp4", heads)
    write_video(folder / "wall.mp4", [GREY] * 3)
    write_picture(folder / "wall.png", GREY)
    write_picture(folder / "face.png", heads[2])
    return folder


def driver(folder: Path, text: str, finder, control="pose") -> Clip | tuple[float, ...]:
    return open_driver(control, str(folder / text), FPS, finder)


def test_a_number_takes_that_frame_of_a_video(folder: Path, heads, finder) -> None:
    still = driver(folder, "nod.mp4@3", finder)
    assert len(still.frames) == 1
    picture = still.frames.read(0, 1)[0].astype(int)
    # Two or three levels are lost to H.264; the frames beside differ by ten.
    distances = [np.abs(picture - head).mean() for head in heads]
    assert np.argmin(distances) == 3
    assert distances[3] < 4


@pytest.mark.parametrize(("angles", "frame"), [("15,0,0", 3), ("-20,3,0", 0), ("1,-2,2", 2)])
def test_angles_take_the_frame_whose_head_is_nearest(
    heads, finder, angles: str, frame: int
) -> None:
    wanted = tuple(np.deg2rad([float(one) for one in angles.split(",")]))
    assert nearest_frame(FrameArray(heads), wanted, finder, "heads") == frame


def test_angles_behind_a_video_make_it_stand_still(folder: Path, finder, caplog) -> None:
    with caplog.at_level("INFO"):
        still = driver(folder, "nod.mp4@25,0,0", finder)
    assert len(still.frames) == 1
    assert "Frame 4 of " in caplog.text


def test_frames_without_a_face_are_passed_over_in_the_search(heads, finder) -> None:
    grey = np.full_like(heads[:1], 90)
    mixed = FrameArray(np.concatenate([grey, heads[:1], grey]))
    assert nearest_frame(mixed, (0.0, 0.0, 0.0), finder, "mixed") == 1


def test_a_video_drives_with_the_arrays_that_lie_beside_it(folder: Path, heads, finder) -> None:
    points = np.random.default_rng(0).normal(80, 20, (5, 68, 3))
    write_video(folder / "s_aligned.mp4", heads)
    write_video(folder / "s_aligned_ani.mp4", heads)
    np.save(folder / "s_aligned.npy", points)
    np.save(folder / "s_aligned_rt.npy", np.ones((5, 6)))
    clip = driver(folder, "s_aligned.mp4", finder)
    assert (clip.name, len(clip.frames), len(clip.sources["ani"])) == ("s", 5, 5)
    np.testing.assert_array_equal(clip.truth("landmarks_3d"), points.astype(np.float32))
    assert clip.truth("head_motion").shape == (5, 6)
    assert clip.truth("frontal_landmarks") is None
    # of one frame, or of what is cut out, that is not known
    assert driver(folder, "s_aligned.mp4@2", finder).known == {}
    cut = open_driver("pose", str(folder / "s_aligned.mp4"), FPS, finder, "head")
    assert cut.known == {}
    assert cut.frames.read(0, 1).shape == (1, 256, 256, 3)


@pytest.mark.parametrize(
    ("name", "shape", "known"),
    [
        ("s_rt.npy", (4, 6), "head_motion"),
        ("s_front.npy", (4, 68, 3), "frontal_landmarks"),
        ("s_original.npy", (4, 68, 3), "landmarks_3d"),
    ],
)
def test_an_array_drives_alone(tmp_path: Path, finder, name: str, shape, known: str) -> None:
    np.save(tmp_path / name, np.full(shape, 2.0))
    clip = driver(tmp_path, name, finder)
    assert clip.frames is None
    assert list(clip.known) == [known]
    assert clip.truth(known).shape == shape


def test_an_array_of_something_else_is_a_sentence(tmp_path: Path, finder) -> None:
    np.save(tmp_path / "flat.npy", np.zeros((4, 68, 2)))
    with pytest.raises(DataError, match=r"flat.npy holds rows of the shape \(68, 2\). Head motion"):
        driver(tmp_path, "flat.npy", finder)
    (tmp_path / "torn.npy").write_bytes(b"nothing")
    with pytest.raises(DataError, match=r"torn.npy cannot be read as an array"):
        driver(tmp_path, "torn.npy", finder)


def test_a_file_whose_name_has_the_mark_is_that_file(folder: Path, finder) -> None:
    assert len(driver(folder, "a@1.mp4", finder).frames) == 5
    assert parted(f"{folder / 'a@1.mp4'}@2") == (str(folder / "a@1.mp4"), "2")


@pytest.mark.parametrize("spec", list(discover().models), ids=lambda spec: spec.name)
def test_a_method_is_held_at_angles_by_controls_that_it_has(spec: ModelSpec) -> None:
    assert spec.angles <= spec.controls & NUM_ANGLES.keys()


def test_angles_alone_are_radians(folder: Path, finder) -> None:
    assert open_driver("pose", "90,0,-45", FPS, finder) == pytest.approx((np.pi / 2, 0, -np.pi / 4))


@pytest.mark.parametrize(
    ("control", "text", "kind", "sentence"),
    [
        ("pose", "wall.mp4", DataError, "wall.mp4 shows no face in any of 3 frames"),
        ("pose", "wall.png", DataError, "wall.png shows no face in its one frame"),
        ("pose", "wall.mp4@10,0,0", DataError, "no head is near to the angles"),
        ("pose", "nod.mp4@5", DataError, "has the frames 0 to 4; there is no frame 5"),
        ("pose", "nod.mp4@10,0", UsageError, "takes 3 angles in degrees, not '10,0'"),
        ("pose", "nod.mp4@nan,0,0", UsageError, "takes 3 angles in degrees"),
        ("emotion", "nod.mp4@10,0,0", UsageError, "angles find a frame for the control 'pose'"),
        ("pose", "gone.mp4@3", DataError, "There is no file"),
    ],
)
def test_a_driver_that_will_not_do_is_a_sentence(
    folder: Path, finder, control: str, text: str, kind: type[TalkingFaceError], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        driver(folder, text, finder, control)
