from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from talkingface.errors import DataError, StorageError
from talkingface.media import MediaLimits, read_picture, write_picture

SKETCH = np.random.default_rng(0).integers(0, 256, (12, 16, 3), dtype=np.uint8)
SMOOTH = cv2.resize(SKETCH, (173, 129), interpolation=cv2.INTER_CUBIC)  # odd, and like a photo


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("quality", [30, 75, 95])
def test_jpeg_pixels_equal_those_of_opencv(tmp_path: Path, subsampling: str, quality: int) -> None:
    path = tmp_path / "frame.jpg"
    Image.fromarray(SMOOTH).save(path, quality=quality, subsampling=subsampling)
    assert (read_picture(path) == cv2.imread(str(path))[:, :, ::-1]).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_turned_as_opencv_does(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(SMOOTH).save(path, exif=exif)
    assert (read_picture(path) == cv2.imread(str(path))[:, :, ::-1]).all()


def test_transparent_parts_become_white(tmp_path: Path) -> None:
    rgba = np.dstack([SMOOTH, np.full(SMOOTH.shape[:2], 255, np.uint8)])
    rgba[:40, :, 3] = 0
    rgba[40:60, :, 3] = 128
    Image.fromarray(rgba).save(tmp_path / "cut.png")
    read = read_picture(tmp_path / "cut.png")
    assert (read[:40] == 255).all()
    blended = SMOOTH[40:60] * (128 / 255) + 255 * (127 / 255)
    assert np.abs(read[40:60] - blended).max() <= 0.5  # rounded once
    assert (read[60:] == SMOOTH[60:]).all()


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "YCbCr", "CMYK"])
def test_other_modes_become_rgb(tmp_path: Path, mode: str) -> None:
    black_and_white = np.zeros((32, 32, 3), np.uint8)
    black_and_white[:, 16:] = 255
    suffix = "tiff" if mode in ("CMYK", "YCbCr") else "png"
    path = tmp_path / f"picture.{suffix}"
    # Of raw YCbCr in a TIFF, Pillow 12.3 cannot read what it writes; files of cameras are packed.
    packed = {"compression": "tiff_lzw"} if mode == "YCbCr" else {}
    Image.fromarray(black_and_white).convert(mode).save(path, **packed)
    assert (read_picture(path) == black_and_white).all()


def test_cmyk_jpeg_keeps_its_colours(tmp_path: Path) -> None:
    Image.fromarray(SMOOTH).convert("CMYK").save(tmp_path / "print.jpg", quality=95)
    error = np.abs(read_picture(tmp_path / "print.jpg").astype(int) - SMOOTH)
    assert error.mean() < 2  # JPEG at quality 95


def test_grey_of_16_bits_keeps_its_levels(tmp_path: Path) -> None:
    levels = np.arange(0, 65536, 64, dtype=np.uint16).reshape(32, 32)
    Image.fromarray(levels).save(tmp_path / "deep.png")
    read = read_picture(tmp_path / "deep.png")
    assert (read == (levels // 256)[:, :, None]).all()


def test_written_pictures_are_read_back(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", SMOOTH)
    assert (read_picture(tmp_path / "a.png") == SMOOTH).all()
    write_picture(tmp_path / "a.jpg", SMOOTH, jpeg_quality=75)
    expected = BytesIO()
    Image.fromarray(SMOOTH).save(expected, "JPEG", quality=75)
    assert (tmp_path / "a.jpg").read_bytes() == expected.getvalue()


def test_a_name_that_says_no_kind_of_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"picture.xyz .*\.png or \.jpg"):
        write_picture(tmp_path / "picture.xyz", SMOOTH)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="folder"):
        write_picture(tmp_path / "none" / "a.png", SMOOTH)


def test_a_picture_over_the_limit_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.new("1", (20_000, 20_000)).save(path)  # 50 kB that would become 1.2 GB
    with pytest.raises(DataError, match=r"wide\.png"):
        read_picture(path)
    write_picture(tmp_path / "a.png", SMOOTH)
    with pytest.raises(DataError, match=r"173 x 129 pixels.*limit `pixels`"):
        read_picture(tmp_path / "a.png", MediaLimits(pixels=173 * 129 - 1))


@pytest.mark.parametrize("content", [b"", b"not a picture", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "face.jpg"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"face\.jpg"):
        read_picture(path)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "tiff", "gif"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_picture_that_is_cut_off_is_refused(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"face.{suffix}"
    Image.fromarray(SMOOTH).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DataError, match=f"face.{suffix} .*(damaged|not a picture)"):
        read_picture(path)
