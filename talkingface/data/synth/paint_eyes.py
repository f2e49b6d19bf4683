"""Eyes: white, iris, pupil and highlight behind the lids; lashes, crease; brows above."""

import cv2
import numpy as np

from talkingface.data.synth.arrays import Array, Canvas
from talkingface.data.synth.brush import blend, fill, mixed, ribbon, scaled, stroke, taper
from talkingface.data.synth.features import EYEBALL_RADIUS
from talkingface.data.synth.palette import Colour
from talkingface.data.synth.sitting import Sitting

IRIS_RADIUS = 0.084  # head units
GAZE_REACH = (0.5, 0.34)  # radians by which the eye turns at gaze 1: across, down
WHITE: Colour = (240, 237, 233)
BLACK: Colour = (14, 12, 14)
LASHES: Colour = (30, 20, 20)
_TURN = np.linspace(0, 2 * np.pi, 25)[:-1]


def paint_eyes(canvas: Canvas, sitting: Sitting) -> None:
    """Paint both eyes with lids and lashes."""
    for name in ("left", "right"):
        _paint_eye(canvas, sitting, name)


def paint_brows(canvas: Canvas, sitting: Sitting) -> None:
    """Paint both brows: a soft body and a few hairs."""
    look = sitting.head.identity.look
    body = mixed(look.brow, look.skin, 0.12)
    hairs = scaled(look.brow, 0.85)
    for name in ("left", "right"):
        upper, lower = (sitting.part(f"brow_{edge}_{name}")[:, :2] for edge in ("upper", "lower"))
        fill(canvas, np.concatenate((upper, lower[::-1])), body)
        outward = -1 if name == "left" else 1
        index = np.arange(1, len(upper) - 1)
        middle = 0.55 * upper[index] + 0.45 * lower[index]
        tips = 0.75 * upper[index + outward] + 0.25 * middle
        lines = np.stack((0.15 * upper[index] + 0.85 * lower[index], middle, tips), axis=1)
        stroke(canvas, lines, hairs, 0.006 * sitting.unit_px)


def iris_centre(sitting: Sitting, name: str) -> Array:
    """Return the middle of the iris (3,) in pixels, on the turned eyeball."""
    across = GAZE_REACH[0] * sitting.factor("gaze_x")
    down = GAZE_REACH[1] * sitting.factor("gaze_y")
    direction = np.array(
        [np.sin(across) * np.cos(down), np.sin(down), np.cos(across) * np.cos(down)], np.float32
    )
    ball = sitting.part(f"eyeball_{name}")[0]
    turned = sitting.rotation @ direction
    return np.asarray(ball + EYEBALL_RADIUS * sitting.unit_px * turned, dtype=np.float32)


def _paint_eye(canvas: Canvas, sitting: Sitting, name: str) -> None:
    unit = sitting.unit_px
    upper, lower = (sitting.part(f"lid_{edge}_{name}")[:, :2] for edge in ("upper", "lower"))
    opening = float(np.max(lower[:, 1] - upper[:, 1])) / unit
    if opening > 0.012:
        _paint_ball(canvas, sitting, name, upper, lower)
    count = len(upper)
    femininity = 1 - sitting.head.skull.shape.masculine
    along = np.arange(count) / (count - 1)
    outward = along if name == "right" else 1 - along
    lash = (0.011 + 0.007 * femininity) * (0.45 + 0.55 * taper(count)) * (0.6 + 0.7 * outward)
    raised = upper - np.array([0, 0.006 * unit], dtype=np.float32)
    ribbon(canvas, raised, lash * unit, LASHES)
    if femininity > 0.4:
        _paint_wing(canvas, sitting, upper, name)


def _paint_wing(canvas: Canvas, sitting: Sitting, upper: Array, name: str) -> None:
    corner, before = (upper[-1], upper[-3]) if name == "right" else (upper[0], upper[2])
    away = corner - before
    away = away / max(float(np.hypot(*away)), 1e-6)
    tip = corner + sitting.unit_px * (0.035 * away + np.array([0, -0.022]))
    line = np.stack((before, corner, tip)).astype(np.float32)
    widths = np.array([0.012, 0.011, 0.001], np.float32) * sitting.unit_px
    ribbon(canvas, line, widths, LASHES)


def _paint_ball(canvas: Canvas, sitting: Sitting, name: str, upper: Array, lower: Array) -> None:
    """Paint the open eye in a small window and lay it in through the lids."""
    outline = np.concatenate((upper, lower[::-1]))
    limit = len(canvas)
    left, top = np.clip(np.floor(outline.min(axis=0)) - 2, 0, limit - 1).astype(int)
    right, bottom = np.clip(np.ceil(outline.max(axis=0)) + 3, 1, limit).astype(int)
    if right - left < 3 or bottom - top < 3:
        return
    window = canvas[top:bottom, left:right]
    origin = np.array([left, top], dtype=np.float32)
    unit, look = sitting.unit_px, sitting.head.identity.look
    tone = 0.8 + 0.2 * min(look.light_strength, 1.0)
    ball = np.full_like(window, np.asarray(scaled(WHITE, tone), dtype=np.uint8))
    inner = upper[-1] if name == "left" else upper[0]
    cv2.circle(
        ball, tuple(int(v) for v in inner - origin), round(0.035 * unit), (214, 160, 150), -1
    )
    _paint_iris(ball, sitting, name, iris_centre(sitting, name)[:2] - origin)
    below = upper + np.array([0, 0.034 * unit])
    shadowed = ball.copy()
    fill(shadowed, np.concatenate((upper, below[::-1])) - origin, (62, 48, 48))
    ball = np.asarray(cv2.addWeighted(ball, 0.62, shadowed, 0.38, 0), dtype=np.uint8)
    mask = np.zeros(window.shape[:2], dtype=np.uint8)
    fill(mask, outline - origin, 255.0)
    patch = np.ascontiguousarray(window)
    blend(patch, ball, mask)
    window[:] = patch


def _paint_iris(ball: Canvas, sitting: Sitting, name: str, centre: Array) -> None:
    look = sitting.head.identity.look
    radius = IRIS_RADIUS * sitting.unit_px * (0.75 + 0.25 * sitting.head.skull.shape.eye_size)
    across = GAZE_REACH[0] * sitting.factor("gaze_x") + sitting.factor("yaw")
    narrow = max(float(np.cos(across)), 0.3)
    circle = np.stack((np.cos(_TURN) * narrow, np.sin(_TURN)), axis=-1).astype(np.float32)
    fill(ball, centre + radius * circle, scaled(look.iris, 0.42))
    fill(ball, centre + 0.86 * radius * circle, look.iris)
    glow = centre + np.array([0.0, 0.3 * radius], dtype=np.float32)
    fill(ball, glow + 0.5 * radius * circle, scaled(look.iris, 1.45))
    fill(ball, centre + 0.46 * radius * circle, BLACK)
    side = -1.0 if look.light[0] < 0 else 1.0
    spot = centre + radius * np.array([0.34 * side, -0.36], dtype=np.float32)
    round_spot = circle / np.array([narrow, 1.0])
    fill(ball, spot + 0.2 * radius * round_spot, (255.0, 255.0, 255.0))
    small = centre + radius * np.array([-0.4 * side, 0.42], dtype=np.float32)
    fill(ball, small + 0.09 * radius * circle, (214.0, 214.0, 216.0))
