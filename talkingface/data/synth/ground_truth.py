"""What is true of a frame: computed from the same points that the painters use."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from talkingface.data.synth.arrays import Array, Mask
from talkingface.data.synth.brush import fill
from talkingface.data.synth.camera import CROP, Framing, placed, rotation, translation
from talkingface.data.synth.head import MESH_COLUMNS, MESH_ROWS, Head, head_of
from talkingface.data.synth.identity import Identity
from talkingface.data.synth.paint_skin import skin_outline
from talkingface.data.synth.sitting import Sitting, movements_of, sit
from talkingface.data.synth.skull import surface_normals


@dataclass(frozen=True)
class Truth:
    """What is known of frames, in pixels of the picture; x right, y down, z to the viewer."""

    landmarks: Array  # (T, 68, 3) in iBUG order: the first is the jaw at the left of the picture
    rotation: Array  # (T, 3, 3)
    translation: Array  # (T, 3): a point p of the head stands at unit_px * R p + t
    unit_px: float
    mouth_opening: Array  # (T,) from upper to lower inner lip, down the face


@dataclass(frozen=True)
class FaceMesh:
    """The skin of the face as triangles, in pixels of the picture."""

    vertices: Array  # (T, V, 3)
    triangles: NDArray[np.int32]  # (F, 3), clockwise as the viewer sees them
    texture_coordinates: Array  # (V, 2) in [0, 1], right and down


def truth(identity: Identity, factors: Array, size: int, framing: Framing = CROP) -> Truth:
    """Return what is known of a person with factors (T, F) in pictures of `size` pixels."""
    head = head_of(identity)
    rotations = rotation(factors)
    anchor = head.fixed[head.fixed_parts["mouth_anchor"]][0]
    translations = translation(rotations, factors, anchor, framing, size)
    unit = framing.unit_px(size)
    rest = head.deformed(movements_of(factors))
    points = placed(landmarks_of(head, rest), rotations, translations, unit)
    opening = np.einsum("ti,ti->t", points[:, 66] - points[:, 62], rotations[:, :, 1])
    return Truth(points, rotations, translations, unit, opening.astype(np.float32))


def visible_landmarks(identity: Identity, factors: Array) -> NDArray[np.bool_]:
    """Return which landmarks (T, 68) lie on skin that is turned towards the viewer."""
    head = head_of(identity)
    nearest = _skin_below(head)
    mesh = head.deformed(movements_of(factors))[:, head.parts["mesh"]]
    grids = mesh.reshape(len(mesh), MESH_ROWS, MESH_COLUMNS, 3)
    facing = [
        surface_normals(grid).reshape(-1, 3)[nearest] @ turn[2]
        for grid, turn in zip(grids, rotation(factors), strict=True)
    ]
    return np.stack(facing) > 0.05


def face_mesh(identity: Identity, factors: Array, size: int, framing: Framing = CROP) -> FaceMesh:
    """Return the mesh of the face for factors (T, F)."""
    head = head_of(identity)
    frames = sit(head, factors, framing, size)
    vertices = np.stack([sitting.part("mesh") for sitting in frames])
    return FaceMesh(vertices, mesh_triangles(), head.texture_coordinates)


def face_masks(
    identity: Identity, factors: Array, size: int, framing: Framing = CROP
) -> Iterator[Mask]:
    """Yield for each frame where skin of the face is, hair over it not counted: (size, size)."""
    for sitting in sit(head_of(identity), factors, framing, size):
        yield _filled(skin_outline(sitting), size)


def mouth_masks(
    identity: Identity, factors: Array, size: int, framing: Framing = CROP
) -> Iterator[Mask]:
    """Yield for each frame where the lips and what is between them are: (size, size)."""
    for sitting in sit(head_of(identity), factors, framing, size):
        yield _filled(mouth_outline(sitting), size)


def mouth_outline(sitting: Sitting) -> Array:
    """Return the outer edge of the lips (26, 2), in pixels."""
    upper, lower = sitting.part("lip_upper_outer"), sitting.part("lip_lower_outer")
    return np.concatenate((upper, lower[::-1]))[:, :2]


def landmarks_of(head: Head, points: Array) -> Array:
    """Return the 68 landmarks (T, 68, 3) among the deformed points (T, N, 3) of a head."""
    pairs = points[:, _landmark_indices(head)]
    return np.asarray(np.einsum("lk,tlki->tli", _weights(), pairs), dtype=np.float32)


@lru_cache(maxsize=1)
def mesh_triangles() -> NDArray[np.int32]:
    """Return the triangles (F, 3) of the mesh, two for each cell of its grid."""
    index = np.arange(MESH_ROWS * MESH_COLUMNS, dtype=np.int32).reshape(MESH_ROWS, MESH_COLUMNS)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    return np.concatenate(
        (np.stack((a, b, c), axis=-1).reshape(-1, 3), np.stack((a, c, d), axis=-1).reshape(-1, 3))
    )


def _weights() -> Array:
    """Return how two points make one landmark (68, 2): brows lie midway, all else on the first."""
    weights = np.tile(np.array([1.0, 0.0], dtype=np.float32), (68, 1))
    weights[17:27] = 0.5
    return weights


@lru_cache(maxsize=128)
def _landmark_indices(head: Head) -> NDArray[np.int64]:
    """Return the two points (68, 2) of `Head.neutral` that make each landmark."""

    def of(part: str, *places: int) -> list[tuple[int, int]]:
        start = head.parts[part].start
        return [(start + place, start + place) for place in places]

    def brow(side: str) -> list[tuple[int, int]]:
        upper, lower = (head.parts[f"brow_{edge}_{side}"].start for edge in ("upper", "lower"))
        return [(upper + place, lower + place) for place in range(0, 9, 2)]

    def eye(side: str) -> list[tuple[int, int]]:
        return [*of(f"lid_upper_{side}", 0, 4, 8, 12), *of(f"lid_lower_{side}", 8, 4)]

    pairs = [
        *of("jaw", *range(17)),
        *brow("left"),
        *brow("right"),
        *of("bridge", 0, 1, 2, 3),
        *of("nose_base", 0, 1, 2, 3, 4),
        *eye("left"),
        *eye("right"),
        *of("lip_upper_outer", 0, 2, 4, 6, 8, 10, 12),
        *of("lip_lower_outer", 10, 8, 6, 4, 2),
        *of("lip_upper_inner", 0, 4, 6, 8, 12),
        *of("lip_lower_inner", 8, 6, 4),
    ]
    return np.array(pairs)


@lru_cache(maxsize=128)
def _skin_below(head: Head) -> NDArray[np.int64]:
    """Return the point of the mesh (68,) that is nearest to each landmark at rest."""
    mesh = head.neutral[head.parts["mesh"]]
    points = landmarks_of(head, head.neutral[None])[0]
    distance = np.linalg.norm(points[:, None] - mesh[None], axis=-1)
    return np.asarray(distance.argmin(axis=1))


def _filled(outline: Array, size: int) -> Mask:
    mask = np.zeros((size, size), dtype=np.uint8)
    fill(mask, outline, 255.0)
    return mask
