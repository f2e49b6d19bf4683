"""The bare surface of a head: rings round a vertical axis, with the forms of a face pressed in.

Head units: 1 is about 11 cm. x to the right of the picture, y down, z towards the viewer; the
origin lies between the ears. The eyes are at y = -0.05, the mouth at 0.62, the chin at 1.06.
"""

import numpy as np

from talkingface.data.synth.arrays import Array, Number
from talkingface.data.synth.identity import FaceShape

EYE_Y = -0.05
MOUTH_Y = 0.62
CHIN_Y = 1.06
CROWN_Y = -1.08
EYE_X = 0.285
TABLE_ROWS = 513
ROUNDNESS = 2.2  # exponent of the rings: 2 is an ellipse, more is squarer

_HEIGHTS = (CROWN_Y, -1.02, -0.82, -0.5, -0.2, 0.1, 0.4, 0.62, 0.8, 0.94, 1.03, CHIN_Y)
_HALF_WIDTHS = (0.0, 0.3, 0.55, 0.66, 0.672, 0.652, 0.592, 0.53, 0.455, 0.35, 0.215, 0.1)
_FRONT_DEPTHS = (0.0, 0.34, 0.6, 0.75, 0.79, 0.77, 0.765, 0.765, 0.735, 0.7, 0.64, 0.58)


class Skull:
    """The neutral surface of one person's head."""

    def __init__(self, shape: FaceShape) -> None:
        from scipy.interpolate import PchipInterpolator

        heights = np.asarray(_HEIGHTS, dtype=np.float64)
        below_mouth = np.clip((heights - MOUTH_Y) / (CHIN_Y - MOUTH_Y), 0, 1)
        above_eyes = np.clip((EYE_Y - heights) / (EYE_Y - CROWN_Y), 0, 1)
        jaw = np.exp(-(((heights - 0.74) / 0.22) ** 2))
        widths = np.asarray(_HALF_WIDTHS) * shape.face_width
        widths = widths * (1 + (shape.jaw_width - 1) * jaw)
        widths = widths * (1 + (shape.chin_width - 1) * below_mouth**2)
        heights = heights + below_mouth * (shape.chin_length - 1) * 0.9
        heights = heights - above_eyes * (shape.forehead - 1) * 0.6
        self.shape = shape
        self.crown_y = float(heights[0])
        self.chin_y = float(heights[-1])
        # The curves are kept as tables: they are asked for thousands of heights a head.
        self._heights = np.linspace(self.crown_y, self.chin_y, TABLE_ROWS)
        self._half_widths = PchipInterpolator(heights, widths)(self._heights)
        self._front_depths = PchipInterpolator(heights, _FRONT_DEPTHS)(self._heights)

    def half_width(self, y: Number) -> Array:
        """Return half the width of the ring at height `y`."""
        widths = np.interp(y, self._heights, self._half_widths)
        return np.asarray(widths, dtype=np.float32)

    def ring(self, y: Array, azimuth: Array, forms: bool = True) -> Array:
        """Return surface points (..., 3) at height `y` and `azimuth` (radians, 0 is the front)."""
        depth = np.interp(y, self._heights, self._front_depths)
        sine, cosine = np.sin(azimuth), np.cos(azimuth)
        power = 2 / ROUNDNESS
        x = self.half_width(y) * np.sign(sine) * np.abs(sine) ** power
        z = depth * np.sign(cosine) * np.abs(cosine) ** power
        z = np.where(cosine < 0, z * 1.08, z)
        if forms:
            z = z + self.forms(x, y) * np.clip(cosine * 3, 0, 1)
        return np.stack(np.broadcast_arrays(x, y, z), axis=-1).astype(np.float32)

    def lift(self, x: Number, y: Number, above: float = 0.0) -> Array:
        """Return points (..., 3) of the front of the face that lie at (x, y), raised by `above`."""
        depth = np.interp(y, self._heights, self._front_depths)
        share = np.clip(np.abs(x) / np.maximum(self.half_width(y), 1e-3), 0, 0.999)
        z = depth * (1 - share**ROUNDNESS) ** (1 / ROUNDNESS) + self.forms(x, y) + above
        return np.stack(np.broadcast_arrays(x, y, z), axis=-1).astype(np.float32)

    def forms(self, x: Number, y: Number) -> Array:
        """Return how far brow, sockets, nose, cheeks, mouth and chin stand out of the ring."""
        shape = self.shape
        across = np.abs(x)
        eye_x = EYE_X * shape.eye_distance

        def bump(centre_x: float, centre_y: float, wide: float, high: float) -> Array:
            exponent = ((across - centre_x) / wide) ** 2 + ((y - centre_y) / high) ** 2
            return np.asarray(np.exp(-exponent), dtype=np.float32)

        brow = (0.015 + 0.035 * shape.masculine) * bump(0.2, -0.25, 0.22, 0.09)
        sockets = -0.085 * bump(eye_x - 0.03, EYE_Y - 0.01, 0.16, 0.12)
        eyeballs = 0.04 * bump(eye_x, EYE_Y, 0.11, 0.075)
        cheeks = 0.045 * shape.cheekbones * bump(0.4, 0.26, 0.17, 0.15)
        muzzle = 0.05 * bump(0.0, MOUTH_Y - 0.02, 0.24, 0.2)
        chin = 0.055 * bump(0.0, self.chin_y - 0.13, 0.13 * shape.chin_width, 0.11)
        under_lip = -0.035 * bump(0.0, MOUTH_Y + 0.175, 0.16, 0.05)
        folds = -(0.012 + 0.03 * shape.age) * bump(0.29, 0.5, 0.04, 0.13)
        bags = -(0.006 + 0.022 * shape.age) * bump(eye_x - 0.04, EYE_Y + 0.16, 0.12, 0.035)
        forms = brow + sockets + eyeballs + cheeks + muzzle + chin + under_lip + folds + bags
        return np.asarray(forms + self.nose(x, y), dtype=np.float32)

    def nose(self, x: Number, y: Number) -> Array:
        """Return the height of the nose above the face."""
        shape = self.shape
        root_y, tip_y = EYE_Y - 0.1, self.nose_tip_y
        along = np.clip((y - root_y) / (tip_y - root_y), 0, 1)
        below = np.clip((y - tip_y) / 0.115, 0, 1)
        ridge = shape.nose_height * 0.25 * (0.25 * along + 0.75 * along**1.9)
        ridge = ridge * (1 - below**2) * (1 - below * 0.3)
        width = (0.05 + 0.05 * along**2) * (0.5 + 0.5 * shape.nose_width)
        bridge = ridge * np.exp(-(np.abs(x / width) ** 2.2))
        wing_x = 0.088 * shape.nose_width
        wings = np.exp(-(((np.abs(x) - wing_x) / 0.042) ** 2) - ((y - tip_y - 0.015) / 0.055) ** 2)
        return np.asarray(bridge + 0.075 * wings, dtype=np.float32)

    @property
    def nose_tip_y(self) -> float:
        """Height of the tip of the nose."""
        return 0.29 * self.shape.nose_length - self.shape.nose_tip


def surface_normals(points: Array) -> Array:
    """Return unit normals (rows, columns, 3) of a grid whose rows go down and columns right."""
    across = np.empty_like(points)
    down = np.empty_like(points)
    across[:, 1:-1] = points[:, 2:] - points[:, :-2]
    across[:, 0] = points[:, 1] - points[:, 0]
    across[:, -1] = points[:, -1] - points[:, -2]
    down[1:-1] = points[2:] - points[:-2]
    down[0] = points[1] - points[0]
    down[-1] = points[-1] - points[-2]
    ax, ay, az = across[..., 0], across[..., 1], across[..., 2]
    dx, dy, dz = down[..., 0], down[..., 1], down[..., 2]
    normals = np.stack((ay * dz - az * dy, az * dx - ax * dz, ax * dy - ay * dx), axis=-1)
    length = np.sqrt(np.einsum("rci,rci->rc", normals, normals))
    normals /= np.maximum(length, 1e-9)[..., None]
    return normals
