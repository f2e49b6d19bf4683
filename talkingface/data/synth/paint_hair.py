"""Hair behind and in front of the face: masses, light over them, strands."""

import cv2
import numpy as np

from talkingface.data.synth.arrays import Array, Canvas, Mask
from talkingface.data.synth.brush import fill, fill_all, mixed, scaled, stroke
from talkingface.data.synth.easel import Easel
from talkingface.data.synth.palette import Colour
from talkingface.data.synth.sitting import Sitting

LIGHT_PX = 28


def paint_hair_behind(easel: Easel, sitting: Sitting) -> None:
    """Paint everything of the hair that the face covers: cap, curtains, bun."""
    style = sitting.head.identity.look.hair_style
    base = _cap_colour(sitting)
    if sitting.has("hair_bun"):
        _paint_mass(easel, sitting, ["bun"], scaled(base, 0.9))
    names = [n for n in ("cap", "curtain_left", "curtain_right") if sitting.has(f"hair_{n}")]
    _paint_mass(easel, sitting, names, base)
    if style not in {"bald", "buzz", "afro"}:
        grid = sitting.grid("cap")[::2, 1:-1]
        _paint_strands(easel.canvas, sitting, grid, scaled(base, 0.88), scaled(base, 1.06))


def paint_hair_front(easel: Easel, sitting: Sitting) -> None:
    """Paint the hair that lies over the forehead and beside the face."""
    names = [n for n in ("strip", "curtain_left", "curtain_right") if sitting.has(f"hair_{n}")]
    if not names:
        return
    base = sitting.head.identity.look.hair
    mask = easel.blank_mask()
    for name in names:
        _fill_visible(mask, sitting, name)
    paint = easel.enlarged(_lit(base, sitting))
    dark, bright = scaled(base, 0.86), mixed(scaled(base, 1.05), (255, 246, 230), 0.07)
    if sitting.head.identity.look.hair_style == "afro":
        _paint_curls(paint, sitting, dark, bright)
    else:
        for name in names:
            _paint_strands(paint, sitting, sitting.grid(name), dark, bright)
    easel.lay(paint, mask)


def _cap_colour(sitting: Sitting) -> Colour:
    look = sitting.head.identity.look
    if look.hair_style == "bald":
        return look.skin
    if look.hair_style == "buzz":
        return mixed(look.hair, look.skin, 0.42)
    return scaled(look.hair, 0.94)


def _paint_mass(easel: Easel, sitting: Sitting, names: list[str], colour: Colour) -> None:
    """Paint the outline of some parts of the hair as one lit body."""
    cloud = np.concatenate([sitting.part(f"hair_{name}")[:, :2] for name in names])
    mask = easel.blank_mask()
    hull = cv2.convexHull(np.ascontiguousarray(cloud))[:, 0]
    fill(mask, np.asarray(hull, dtype=np.float32), 255.0)
    paint = easel.enlarged(_lit(colour, sitting))
    if sitting.head.identity.look.hair_style == "afro":
        for part, size in ((slice(0, None, 2), 0.11), (slice(1, None, 2), 0.16)):
            dots = np.repeat(cloud[part, None], 2, axis=1)
            stroke(mask, dots, 255.0, size * sitting.unit_px)
        _paint_curls(paint, sitting, scaled(colour, 0.82), scaled(colour, 1.15))
    easel.lay(paint, mask)


def _paint_curls(paint: Canvas, sitting: Sitting, dark: Colour, bright: Colour) -> None:
    """Paint small curls over all that is hair."""
    points = np.concatenate((sitting.part("hair_strip")[::2], sitting.part("hair_cap")[::2]))
    radius = 0.028 * sitting.unit_px
    turn = np.linspace(0, 4.2, 5)
    curl = radius * np.stack((np.cos(turn), np.sin(turn)), axis=-1)
    rng = np.random.default_rng([0x5BEC, sitting.head.identity.number])
    start = rng.normal(0, 1.2 * radius, (len(points), 2))
    lines = (points[:, :2] + start)[:, None] + curl
    stroke(paint, lines[::2], dark, 0.014 * sitting.unit_px)
    stroke(paint, lines[1::2], bright, 0.01 * sitting.unit_px)


def _lit(colour: Colour, sitting: Sitting) -> Canvas:
    """Return a small picture of the colour in the light that falls on a ball like the head."""
    axis = (np.arange(LIGHT_PX, dtype=np.float32) + 0.5) * (sitting.size / LIGHT_PX)
    right = (axis - sitting.centre[0])[None, :] / (0.95 * sitting.unit_px)
    down = (axis - sitting.centre[1])[:, None] / (1.25 * sitting.unit_px)
    depth = np.sqrt(np.clip(1 - right**2 - down**2, 0.02, 1))
    look = sitting.head.identity.look
    key = np.asarray(look.light) / np.linalg.norm(look.light)
    facing = np.clip(key[0] * right + key[1] * down + key[2] * depth, 0, 1)
    light = (0.6 + 0.52 * facing) * look.light_strength
    lit = np.clip(light[..., None] * np.asarray(colour), 0, 255)
    return np.asarray(lit, dtype=np.uint8)


def _fill_visible(mask: Mask, sitting: Sitting, name: str) -> None:
    """Fill the part of a grid of hair that looks towards the viewer.

    Seen from outside, the columns of the left curtain go to the left, all others to the right.
    """
    grid, outwards_right = sitting.grid(name)[::2], name != "curtain_left"
    across = np.diff(grid, axis=1)
    down = np.diff(grid, axis=0)
    turn = across[:-1, :, 0] * down[:, :-1, 1] - across[:-1, :, 1] * down[:, :-1, 0]
    least = 3e-3 * sitting.unit_px**2  # a sliver is the edge of what looks away
    facing = turn > least if outwards_right else turn < -least
    corners = np.stack((grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]), axis=2)
    fill_all(mask, corners[facing], 255.0)


def _paint_strands(
    canvas: Canvas, sitting: Sitting, grid: Array, dark: Colour, bright: Colour
) -> None:
    """Paint lines down the columns of a grid; the bright ones only where the light falls."""
    lines = np.swapaxes(grid, 0, 1)
    between = 0.5 * (lines[:-1] + lines[1:])
    stroke(canvas, lines, dark, 0.006 * sitting.unit_px)
    count = grid.shape[0]
    lit = slice(count // 5, max(count * 3 // 5, count // 5 + 2))
    stroke(canvas, between[::2, lit], bright, 0.006 * sitting.unit_px)
