import pickle
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.media import MediaLimits, open_frames
from tests.filming import film, number_of, numbered

SHORT_GROUPS = {"g": "12"}  # a key picture every 12, so that there is something to search
OPEN_GROUPS = {"g": "12", "x264-params": "open-gop=1:bframes=3"}
FILES: dict[str, dict[str, object]] = {  # each with its own habits of stamping and searching
    "plain.mp4": {},
    "open_groups.mp4": {"options": OPEN_GROUPS},  # its index leads to pictures too late
    "fragments.mp4": {"movflags": "frag_keyframe+empty_moov"},  # as browsers record
    "plain.mkv": {},
    "plain.ts": {},
    "two_way.avi": {},  # B frames, of which AVI cannot say the order
    "plain.mpg": {"codec": "mpeg2video"},
    "plain.webm": {"codec": "libvpx-vp9"},
    "ten_bits.mov": {"codec": "prores_ks", "pix_fmt": "yuv422p10le"},
}


def film_of(path: Path) -> Path:
    return film(path, map(numbered, range(60)), **{"options": SHORT_GROUPS, **FILES[path.name]})


def numbers(frames) -> list[int]:
    return [number_of(picture) for picture in frames]


@pytest.mark.parametrize("name", FILES)
def test_every_picture_comes_once_and_in_order(tmp_path: Path, name: str) -> None:
    frames = open_frames(film_of(tmp_path / name))
    assert frames.fps == 25
    assert len(frames) == 60
    assert numbers(frames) == list(range(60))


@pytest.mark.parametrize("name", FILES)
def test_reading_anywhere_gives_what_reading_through_gives(tmp_path: Path, name: str) -> None:
    frames = open_frames(film_of(tmp_path / name))
    through = np.stack(list(frames))
    for start, stop in ((0, 3), (11, 14), (22, 23), (30, 31), (47, 60), (58, 99)):
        assert (frames.read(start, stop) == through[start:stop]).all()
    assert frames.read(7, 7).shape[0] == 0


@pytest.mark.parametrize(
    "fps", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(30), Fraction(50)]
)
def test_rates_are_exact_fractions(tmp_path: Path, fps: Fraction) -> None:
    frames = open_frames(film(tmp_path / "clip.mp4", map(numbered, range(40)), fps=fps))
    assert frames.fps == fps
    assert numbers(frames) == list(range(40))


def test_fifty_pictures_a_second_become_every_second_one(tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mp4", map(numbered, range(42)), fps=Fraction(50))
    assert numbers(open_frames(path, fps=25)) == list(range(0, 42, 2))


def test_unsteady_moments_are_kept_to_within_half_a_step(tmp_path: Path) -> None:
    steps = np.random.default_rng(0).integers(8, 90, size=40)
    moments = [0, *np.cumsum(steps).tolist()]
    path = film(tmp_path / "clip.mkv", map(numbered, range(41)), milliseconds=moments)
    for k, number in enumerate(numbers(open_frames(path, fps=25))):
        errors = [abs(moment - 40 * k) for moment in moments]
        assert errors[number] == min(errors)


@pytest.mark.parametrize("rotation", [90, -90, 180])
def test_rotation_flags_turn_the_picture_as_opencv_does(tmp_path: Path, rotation: int) -> None:
    path = film(tmp_path / "clip.mp4", map(numbered, range(3)), rotation=rotation)
    picture = open_frames(path).read(1, 2)[0]
    turned, by_opencv = cv2.VideoCapture(str(path)), []
    while (frame := turned.read())[0]:
        by_opencv.append(frame[1][:, :, ::-1])
    assert picture.shape == by_opencv[1].shape
    # Both convert colours with FFmpeg, but of different versions.
    assert np.abs(picture.astype(int) - by_opencv[1]).max() <= 2


def test_transparent_parts_become_white(tmp_path: Path) -> None:
    picture = np.zeros((48, 64, 4), np.uint8)
    picture[:, 32:] = (200, 100, 50, 255)
    path = film(tmp_path / "clip.mov", [picture] * 2, "qtrle", "argb")
    [read] = open_frames(path).read(0, 1)
    assert read[0, 0].tolist() == [255, 255, 255]
    assert read[0, 63].tolist() == [200, 100, 50]


def test_odd_sizes_are_kept(tmp_path: Path) -> None:
    odd = [numbered(index, width=63, height=47) for index in range(3)]
    path = film(tmp_path / "clip.mp4", odd, pix_fmt="yuv444p")
    frames = open_frames(path)
    assert frames.read(0, 3).shape == (3, 47, 63, 3)
    assert numbers(frames) == [0, 1, 2]


def test_the_matrix_that_the_file_names_is_used(tmp_path: Path) -> None:
    rgb = np.full((48, 64, 3), (200, 40, 90), np.uint8)
    lossless = {"crf": "0", "x264-params": "colormatrix=bt709"}
    path = tmp_path / "clip.mp4"
    film(path, [_as_bt709(rgb)] * 2, pix_fmt="yuv444p", options=lossless)
    [read] = open_frames(path).read(0, 1)
    assert np.abs(read[20, 20].astype(int) - (200, 40, 90)).max() <= 3  # two roundings to 8 bits


def _as_bt709(rgb):
    """Return the RGB that, encoded with BT.601, has the YUV of `rgb` in BT.709."""
    matrix_709 = _yuv_matrix(0.2126, 0.0722)
    matrix_601 = _yuv_matrix(0.299, 0.114)
    mixed = np.linalg.inv(matrix_601) @ matrix_709 @ rgb[0, 0]
    return np.broadcast_to(mixed.round().clip(0, 255).astype(np.uint8), rgb.shape).copy()


def _yuv_matrix(red: float, blue: float):
    luma = np.array([red, 1 - red - blue, blue])
    return np.stack([luma, ([0, 0, 1] - luma) / (2 - 2 * blue), ([1, 0, 0] - luma) / (2 - 2 * red)])


def test_frames_travel_to_other_processes(tmp_path: Path) -> None:
    frames = open_frames(film(tmp_path / "clip.mp4", map(numbered, range(5))))
    assert numbers(pickle.loads(pickle.dumps(frames))) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (MediaLimits(pixels=64 * 48 - 1), "pixels"),
        (MediaLimits(seconds=0.39), "seconds"),
        (MediaLimits(frames=9), "frames"),
    ],
)
def test_what_is_larger_than_the_limits_is_refused(
    tmp_path: Path, limits: MediaLimits, word: str
) -> None:
    path = film(tmp_path / "clip.mp4", map(numbered, range(10)))
    with pytest.raises(DataError, match=f"clip.mp4 .*limit `{word}`"):
        open_frames(path, limits=limits)
    assert len(open_frames(path, limits=MediaLimits(pixels=64 * 48, seconds=0.4, frames=10))) == 10


@pytest.mark.parametrize("fps", [0, -25, float("inf"), float("nan"), 1e9])
def test_a_senseless_rate_is_refused(tmp_path: Path, fps: float) -> None:
    path = film(tmp_path / "clip.mp4", map(numbered, range(2)))
    with pytest.raises(DataError, match="pictures a second"):
        open_frames(path, fps=fps)
