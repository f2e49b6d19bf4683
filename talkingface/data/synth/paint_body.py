"""Background and neck."""

from functools import lru_cache

import cv2
import numpy as np

from talkingface.data.synth.arrays import Array, Canvas
from talkingface.data.synth.brush import fill, mixed, scaled
from talkingface.data.synth.easel import Easel
from talkingface.data.synth.identity import Identity
from talkingface.data.synth.paint_clothes import Body, paint_clothes
from talkingface.data.synth.sitting import Sitting

NECK_PX = 56  # side of the small picture on which the light on the neck is mixed


@lru_cache(maxsize=128)
def background(identity: Identity, size: int) -> Canvas:
    """Return a plain wall: from one dull tone to another, lighter behind the lit side."""
    above, below = (np.asarray(c, dtype=np.float32) for c in identity.look.background)
    down = np.linspace(0, 1, 16, dtype=np.float32)[:, None, None]
    right = np.linspace(-1, 1, 16, dtype=np.float32)[None, :, None]
    small = above + (below - above) * down + 7 * right * identity.look.light[0]
    grid = np.clip(small, 0, 255).astype(np.float32)
    return np.asarray(cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC)).astype(
        np.uint8
    )


def paint_body(easel: Easel, sitting: Sitting) -> None:
    """Paint neck, shoulders and clothes. The body stays upright below the head."""
    body = Body.below(sitting)
    jaw = sitting.part("jaw")[:, :2]
    neck = _neck_outline(sitting, body, jaw)
    _paint_neck(easel, sitting, neck, jaw)
    paint_clothes(easel.canvas, sitting, body)


def _neck_outline(sitting: Sitting, body: Body, jaw: Array) -> Array:
    turned = 0.5 * (jaw[3] + jaw[13])
    top_x = 0.3 * turned[0] + 0.7 * body.x
    top_y = turned[1] - 0.4 * sitting.unit_px
    right = [
        (top_x + 0.96 * body.neck, top_y),
        body.at(1, -0.25),
        body.at(1.3, 0.08),
        body.at(0, 0.4),
    ]
    left = [body.at(-1.3, 0.08), body.at(-1, -0.25), (top_x - 0.96 * body.neck, top_y)]
    return np.array([*right, *left], dtype=np.float32)


def _paint_neck(easel: Easel, sitting: Sitting, neck: Array, jaw: Array) -> None:
    """Paint the neck as a lit column with the soft shadow of the chin on it."""
    look, scale = sitting.head.identity.look, NECK_PX / easel.size
    left, right = float(neck[:, 0].min()) * scale, float(neck[:, 0].max()) * scale
    pixels = np.arange(NECK_PX, dtype=np.float32) + 0.5
    across = np.clip((pixels - 0.5 * (left + right)) / (0.36 * (right - left)), -1, 1)
    facing = 0.8 * np.sqrt(1 - across**2) + 0.45 * look.light[0] * across
    light = (0.5 + 0.36 * np.clip(facing, 0, 1)) * look.light_strength
    lit = light[None, :, None] * np.asarray(look.skin, dtype=np.float32)
    dark = np.asarray(mixed(scaled(look.skin, 0.4), (60, 26, 22), 0.2), dtype=np.float32)
    shadow = _chin_shadow(jaw * scale, sitting.unit_px * scale)[..., None]
    small = np.clip(lit + (dark - lit) * shadow, 0, 255).astype(np.uint8)
    mask = easel.blank_mask()
    fill(mask, neck, 255.0)
    easel.lay(easel.enlarged(small), mask)


def _chin_shadow(jaw: Array, unit_px: float) -> Array:
    """Return how much of the light (56, 56) the chin takes from the neck."""
    mask = np.zeros((NECK_PX, NECK_PX), dtype=np.uint8)
    reach = np.array([0, 0.2 * unit_px], dtype=np.float32)
    fill(mask, np.concatenate((jaw + reach, jaw[[16, 0]] - reach)), 150.0)
    return np.asarray(cv2.GaussianBlur(mask, (7, 7), 2.0) / np.float32(255), dtype=np.float32)
