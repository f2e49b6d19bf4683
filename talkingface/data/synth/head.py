"""A person's head as points that move: a mesh of skin, the lines of the features, fixed parts.

All deformable points stand in one array, so that a frame is one product: neutral points plus
movements times fields. The painters ask for a part by its name and get its points in the picture.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from talkingface.data.synth.accessories import ear_fold, ear_outline, glasses_rims, temple_arm
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.expression import MOVEMENTS, skin_fields
from talkingface.data.synth.features import lines_of_their_own, lines_on_skin, mouth_anchor
from talkingface.data.synth.hair_shape import HairShape, hair_shape
from talkingface.data.synth.identity import Identity
from talkingface.data.synth.skull import Skull

MESH_ROWS, MESH_COLUMNS = 42, 47
CLOSE = len(MOVEMENTS)  # the last movement: lids closing


@dataclass(frozen=True, eq=False)
class Head:
    """The points of one head in head units, and how they move."""

    identity: Identity
    skull: Skull
    hair: HairShape
    neutral: Array  # (N, 3) deformable points; the mesh comes first
    fields: Array  # (12, N * 3): eleven movements of the face, and the lids closing
    parts: dict[str, slice]  # rows of `neutral` by name of the part
    fixed: Array  # (M, 3) points that turn with the head and do not move otherwise
    fixed_parts: dict[str, slice]

    @property
    def texture_coordinates(self) -> Array:
        """Return (rows * columns, 2) coordinates in [0, 1] of the mesh: right, down."""
        right, down = np.meshgrid(
            np.linspace(0, 1, MESH_COLUMNS), np.linspace(0, 1, MESH_ROWS), indexing="xy"
        )
        return np.stack((right.ravel(), down.ravel()), axis=-1).astype(np.float32)

    def deformed(self, movements: Array) -> Array:
        """Return the deformable points (T, N, 3) for movements (T, 12)."""
        # Not a matrix product: for so little work its threads only wait for each other.
        moved = np.einsum("tm,mn->tn", movements, self.fields)
        return np.asarray(self.neutral + moved.reshape(len(movements), -1, 3))


@lru_cache(maxsize=128)
def head_of(identity: Identity) -> Head:
    """Build the head of a person; the last 128 are kept."""
    skull = Skull(identity.shape)
    hair = hair_shape(identity, skull)
    mesh = face_mesh(skull, hair).reshape(-1, 3)
    skin, skin_parts = _stacked({"mesh": mesh, **lines_on_skin(skull)})
    own = lines_of_their_own(skull)
    own_points, own_parts = _stacked({name: line.points for name, line in own.items()}, len(skin))
    fields = (_with_lids_still(skin_fields(skull, skin)), *(line.fields for line in own.values()))
    fixed, fixed_parts = _stacked(_fixed_points(identity, skull, hair))
    return Head(
        identity,
        skull,
        hair,
        np.concatenate((skin, own_points)),
        np.concatenate(fields, axis=1).reshape(CLOSE + 1, -1).astype(np.float32),
        skin_parts | own_parts,
        fixed,
        fixed_parts,
    )


def face_mesh(skull: Skull, hair: HairShape) -> Array:
    """Return the skin in front of the hairline as a grid of points (rows, columns, 3)."""
    across = np.linspace(-1, 1, MESH_COLUMNS, dtype=np.float32)
    across = 0.5 * across + 0.5 * across**3  # denser where the nose is
    down = np.linspace(0, 1, MESH_ROWS, dtype=np.float32)[:, None]
    top = hair.hairline(across)[None, :]
    y = top + (skull.chin_y - top) * down
    azimuth = across[None, :] * hair.side_limit(y)
    return skull.ring(y, azimuth)


def _with_lids_still(fields: Array) -> Array:
    return np.concatenate((fields, np.zeros_like(fields[:1])))


def _fixed_points(identity: Identity, skull: Skull, hair: HairShape) -> dict[str, Array]:
    fixed = {
        "mouth_anchor": mouth_anchor(skull)[None],
        **{f"hair_{name}": points.reshape(-1, 3) for name, points in hair.parts.items()},
    }
    for name, side in (("left", -1.0), ("right", 1.0)):  # sides of the picture
        fixed[f"ear_{name}"] = ear_outline(skull, side)
        fixed[f"ear_fold_{name}"] = ear_fold(skull, side)
        if identity.look.glasses != "none":
            fixed[f"rim_{name}"] = glasses_rims(skull, identity.look.glasses, side)
            fixed[f"arm_{name}"] = temple_arm(skull, side)
    return fixed


def _stacked(named: dict[str, Array], start: int = 0) -> tuple[Array, dict[str, slice]]:
    """Return all points below each other, and the rows of each part, counted from `start`."""
    parts = {}
    for name, points in named.items():
        parts[name] = slice(start, start + len(points))
        start += len(points)
    return np.concatenate(list(named.values())).astype(np.float32), parts
