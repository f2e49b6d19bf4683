"""Single pictures, to and from arrays.

Pillow is the one decoder of pictures here. Its JPEG pixels equal those of OpenCV, with which the
papers' programs read their frames (tested: every chroma subsampling, three qualities, real frames),
and unlike OpenCV it says what a file is, and how large, before it decodes it.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from talkingface.clip import Picture
from talkingface.errors import DataError
from talkingface.media.container import check_file
from talkingface.media.limits import DEFAULT_LIMITS, MediaLimits
from talkingface.storage.atomic import write_bytes

# Named, because Pillow would otherwise also try kinds that start a program (EPS) or are no picture.
READABLE_KINDS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "PPM", "GIF")
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
DEEP_GREY_MODES = ("I", "I;16", "I;16B", "I;16L")  # Pillow's names for grey of 16 bits


def read_picture(path: str | Path, limits: MediaLimits = DEFAULT_LIMITS) -> Picture:
    """Return the picture in a file, (H, W, 3) uint8 RGB, upright as its camera was held.

    CMYK and grey become RGB, 16 bits become 8, and what is transparent becomes white.

    Raises:
        DataError: the file is missing, damaged, no picture, or larger than `limits` allows.
    """
    path = Path(path)
    check_file(path)
    try:
        with Image.open(path, formats=READABLE_KINDS) as image:
            limits.check_picture(path, *image.size)
            upright = ImageOps.exif_transpose(image)
            return to_rgb(upright)
    except UnidentifiedImageError as error:
        raise DataError(
            f"{path} is not a picture that can be read. Give a jpg, png, webp, bmp or tiff file."
        ) from error
    except Image.DecompressionBombError as error:
        raise DataError(f"{path} has too many pixels ({error}). Make it smaller.") from error
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises for damaged content
        raise DataError(
            f"{path} is damaged or cut off ({error}). Copy or download it again."
        ) from error


def write_picture(
    path: str | Path, picture: Picture, jpeg_quality: int = 95, *, overwrite: bool = True
) -> None:
    """Write a picture, (H, W, 3) uint8 RGB, whole or not at all; the suffix says which kind.

    Raises:
        DataError: the suffix names no kind of picture.
        StorageError: the file cannot be written.
    """
    path = Path(path)
    kind = Image.registered_extensions().get(path.suffix.lower())
    if kind not in READABLE_KINDS:
        raise DataError(f"{path} names no kind of picture. Let it end in .png or .jpg.")
    encoded = BytesIO()
    Image.fromarray(picture).save(encoded, format=kind, quality=jpeg_quality)
    write_bytes(path, encoded.getvalue(), overwrite=overwrite)


def as_jpeg(picture: Picture, quality: int = 80) -> bytes:
    """Return a picture, (H, W, 3) uint8 RGB, as the content of a jpg file."""
    encoded = BytesIO()
    Image.fromarray(picture).save(encoded, format="JPEG", quality=quality)
    return encoded.getvalue()


def stack_pictures(pictures: Iterable[Picture]) -> NDArray[np.uint8]:
    """Return pictures of one size as one array (T, H, W, 3); none give T = H = W = 0."""
    listed = list(pictures)
    return np.stack(listed) if listed else np.empty((0, 0, 0, 3), dtype=np.uint8)


def to_rgb(image: Image.Image) -> Picture:
    """Return a picture of any of Pillow's modes as (H, W, 3) uint8 RGB."""
    if image.mode in DEEP_GREY_MODES:
        grey = np.clip(np.asarray(image).astype(np.int64) >> 8, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        return over_white(np.asarray(image.convert("RGBA")))
    return np.array(image.convert("RGB"))


def over_white(rgba: NDArray[np.uint8]) -> Picture:
    """Return (H, W, 4) RGB with alpha as RGB on white: what is transparent hides random colours."""
    alpha = rgba[:, :, 3:].astype(np.uint16)
    blended = rgba[:, :, :3] * alpha + 255 * (255 - alpha)  # at most 255 * 255: fits 16 bits
    rounded: Picture = ((blended + 127) // 255).astype(np.uint8)
    return rounded
