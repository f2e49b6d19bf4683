"""What the skin of one person looks like before light falls on it: colour, hollows, hairline."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.head import MESH_COLUMNS, MESH_ROWS, Head
from talkingface.data.synth.skull import EYE_X, EYE_Y, MOUTH_Y


@dataclass(frozen=True)
class Complexion:
    """Fixed properties of the points of the fine mesh (83, 93)."""

    shaded_albedo: Array  # (3, 83, 93) colour, 0 to 255, times the light that gets into hollows
    cover: Array  # (83, 93) 255 skin, less where hair shows through at the hairline


@lru_cache(maxsize=128)
def complexion(head: Head) -> Complexion:
    """Return the complexion of a head; the last 128 are kept."""
    mesh = head.neutral[head.parts["mesh"]].reshape(MESH_ROWS, MESH_COLUMNS, 3)
    x, y, down = _fine_places(mesh)
    shaded = _albedo(head, x, y) * _hollow(head, x, y, down)[..., None]
    planes = np.ascontiguousarray(np.moveaxis(shaded, -1, 0), dtype=np.float32)
    return Complexion(planes, _cover(head, x, y, down))


def _fine_places(mesh: Array) -> tuple[Array, Array, Array]:
    rows, columns = 2 * MESH_ROWS - 1, 2 * MESH_COLUMNS - 1
    right, below = np.meshgrid(np.arange(columns) / 2, np.arange(rows) / 2)
    fine = cv2.remap(mesh, right.astype(np.float32), below.astype(np.float32), cv2.INTER_LINEAR)
    x, y, _ = (np.asarray(plane, dtype=np.float32) for plane in cv2.split(fine))
    return x, y, (below / (MESH_ROWS - 1)).astype(np.float32)


def _near(x: Array, y: Array, centre: tuple[float, float], wide: float, high: float) -> Array:
    """Return a soft spot on both sides of the face."""
    exponent = ((np.abs(x) - centre[0]) / wide) ** 2 + ((y - centre[1]) / high) ** 2
    return np.asarray(np.exp(-exponent), dtype=np.float32)


def _albedo(head: Head, x: Array, y: Array) -> Array:
    shape, look = head.skull.shape, head.identity.look
    colour = np.broadcast_to(np.asarray(look.skin, dtype=np.float32), (*x.shape, 3)).copy()
    eye_x = EYE_X * shape.eye_distance
    nose_y = head.skull.nose_tip_y
    blush = 0.75 * _near(x, y, (0.42, 0.27), 0.2, 0.15) + 0.6 * _near(x, y, (0, nose_y), 0.12, 0.1)
    blush = blush + 0.4 * _near(x, y, (0, head.skull.chin_y - 0.1), 0.2, 0.1)
    colour *= 1 - blush[..., None] * np.array([0.0, 0.10, 0.085], dtype=np.float32)
    tired = (0.35 + 0.5 * shape.age) * _near(x, y, (eye_x - 0.05, EYE_Y + 0.115), 0.13, 0.055)
    shadow = (0.25 + 0.5 * (1 - shape.masculine)) * _near(x, y, (eye_x, EYE_Y - 0.1), 0.17, 0.07)
    colour *= 1 - (tired + shadow)[..., None] * np.array([0.15, 0.17, 0.13], dtype=np.float32)
    grain = np.random.default_rng([0x5C1, head.identity.number]).normal(0, 1, (23, 25))
    mottle = cv2.resize(grain.astype(np.float32), x.shape[::-1], interpolation=cv2.INTER_CUBIC)
    colour *= 1 + 0.012 * mottle[..., None]
    beard, hair = _beard(head, x, y)[..., None], np.asarray(look.brow, dtype=np.float32)
    return np.asarray(colour * (1 - beard) + hair * beard, dtype=np.float32)


def _beard(head: Head, x: Array, y: Array) -> Array:
    """Return how much of the skin (0 to 1) is covered by beard."""
    style, number = head.identity.look.beard, head.identity.number
    if style in {"none", "moustache"}:
        shaved = 0.1 * max(head.skull.shape.masculine - 0.5, 0)
        return shaved * _jaw_region(head, x, y)
    rng = np.random.default_rng([0xBEA2D, number])
    strands = cv2.resize(
        rng.normal(0, 1, (46, 97)).astype(np.float32), x.shape[::-1], interpolation=cv2.INTER_LINEAR
    )
    density = {"stubble": 0.34, "goatee": 0.86, "full": 0.88}[style]
    region = _jaw_region(head, x, y)
    if style == "goatee":
        region = region * np.clip((0.3 - np.abs(x)) / 0.05, 0, 1)
    return np.asarray(np.clip(region * density * (1 + 0.09 * strands), 0, 0.96), dtype=np.float32)


def _jaw_region(head: Head, x: Array, y: Array) -> Array:
    """Return the region where a beard grows: sideburns, jaw, chin and above the lip."""
    across = np.abs(x)
    nose_y = head.skull.nose_tip_y
    edge_y = np.interp(
        across, (0, 0.12, 0.3, 0.42, 0.54, 0.62), (0.4, 0.42, 0.58, 0.55, 0.34, -0.1)
    )
    edge_y = np.maximum(edge_y, nose_y + 0.115)
    grown = np.clip((y - edge_y) / 0.13, 0, 1)
    grown = grown * grown * (3 - 2 * grown)
    bare = _near(x, y, (0, MOUTH_Y + 0.11), 0.1, 0.028)
    return np.asarray(grown * (1 - 0.7 * bare), dtype=np.float32)


def _hollow(head: Head, x: Array, y: Array, down: Array) -> Array:
    """Return the share of the light that gets into the hollows of a face."""
    shape = head.skull.shape
    eye_x = EYE_X * shape.eye_distance
    nose_y = head.skull.nose_tip_y
    dark = 0.24 * _near(x, y, (eye_x - 0.1, EYE_Y - 0.07), 0.13, 0.08)
    dark = dark + 0.1 * _near(x, y, (eye_x, EYE_Y), 0.2, 0.1)
    dark = dark + 0.34 * _near(x, y, (0, nose_y + 0.1), 0.13, 0.035)
    dark = dark + 0.2 * _near(x, y, (0.15 * shape.nose_width, nose_y + 0.02), 0.035, 0.07)
    dark = dark + 0.2 * _near(x, y, (0, MOUTH_Y + 0.155), 0.13, 0.032)
    dark = dark + 0.16 * _near(x, y, (0.27, MOUTH_Y + 0.01), 0.05, 0.06)
    dark = dark + 0.07 * _near(x, y, (0, MOUTH_Y - 0.12), 0.022, 0.05)
    dark = dark + 0.12 * np.clip((y - head.skull.chin_y + 0.1) / 0.1, 0, 1)
    if not head.hair.bald:
        dark = dark + 0.2 * np.exp(-((down / 0.1) ** 2))
    return np.asarray(1 - np.clip(dark, 0, 0.8), dtype=np.float32)


def _cover(head: Head, x: Array, y: Array, down: Array) -> Array:
    """Return 255 on skin and less at the hairline, where the hair below shows through."""
    if head.hair.bald:
        return np.full_like(x, 255)
    top = np.clip(down / 0.05 + 0.1, 0, 1)
    if head.hair.cut.curtain_end is not None:  # long hair lies over the temples
        return np.asarray(np.broadcast_to(255 * top, x.shape), dtype=np.float32)
    across = np.linspace(-1, 1, x.shape[1], dtype=np.float32)[None, :]
    temple = np.clip((1 - np.abs(across)) / 0.07 + 0.1, 0, 1)
    temple = np.maximum(temple, np.clip((y - 0.16) / 0.08, 0, 1))
    return np.asarray(255 * np.minimum(top, temple), dtype=np.float32)
