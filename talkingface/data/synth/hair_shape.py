"""The form of the hair: hairline, a shell over the skull, fringe and side curtains, strands.

Every part is a grid of points (rows, columns, 3) that turns with the head; `paint_hair` draws it.
"""

from dataclasses import dataclass

import numpy as np

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.identity import HairStyle, Identity
from talkingface.data.synth.skull import EYE_Y, Skull

HAIRLINE_Y = -0.6
STRIP_COLUMNS = 33


@dataclass(frozen=True)
class Cut:
    """What tells one hair style from another, in head units and degrees."""

    thickness: float  # share by which hair swells the skull
    back_end: float  # height at which the hair ends behind
    curtain_end: float | None = None  # height at which hair beside the face ends
    fringe_drop: float = 0.0  # how far below the hairline the fringe hangs
    sweep: float = 0.0  # how much further it hangs on the side away from the parting
    side_drop: float = 0.0  # how far the front hair falls towards the temples
    jag: float = 0.015  # unevenness of the lower edge
    bun: bool = False


CUTS: dict[HairStyle, Cut] = {
    "bald": Cut(0.0, 0.4),
    "buzz": Cut(0.012, 0.36),
    "short": Cut(0.075, 0.36, fringe_drop=0.05, jag=0.04),
    "side_part": Cut(0.095, 0.36, fringe_drop=0.0, sweep=0.16, jag=0.025),
    "quiff": Cut(0.11, 0.36, fringe_drop=-0.03, jag=0.03),
    "afro": Cut(0.3, 0.55, fringe_drop=0.02, jag=0.045),
    "bob": Cut(0.11, 0.85, curtain_end=0.88, sweep=0.08, side_drop=0.42),
    "fringe_bob": Cut(0.11, 0.9, curtain_end=0.92, fringe_drop=0.24, side_drop=0.12, jag=0.03),
    "long": Cut(0.1, 1.75, curtain_end=1.7, side_drop=0.46),
    "bun": Cut(0.05, 0.36, fringe_drop=0.0, side_drop=0.1, jag=0.012, bun=True),
}


@dataclass(frozen=True)
class HairShape:
    """Hairline and hair of one person; `grids` says rows and columns of each part."""

    cut: Cut
    base_y: float
    recess: float
    widow: float
    bald: bool
    parts: dict[str, Array]

    def hairline(self, across: Array) -> Array:
        """Return the height of the hairline at a place from -1 to 1 round the head."""
        if self.bald:
            return np.full_like(across, self.base_y)
        side = np.abs(across)
        line = self.base_y + 0.3 * side**4
        line = line - self.recess * np.exp(-(((side - 0.5) / 0.2) ** 2))
        return np.asarray(line + self.widow * np.exp(-((across / 0.12) ** 2)), dtype=np.float32)

    def side_limit(self, y: Array) -> Array:
        """Return the azimuth, in radians, at which the skin of the face ends at height `y`."""
        heights = (-0.5, -0.25, 0.05, 0.18, 0.45, 0.58, 0.72, 0.85, 0.95, 1.03, 1.06)
        degrees = (70, 75, 80, 93, 92, 85, 73, 58, 46, 34, 28)
        if self.bald:
            degrees = (150, 150, 150, 125, 95, 85, 73, 58, 46, 34, 28)
        limit = np.interp(y, heights, degrees)
        if self.cut.curtain_end is not None:
            limit = np.minimum(limit, 82)  # hair hangs over the rest
        return np.radians(limit).astype(np.float32)


def hair_shape(identity: Identity, skull: Skull) -> HairShape:
    """Return the hair of a person."""
    style = identity.look.hair_style
    cut = CUTS[style]
    rng = np.random.default_rng([0x4A13, identity.number])
    bald = style == "bald"
    base = skull.crown_y + 0.02 if bald else HAIRLINE_Y * (0.6 + 0.4 * identity.shape.forehead)
    recess = float(rng.uniform(0, 0.12)) * (0.4 + 0.6 * identity.shape.masculine)
    shape = HairShape(cut, base, recess, float(rng.uniform(0, 0.04)), bald, {})
    volume = cut.thickness * identity.look.hair_volume
    shape.parts["cap"] = _cap(skull, cut, volume)
    if style not in {"bald", "buzz"}:
        shape.parts["strip"] = _strip(skull, shape, volume, identity.look.parting, rng)
    if cut.curtain_end is not None:
        for name, side in (("left", -1.0), ("right", 1.0)):
            shape.parts[f"curtain_{name}"] = _curtain(skull, cut, volume, side, rng)
    if cut.bun:
        shape.parts["bun"] = _bun()
    return shape


def shell(skull: Skull, y: Array, azimuth: Array, thickness: float) -> Array:
    """Return points (..., 3) of the hair's surface; below the ears it hangs straight down."""
    widest = np.minimum(y, 0.12)
    points = skull.ring(widest, azimuth, forms=False) * (1 + thickness)
    hanging = np.clip(y - 0.12, 0, None)
    flare = 1 + 0.07 * np.minimum(hanging, 0.7)
    points[..., 0] *= flare
    points[..., 1] = np.where(y < 0, y * (1 + 1.1 * thickness), y)
    return points


def _cap(skull: Skull, cut: Cut, volume: float) -> Array:
    azimuth = np.radians(np.linspace(-180, 180, 33, dtype=np.float32))[None, :]
    top = skull.crown_y + 0.005
    y = np.linspace(0, 1, 16, dtype=np.float32)[:, None] ** 1.3
    side = np.clip((np.degrees(np.abs(azimuth)) - 72) / 40, 0, 1)
    low_front = -0.35 if cut.curtain_end is None else cut.curtain_end * 0.97
    end = low_front + (cut.back_end - low_front) * side
    if cut.curtain_end is not None:
        end = np.where(np.degrees(np.abs(azimuth)) < 70, -0.35, end)
    points = shell(skull, top + (end - top) * y, np.broadcast_to(azimuth, (16, 33)), volume)
    if cut.curtain_end is None:  # short hair lies close to the neck
        low = np.clip((points[..., 1] - 0.15) / 0.4, 0, 1)
        points[..., 0] *= 1 - 0.2 * low
    return points


def _strip(
    skull: Skull, shape: HairShape, volume: float, parting: float, rng: np.random.Generator
) -> Array:
    cut = shape.cut
    across = np.linspace(-1, 1, STRIP_COLUMNS, dtype=np.float32)
    # Long hair closes over the edge of the skin, in a point and not in a step.
    azimuth = across * np.radians(78 if cut.curtain_end is None else 86)
    zigzag = np.where(np.arange(STRIP_COLUMNS) % 2, 1.0, -1.0) * rng.uniform(0.2, 1, STRIP_COLUMNS)
    jag = cut.jag * (0.6 * zigzag + 0.4 * rng.normal(0, 1, STRIP_COLUMNS)) * (1 - across**2)
    away = np.clip(0.5 - 0.5 * across * parting, 0, 1)  # 0 at the parting, 1 across from it
    lower = shape.hairline(across) + cut.fringe_drop * (1 - across**4) + jag
    lower = lower + cut.sweep * away**1.5 + cut.side_drop * np.abs(across) ** 1.5
    lowest = EYE_Y + 0.12 + 0.2 * across**8  # never over the eyes; beside them it may hang on
    lower = np.minimum(lower, lowest) - 0.02
    upper = np.full_like(lower, skull.crown_y + 0.02)
    down = np.linspace(0, 1, 7, dtype=np.float32)[:, None]
    y = upper + (lower - upper) * down
    swell = volume * (1 - 0.75 * down**2)
    points = shell(skull, y.astype(np.float32), np.broadcast_to(azimuth, y.shape), 0.0)
    return (points * (1 + swell[..., None])).astype(np.float32)


def _curtain(skull: Skull, cut: Cut, volume: float, side: float, rng: np.random.Generator) -> Array:
    assert cut.curtain_end is not None
    y = np.linspace(-0.62, cut.curtain_end, 15, dtype=np.float32)[:, None]
    inner = np.interp(y, (-0.62, -0.3, 0.0, 0.4, 0.9, 1.7), (52, 66, 75, 80, 74, 66))
    inner = inner + rng.normal(0, 1.2, y.shape)
    outer = np.full_like(inner, 104)
    azimuth = np.radians(inner + (outer - inner) * np.linspace(0, 1, 9, dtype=np.float32)[None, :])
    tuck = 1 - 0.1 * np.clip((y - cut.curtain_end + 0.25) / 0.25, 0, 1)
    points = shell(skull, np.broadcast_to(y, azimuth.shape), side * azimuth, volume * 0.9)
    points[..., 0] *= tuck
    return np.asarray(points, dtype=np.float32)


def _bun() -> Array:
    turn = np.linspace(0, 2 * np.pi, 17)[None, :]
    tilt = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 7)[:, None]
    ball = np.stack(
        np.broadcast_arrays(np.cos(tilt) * np.cos(turn), np.sin(tilt), np.cos(tilt) * np.sin(turn)),
        axis=-1,
    )
    points = 0.3 * ball + np.array([0, -1.12, -0.42])
    return np.asarray(points, dtype=np.float32)
