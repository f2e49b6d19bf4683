"""The inputs that the goldens in this folder were made from, as arrays from formulas."""

import json
import zlib
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
GOLDEN = json.loads((HERE / "golden.json").read_text())


def normal(name, shape):
    stream = np.random.RandomState(zlib.crc32(name.encode()))
    return stream.standard_normal(size=tuple(shape)).astype(np.float32)


def filled(manifest):
    """Return weights for the rows of a manifest, made from their names and shapes alone."""
    rows = json.loads((HERE / manifest).read_text())
    return {row["name"]: torch.as_tensor(_weight(row["name"], row["shape"])) for row in rows}


def _weight(name, shape):
    leaf = name.rsplit(".", 1)[-1]
    if leaf == "num_batches_tracked":
        return np.zeros(shape, np.int64)
    draw = normal(name, shape)
    if leaf == "running_var":
        return 1 + 0.1 * np.abs(draw)
    if leaf == "running_mean":
        return 0.1 * draw
    if len(shape) <= 1:
        return 1 + 0.1 * draw if leaf == "weight" else 0.1 * draw
    return draw / np.float32(np.sqrt(np.prod(shape[1:])))


def eight_bit(levels):
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def frames(count, name="syncnet.frames"):
    """Frames (T, 224, 224, 3) in BGR: a moving mosaic under a fixed texture."""
    coarse = normal(name, [count, 14, 14, 3]).repeat(16, axis=1).repeat(16, axis=2)
    texture = normal(name + ".texture", [224, 224, 3])
    return eight_bit(127.5 + 48 * coarse.astype(np.float64) + 8 * texture.astype(np.float64))


def waveform(samples, name="syncnet.wave"):
    """16-bit mono sound at 16 kHz: two tones and noise that swell four times a second."""
    t = np.arange(samples) / 16000
    tone = 6000 * np.sin(2 * np.pi * 180 * t + 3 * np.sin(2 * np.pi * 3 * t))
    rise = 3000 * np.sin(2 * np.pi * 1200 * t * (1 + 0.1 * t))
    noise = 800 * normal(name, [samples]).astype(np.float64)
    return np.rint((tone + rise + noise) * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t))).astype("i2")


def embeddings(count, shift, noise, name):
    """Two sequences (T, 1024): sound i is video i + shift, plus noise."""
    base = normal(name, [count + 40, 1024])
    sound = base[20 + shift : 20 + shift + count] + np.float32(noise) * normal(
        name + ".noise", [count, 1024]
    )
    return base[20 : 20 + count], sound


def picture(size=224):
    """A picture in RGB: oriented waves, a sharp disc and grain."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float64)
    out = np.empty((size, size, 3))
    for c in range(3):
        out[..., c] = 127.5 + 45 * np.sin(2 * np.pi * ((3 + c) * x + 2 * y) / size)
        out[..., c] += 25 * np.sin(2 * np.pi * ((11 + c) * y - 5 * x) / size + 0.7 * c)
    disc = (x - 0.55 * size) ** 2 + (y - 0.45 * size) ** 2 < (0.22 * size) ** 2
    out[disc] += np.array([40.0, -30.0, 20.0])
    return eight_bit(out + 6 * normal("image", [size, size, 3]).astype(np.float64))


def noisy(image, sigma, name="image.noise"):
    return eight_bit(image + sigma * normal(name, image.shape).astype(np.float64))


def blurred(image, width):
    radius = width // 2
    x = np.pad(image.astype(np.float64), ((radius,) * 2, (radius,) * 2, (0, 0)), mode="edge")
    rows = sum(x[i : i + len(image)] for i in range(width)) / width
    return eight_bit(sum(rows[:, i : i + image.shape[1]] for i in range(width)) / width)


def degraded_pictures():
    """The clean picture and seven that are worse, by the names that the goldens use."""
    clean = picture()
    return {
        "same": clean,
        **{f"noise{sigma}": noisy(clean, float(sigma)) for sigma in (5, 20, 50)},
        **{f"blur{width}": blurred(clean, width) for width in (3, 9)},
        "bright": eight_bit(clean.astype(np.float64) + 20),
        "roll3": np.roll(clean, 3, axis=1),
    }


def face_landmarks(count=30):
    """A schematic face of 68 points (T, 68, 2) that talks, blinks and sways, at 224 px."""
    face = np.zeros((68, 2))
    a = np.linspace(0, np.pi, 17)
    face[0:17] = np.stack([112 - 62 * np.cos(a), 105 + 80 * np.sin(a)], 1)
    for k, centre in ((17, 82.0), (22, 142.0)):
        u = np.linspace(-1, 1, 5)
        face[k : k + 5] = np.stack([centre + 18 * u, 78 - 5 * (1 - u**2)], 1)
    face[27:31] = np.stack([np.full(4, 112.0), np.linspace(90, 118, 4)], 1)
    face[31:36] = np.stack([np.linspace(100, 124, 5), 124 + np.array([0, 2, 3, 2, 0])], 1)
    ring = np.array([[-1, 0], [-0.5, -1], [0.5, -1], [1, 0], [0.5, 1], [-0.5, 1]])
    face[36:42], face[42:48] = [86, 95] + ring * [11, 4], [138, 95] + ring * [11, 4]
    for points, width, height in ((slice(48, 60), 24, 10), (slice(60, 68), 17, 4)):
        corners = points.stop - points.start
        b = np.pi - np.linspace(0, 2 * np.pi, corners + 1)[:corners]
        face[points] = np.stack([112 + width * np.cos(b), 150 - height * np.sin(b)], 1)
    track = np.repeat(face[None], count, 0)
    t = np.arange(count, dtype=np.float64)
    lower = np.r_[54:60, 64:68]
    opening = 0.5 + 0.5 * np.sin(2 * np.pi * t / 7)
    track[:, lower, 1] += opening[:, None] * np.where(lower == 54, 0, 8.0)
    lids = np.where((t.astype(int) % 12) < 2, 0.15, 1.0)
    track[:, 36:48, 1] = 95 + (track[:, 36:48, 1] - 95) * lids[:, None]
    angle = 0.06 * np.sin(2 * np.pi * t / 25)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.stack([np.stack([cos, -sin], 1), np.stack([sin, cos], 1)], 1)
    track = np.einsum("tij,tpj->tpi", turn, track - 112) + 112
    track[:, :, 0] += 3 * np.sin(2 * np.pi * t / 18)[:, None]
    return track + 0.3 * normal("lmd", [count, 68, 2]).astype(np.float64)


def generated_landmarks(reference):
    """The same track as a flawed generator would give it: moved, larger, late, jittery."""
    late = np.concatenate([reference[:1], reference[:-1]])
    moved = (late - 112) * 1.03 + 112 + np.array([2.5, -1.5])
    return moved + 0.8 * normal("lmd.generated", reference.shape).astype(np.float64)


def angles(count=30, name="pose"):
    """Head poses (T, 3) in degrees: pitch, yaw, roll."""
    t = np.arange(count, dtype=np.float64)
    waves = [8 * np.sin(t * np.pi / 10), 15 * np.sin(2 * np.pi * t / 27 + 1)]
    smooth = np.stack([*waves, 4 * np.cos(2 * np.pi * t / 15)], 1)
    return smooth + 1.5 * normal(name, [count, 3]).astype(np.float64)
