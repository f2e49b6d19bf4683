"""Skin: the mesh lit point by point, gathered on a coarse picture, cut out along its outline.

The light changes slowly over a face, so 112 points a side are enough for it; the outline and all
features are drawn sharp at full size. Points in front outweigh hidden ones exponentially, which
is a soft depth buffer.
"""

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.brush import fill
from talkingface.data.synth.complexion import Complexion, complexion
from talkingface.data.synth.easel import GATHER_PX, Easel
from talkingface.data.synth.head import MESH_COLUMNS, MESH_ROWS
from talkingface.data.synth.identity import Look
from talkingface.data.synth.sitting import Sitting

OUTLINE_BINS = 160
NEARNESS = 11.0  # e-folds by which a point wins over another one head unit behind it


def paint_skin(easel: Easel, sitting: Sitting) -> None:
    """Paint the skin of the face."""
    light = light_of(sitting.head.identity.look, sitting.normals)
    fine = _fine(np.concatenate((sitting.mesh, light, sitting.normals[..., 2:]), axis=2))
    _gather(easel.sums, fine, complexion(sitting.head), sitting)
    paint, cover = easel.gathered()
    mask = easel.blank_mask()
    fill(mask, outline(*_rim(fine[0], fine[1], fine[6]), middle_of(sitting.mesh)), 255.0)
    cv2.multiply(mask, easel.enlarged_mask(cover), dst=mask, scale=1 / 255)
    easel.lay(easel.enlarged(paint), mask)


def skin_outline(sitting: Sitting) -> Array:
    """Return the outline (160, 2) of the skin of the face, in pixels."""
    x, y, facing = _fine(np.concatenate((sitting.mesh[..., :2], sitting.normals[..., 2:]), axis=2))
    return outline(*_rim(x, y, facing), middle_of(sitting.mesh))


def _rim(x: Array, y: Array, facing: Array) -> tuple[Array, Array]:
    """Return the points that can lie on the outline: the mesh's border, and what looks aside."""
    rim = facing < 0.5
    rim[[0, -1]] = True
    rim[:, [0, -1]] = True
    return x[rim], y[rim]


def middle_of(mesh: Array) -> Array:
    """Return the middle (2,) of the box round a mesh."""
    flat = mesh[..., :2].reshape(-1, 2)
    return np.asarray(0.5 * (flat.min(axis=0) + flat.max(axis=0)))


def light_of(look: Look, normals: Array) -> Array:
    """Return the light (..., 3) that falls on surfaces with these normals (..., 3).

    A warm key light that wraps round the form, a cool fill from above, a little shine.
    """
    key = np.asarray(look.light, dtype=np.float32)
    key = key / np.linalg.norm(key)
    facing = normals @ key
    wrapped = np.clip((facing + 0.55) / 1.55, 0, None)
    fill_light = 0.5 - 0.5 * normals[..., 1]
    half = key + np.array([0, 0, 1], dtype=np.float32)
    gloss = np.clip(normals @ (half / np.linalg.norm(half)), 0, None)
    shine = 0.12 * gloss**14
    strength = look.light_strength
    warm = np.array([0.80, 0.75, 0.715], dtype=np.float32) * strength
    cool = np.array([0.40, 0.42, 0.45], dtype=np.float32) * strength
    light = wrapped[..., None] * warm + fill_light[..., None] * cool + shine[..., None]
    return np.asarray(light, dtype=np.float32)


def outline(x: Array, y: Array, centre: Array) -> Array:
    """Return the outline (160, 2) of points that are star-shaped about `centre`."""
    radius, angle = cv2.cartToPolar(x - centre[0], y - centre[1])
    index = (angle.ravel() * (OUTLINE_BINS / (2 * np.pi))).astype(np.int32)
    np.minimum(index, OUTLINE_BINS - 1, out=index)
    reach = np.zeros(OUTLINE_BINS, dtype=np.float32)
    np.maximum.at(reach, index, radius.ravel())
    reach = _bridged(reach)
    reach = np.maximum(reach, 0.5 * (np.roll(reach, 1) + np.roll(reach, -1)))
    for _ in range(2):
        reach = 0.5 * reach + 0.25 * (np.roll(reach, 1) + np.roll(reach, -1))
    return np.asarray(centre + reach[:, None] * _directions(), dtype=np.float32)


def _bridged(reach: Array) -> Array:
    """Return the reach in all directions, led straight across those in which no point lies.

    Where the hairline runs almost towards the centre, at the temple of a turned head, the points
    of the border stand further apart than the directions.
    """
    (met,) = np.nonzero(reach)
    bridged = np.interp(np.arange(OUTLINE_BINS), met, reach[met], period=OUTLINE_BINS)
    return np.asarray(bridged, dtype=np.float32)


@lru_cache(maxsize=1)
def _directions() -> Array:
    middle = (np.arange(OUTLINE_BINS) + 0.5) * (2 * np.pi / OUTLINE_BINS)
    return np.stack((np.cos(middle), np.sin(middle)), axis=-1).astype(np.float32)


def _fine(grid: Array) -> Sequence[Array]:
    """Return each channel of the grid with twice as many rows and columns, corners kept."""
    rows, columns = 2 * MESH_ROWS - 1, 2 * MESH_COLUMNS - 1
    fine = cv2.remap(grid, *_halfway(rows, columns), cv2.INTER_LINEAR)
    return [np.asarray(plane, dtype=np.float32) for plane in cv2.split(fine)]


@lru_cache(maxsize=1)
def _halfway(rows: int, columns: int) -> tuple[Array, Array]:
    x, y = np.meshgrid(np.arange(columns) / 2, np.arange(rows) / 2)
    return x.astype(np.float32), y.astype(np.float32)


def _gather(sums: Array, fine: Sequence[Array], skin: Complexion, sitting: Sitting) -> None:
    """Add up red, green, blue, cover and weight of the points of the mesh on a coarse picture.

    `sums` (5, 112, 112) is written. The planes of the fine mesh are x, y, z, the light in red,
    green and blue, and how far each point faces the viewer.
    """
    x, y, z, *light, facing = fine
    scale = GATHER_PX / sitting.size
    column, row = ((axis * scale + 0.5 * scale).astype(np.int32) for axis in (x, y))
    weight = np.exp(z * (NEARNESS / sitting.unit_px))
    inside = (column.view(np.uint32) < GATHER_PX) & (row.view(np.uint32) < GATHER_PX)
    weight *= inside & (facing > 0.02)
    place = ((row * GATHER_PX + column) * inside).ravel()
    for plane, shade, albedo in zip(sums, light, skin.shaded_albedo, strict=False):
        plane[:] = _summed(place, shade * albedo * weight)
    sums[3] = _summed(place, skin.cover * weight)
    sums[4] = _summed(place, weight)


def _summed(place: NDArray[np.int32], values: Array) -> NDArray[np.float64]:
    """Return a picture (112, 112) of the sums of values that fall on each place."""
    flat = np.bincount(place, values.ravel(), GATHER_PX**2)
    return np.asarray(flat.reshape(GATHER_PX, GATHER_PX), dtype=np.float64)
