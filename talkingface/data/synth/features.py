"""The lines of a face: lids, brows, nose, lips, jaw. Each is points and how these move."""

from dataclasses import dataclass

import numpy as np

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.expression import MOVEMENTS, lip_fields
from talkingface.data.synth.skull import EYE_X, EYE_Y, MOUTH_Y, Skull

LID_POINTS = 13
LIP_POINTS = 13
MOUTH_HALF_WIDTH = 0.235
EYEBALL_RADIUS = 0.19


@dataclass(frozen=True)
class Line:
    """Points (N, 3) at rest and their displacement (12, N, 3) at each full movement."""

    points: Array
    fields: Array


def lines_on_skin(skull: Skull) -> dict[str, Array]:
    """Return the lines (N, 3) that move with the skin below them, by name.

    Left and right are sides of the picture; every line runs from left to right or downwards.
    """
    lines = {"bridge": _bridge(skull), "nose_base": _nose_base(skull), "jaw": _jaw(skull)}
    for name, side in (("left", -1.0), ("right", 1.0)):
        lines |= {f"{part}_{name}": points for part, points in _brow(skull, side).items()}
        lines |= {f"{part}_{name}": points for part, points in _nostril(skull, side).items()}
        lines[f"fold_{name}"] = _smile_fold(skull, side)
    return lines


def lines_of_their_own(skull: Skull) -> dict[str, Line]:
    """Return lids and lips, which move in their own way, by name."""
    lines = _lips(skull)
    for name, side in (("left", -1.0), ("right", 1.0)):
        lines |= {f"{part}_{name}": line for part, line in _eye(skull, side).items()}
    return lines


def mouth_anchor(skull: Skull) -> Array:
    """Return the middle of the closed mouth (3,), which the framing pins."""
    return skull.lift(0, MOUTH_Y)


def _eye(skull: Skull, side: float) -> dict[str, Line]:
    shape = skull.shape
    centre_x = side * EYE_X * shape.eye_distance
    half = 0.162 * shape.eye_size
    along = np.linspace(-1, 1, LID_POINTS, dtype=np.float32)
    outward = along * side  # 1 at the outer corner
    high = 0.084 * shape.eye_height * shape.eye_size
    low = 0.05 * shape.eye_height * shape.eye_size
    arch = np.clip(1 - np.abs(along) ** 2.3, 0, 1) ** 0.85 * (1 - 0.12 * outward)
    dish = np.clip(1 - along**2, 0, 1) ** 0.8 * (1 + 0.15 * outward)
    tilt = -np.sin(shape.eye_tilt) * half * outward
    x = centre_x + along * half

    def lid(offset: Array, above: float = 0.012) -> Array:
        return skull.lift(x, EYE_Y + tilt + offset, above)

    upper, lower = lid(-high * arch), lid(low * dish)
    closed = lid(0.8 * low * dish)
    crease_rise = 0.022 + 0.045 * shape.lid_fold
    crease = lid(-(high + crease_rise) * np.clip(1 - np.abs(along) ** 2.6, 0, 1) - 0.006, 0.004)
    ball = skull.lift(centre_x, EYE_Y, 0.005)[None]
    ball = ball - np.array([[0, 0, EYEBALL_RADIUS]], dtype=np.float32)
    return {
        "lid_upper": Line(upper, _eye_fields(skull, upper, closed - upper, 0.0)),
        "lid_lower": Line(lower, _eye_fields(skull, lower, 0.1 * (closed - lower), 1.0)),
        "crease": Line(crease, _eye_fields(skull, crease, 0.3 * (closed - upper), 0.0)),
        "eyeball": Line(ball, np.zeros((len(MOVEMENTS) + 1, 1, 3), dtype=np.float32)),
    }


def _eye_fields(skull: Skull, points: Array, closing: Array, squint: float) -> Array:
    """Return fields of a lid: it closes, squints when the cheek rises, slants with the mood."""
    fields = np.zeros((len(MOVEMENTS) + 1, *points.shape), dtype=np.float32)
    arch = np.clip(1 - np.linspace(-1, 1, len(points)) ** 2, 0, 1)
    inner = np.clip(0.5 - np.sign(points[:, 0]) * np.linspace(-1, 1, len(points)) * 0.5, 0, 1)
    fields[MOVEMENTS.index("squint"), :, 1] = -0.024 * squint * arch
    slant = (1 - squint) * arch
    fields[MOVEMENTS.index("brow_sad"), :, 1] = (-0.012 * inner + 0.016 * (1 - inner)) * slant
    fields[MOVEMENTS.index("brow_angry"), :, 1] = (0.03 * inner - 0.004) * slant
    fields[-1] = closing
    return fields


def _brow(skull: Skull, side: float) -> dict[str, Array]:
    shape = skull.shape
    along = np.linspace(0, 1, 9, dtype=np.float32)  # inner end to outer end
    x = side * (0.095 + 0.365 * along) * (0.5 + 0.5 * shape.eye_distance)
    middle = EYE_Y - 0.185 * shape.brow_height - 0.02
    rise = 0.062 * shape.brow_arch * np.sin(np.pi * np.clip(along * 0.86 + 0.02, 0, 1)) ** 1.2
    y = middle - rise + 0.035 * np.clip(along - 0.62, 0, 1) * 2
    thick = (
        0.034
        * shape.brow_thickness
        * np.interp(along, (0, 0.08, 0.3, 0.6, 0.85, 1), (0.55, 0.95, 1.15, 1, 0.55, 0.06))
    )
    order = slice(None, None, 1 if side > 0 else -1)  # always from left to right
    return {
        "brow_upper": skull.lift(x, (y - thick).astype(np.float32), 0.008)[order],
        "brow_lower": skull.lift(x, (y + thick).astype(np.float32), 0.008)[order],
    }


def _nostril(skull: Skull, side: float) -> dict[str, Array]:
    shape = skull.shape
    base = skull.nose_tip_y + 0.068
    wide = shape.nose_width
    turn = np.linspace(0, 2 * np.pi, 9)[:-1]
    hole_x = side * (0.052 + 0.004) * wide + 0.028 * wide * np.cos(turn)
    hole_y = base + 0.004 + 0.0125 * np.sin(turn) - 0.006 * np.cos(turn) * side
    hole = skull.lift(hole_x.astype(np.float32), hole_y.astype(np.float32), 0.03)
    bend = np.linspace(0, 1, 6)
    wing_x = side * (0.108 * wide + 0.026 * np.sin(np.pi * (bend * 0.8 + 0.1)))
    wing_y = base - 0.085 + 0.1 * bend
    wing = skull.lift(wing_x.astype(np.float32), wing_y.astype(np.float32), 0.015)
    return {"nostril": hole, "wing": wing}


def _smile_fold(skull: Skull, side: float) -> Array:
    bend = np.linspace(0, 1, 7, dtype=np.float32)
    x = side * (0.135 * skull.shape.nose_width + 0.155 * bend**0.8)
    y = skull.nose_tip_y + 0.04 + (MOUTH_Y - skull.nose_tip_y + 0.01) * bend
    return skull.lift(x.astype(np.float32), y.astype(np.float32), 0.004)


def _bridge(skull: Skull) -> Array:
    y = np.linspace(EYE_Y - 0.02, skull.nose_tip_y, 4, dtype=np.float32)
    return skull.lift(np.zeros_like(y), y)


def _nose_base(skull: Skull) -> Array:
    x = np.array([-0.1, -0.05, 0, 0.05, 0.1], dtype=np.float32) * skull.shape.nose_width
    y = skull.nose_tip_y + np.array([0.06, 0.075, 0.085, 0.075, 0.06], dtype=np.float32)
    return skull.lift(x, y)


def _jaw(skull: Skull) -> Array:
    """Return the 17 points of the jaw, from ear to ear over the chin."""
    down = np.array([0.0, 0.24, 0.46, 0.64, 0.79, 0.905, 0.985, 1.035, 1.06])
    y = np.concatenate((down, down[-2::-1])).astype(np.float32)
    y = np.where(y > MOUTH_Y, MOUTH_Y + (y - MOUTH_Y) * (skull.chin_y - MOUTH_Y) / 0.44, y)
    angle = np.radians([88, 88, 86, 79, 66, 53, 40, 22, 0])
    azimuth = np.concatenate((-angle, angle[-2::-1])).astype(np.float32)
    return skull.ring(y.astype(np.float32), azimuth)


def _lips(skull: Skull) -> dict[str, Line]:
    shape = skull.shape
    width = MOUTH_HALF_WIDTH * shape.mouth_width
    across = np.linspace(-1, 1, LIP_POINTS, dtype=np.float32)
    round_off = np.clip(1 - across**2, 0, 1)
    bow = 0.28 * np.exp(-((across / 0.16) ** 2)) - 0.05 * np.exp(
        -(((np.abs(across) - 0.3) / 0.16) ** 2)
    )
    upper_rise = -0.075 * shape.upper_lip * round_off**0.75 * (1 - bow)
    lower_rise = 0.094 * shape.lower_lip * round_off**0.6
    seam = 0.008 * np.cos(np.pi * across) * round_off
    lines = {}
    for name, rise, inset, lower in (
        ("lip_upper_outer", upper_rise, 1.0, False),
        ("lip_upper_inner", np.zeros_like(across), 0.93, False),
        ("lip_lower_inner", np.zeros_like(across), 0.93, True),
        ("lip_lower_outer", lower_rise, 1.0, True),
    ):
        x = (width * across * inset).astype(np.float32)
        y = (MOUTH_Y + seam + rise).astype(np.float32)
        points = skull.lift(x, y, 0.012)
        fields = lip_fields(width, points, across, rise.astype(np.float32), lower)
        lines[name] = Line(points, np.concatenate((fields, np.zeros_like(fields[:1]))))
    return lines
