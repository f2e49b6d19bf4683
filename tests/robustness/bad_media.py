"""Makes the sixteen media that break careless programs.

To look at them: ``python -m tests.robustness.bad_media FOLDER``.
"""

import struct
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from talkingface.media import SpeechArray, write_video
from tests.filming import film, numbered, record

NUM_PICTURES = 50
VARIABLE_MS = [0, 30, 60, 150, 180, 300, *range(340, 2100, 40)]  # 50 pictures in about 2 s


def portrait(width: int = 64, height: int = 48) -> np.ndarray:
    """Return a picture whose top is red and whose left is bright: any turn of it shows."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, :, 0] = 200
    picture[:, : width // 2, 1] = 200
    return picture


def tone(seconds: float = 2.0, sample_rate_hz: int = 16000) -> np.ndarray:
    times = np.arange(round(seconds * sample_rate_hz)) / sample_rate_hz
    return (0.5 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)


def make_bad_media(folder: Path) -> dict[str, Path]:
    """Write the sixteen files into `folder` and return them by what is the matter with them."""
    turned = [numbered(index) for index in range(NUM_PICTURES)]
    whole = film(folder / "whole.mp4", turned, sound=tone())
    odd = [numbered(index, width=63, height=47) for index in range(NUM_PICTURES)]
    deep = {"codec": "libx265", "pix_fmt": "yuv420p10le", "options": {"x265-params": "log-level=0"}}
    makers = {
        "zero bytes": lambda: _written(folder / "empty.mp4", b""),
        "text": lambda: _written(folder / "text.mp4", b"This is a letter and no film.\n" * 99),
        "cut off": lambda: _written(
            folder / "half.mp4", whole.read_bytes()[: whole.stat().st_size // 2]
        ),
        "no audio": lambda: film(folder / "mute.mp4", turned),
        "no video": lambda: record(folder / "sound.mp4", tone(), "aac"),
        "one frame": lambda: film(folder / "single.mp4", turned[7:8]),
        "variable fps": lambda: film(folder / "phone.mp4", turned, milliseconds=VARIABLE_MS),
        "odd size": lambda: film(folder / "odd.mp4", odd, pix_fmt="yuv444p"),
        "rotation flag": lambda: film(
            folder / "upright.mp4", [np.rot90(numbered(i, 48, 64)) for i in range(9)], rotation=-90
        ),
        "10 bits": lambda: film(folder / "deep.mp4", turned, **deep),
        "alpha": lambda: _alpha(folder / "cut_out.png"),
        "CMYK": lambda: _saved(Image.fromarray(portrait()).convert("CMYK"), folder / "print.jpg"),
        "EXIF": lambda: _turned(folder / "phone.jpg"),
        "8 kHz stereo": lambda: record(
            folder / "telephone.wav", np.stack([tone(2, 8000)] * 2), "pcm_s16le", 8000
        ),
        "silent": lambda: record(folder / "silent.wav", 0 * tone(), "pcm_s16le"),
        "NaN": lambda: _float_wav(folder / "nan.wav", [0.1, float("nan"), 0.1] * 999),
    }
    return {matter: make() for matter, make in makers.items()}


def cut_off_with_index_in_front(path: Path) -> Path:
    """Write half a film that opens like a whole one, because its index comes first."""
    rng = np.random.default_rng(0)
    noise = (rng.integers(0, 256, (96, 128, 3), dtype=np.uint8) for _ in range(NUM_PICTURES))
    write_video(path, noise, speech=SpeechArray(tone()))
    return _written(path, path.read_bytes()[: path.stat().st_size // 2])


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _saved(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, quality=95, **options)
    return path


def _alpha(path: Path) -> Path:
    rgba = np.dstack([portrait(), np.full((48, 64), 255, np.uint8)])
    rgba[:12] = (13, 77, 200, 0)  # a colour that nobody should see
    return _saved(Image.fromarray(rgba), path)


def _turned(path: Path) -> Path:
    """Write the portrait lying on its side, with the flag that says how to turn it upright."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to show
    return _saved(Image.fromarray(np.rot90(portrait())), path, exif=exif)


def _float_wav(path: Path, samples: list[float]) -> Path:
    """Write samples as they are: encoders would refuse or mend them."""
    data = struct.pack(f"<{len(samples)}f", *samples)
    form = struct.pack("<HHIIHH", 3, 1, 16000, 64000, 4, 32)  # 3: floating point
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data))
    return _written(
        path, b"RIFF" + struct.pack("<I", 4 + len(chunks) + len(data)) + b"WAVE" + chunks + data
    )


if __name__ == "__main__":
    make_bad_media(Path(sys.argv[1]))
