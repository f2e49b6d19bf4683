"""The inputs that the goldens in this folder were made from, as arrays from formulas."""

import json
import zlib
from pathlib import Path

import numpy as np

from talkingface.metrics.theval.mesh import (
    LEFT_BROW,
    LEFT_EYE,
    LIPS,
    LOWER_INNER_LIP,
    RIGHT_BROW,
    RIGHT_EYE,
    UPPER_INNER_LIP,
)

HERE = Path(__file__).parent
GOLDEN = json.loads((HERE / "golden.json").read_text())
LOWER_LIP = (*LOWER_INNER_LIP, 17, 84, 91, 146, 181, 314, 321, 324, 375, 405)
MISSING = [7, 8, 20]  # frames without a face in the cases called "missing"


def normal(name, shape):
    stream = np.random.RandomState(zlib.crc32(name.encode()))
    return stream.standard_normal(size=tuple(shape)).astype(np.float32)


def walk(name, frames, width, keep=0.9):
    """A smooth sequence [frames, width]: autoregression of first order with unit variance."""
    draw = normal(name, [frames, width]).astype(np.float64)
    gain = (1 - keep * keep) ** 0.5
    out = np.empty((frames, width))
    out[0] = draw[0]
    for t in range(1, frames):
        out[t] = keep * out[t - 1] + gain * draw[t]
    return out


def face_mesh(frames=60, name="theval.face"):
    """A mesh [frames, 478, 2] in shares of width and height."""
    centre = np.full((478, 2), 0.5)
    spread = np.full((478, 1), 0.05)
    for points, place, radius in (
        (LEFT_EYE, (0.62, 0.42), 0.02),
        (RIGHT_EYE, (0.38, 0.42), 0.02),
        (LEFT_BROW, (0.62, 0.34), 0.02),
        (RIGHT_BROW, (0.38, 0.34), 0.02),
        (LIPS, (0.50, 0.68), 0.03),
    ):
        centre[list(points)] = place
        spread[list(points)] = radius
    centre[list(UPPER_INNER_LIP), 1] = 0.675
    centre[list(LOWER_INNER_LIP), 1] = 0.685
    spread[[*UPPER_INNER_LIP, *LOWER_INNER_LIP]] = 0.002
    rest = centre + spread * normal(name + ".rest", [478, 2])
    shift = 0.02 * walk(name + ".shift", frames, 2, 0.95)
    scale = 1 + 0.03 * walk(name + ".scale", frames, 1, 0.95)
    brows = 0.006 * walk(name + ".brows", frames, 2, 0.8)
    mouth = 0.015 * np.abs(walk(name + ".mouth", frames, 1, 0.7))
    jitter = 0.0006 * normal(name + ".jitter", [frames, 478, 2]).astype(np.float64)
    points = np.repeat(rest[None], frames, axis=0)
    points[:, list(LEFT_BROW), 1] -= brows[:, :1]
    points[:, list(RIGHT_BROW), 1] -= brows[:, 1:]
    points[:, list(LOWER_LIP), 1] += mouth
    points = 0.5 + (points - 0.5) * scale[:, :, None] + shift[:, None, :] + jitter
    return as_found(points)


def as_found(points):
    """Round to float32, in which the detector gives its points."""
    return points.astype(np.float32).astype(np.float64)


def zoomed(points):
    return as_found(0.5 + (points - 0.5) * 0.5)


def shifted(points):
    return as_found(points + np.array([0.125, -0.0625]))


def without(points, frames):
    """Return the points with no face found in `frames`."""
    holes = points.copy()
    holes[list(frames)] = np.nan
    return holes


def head_pose(frames=60):
    """Pitch, yaw, roll in degrees and the middle of the face in pixels, [frames, 5]."""
    size = np.array([6.0, 12.0, 4.0, 9.0, 5.0])
    return walk("theval.pose", frames, 5, 0.95) * size + np.array([0, 0, 0, 256.0, 256.0])


def waveform(samples, name="theval.wave", block=400):
    """Mono sound: noise under a level that changes slowly and is silent at times."""
    blocks = -(-samples // block)
    level = np.maximum(walk(name + ".level", blocks, 1, 0.9)[:, 0] + 0.5, 0)
    noise = normal(name + ".noise", [samples]).astype(np.float64)
    return (0.1 * np.repeat(level, block)[:samples] * noise).astype(np.float32)


def eyes68(frames=80, name="theval.eyes", closed=((10, 13), (30, 30), (44, 49), (70, 74))):
    """Landmarks [frames, 68, 2] at 256 px whose eyes are closed in the given frames."""
    rest = normal(name + ".rest", [1, 68, 2]).astype(np.float64)
    points = 128 + 20 * rest.repeat(frames, axis=0)
    points += 0.2 * normal(name + ".jitter", [frames, 68, 2])
    for upper, lower in ((37, 41), (38, 40), (43, 47), (44, 46)):
        points[:, upper, 1] = 120
        points[:, lower] = points[:, upper] + np.array([0.0, 7.0])
        for first, last in closed:
            points[first : last + 1, lower, 1] = 121
    return points


def features(frames, width, name, keep=0.8):
    return walk(name, frames, width, keep)


def retimed(sequence, delay, noise, name):
    """The sequence played late, its first frame held, with noise."""
    index = np.maximum(np.arange(len(sequence)) - delay, 0)
    return sequence[index] + noise * normal(name, sequence.shape).astype(np.float64)
