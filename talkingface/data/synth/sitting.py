"""One frame of one person, ready to be painted: every point of the head at its place."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.camera import Framing, placed, rotation, translation
from talkingface.data.synth.expression import lid_opening, strengths
from talkingface.data.synth.factors import FACTOR_INDEX
from talkingface.data.synth.head import CLOSE, MESH_COLUMNS, MESH_ROWS, Head
from talkingface.data.synth.skull import surface_normals


@dataclass(frozen=True)
class Sitting:
    """A head in one pose with one expression, in pixels of a square picture of `size`."""

    head: Head
    factors: Array  # (F,)
    movements: Array  # (12,)
    rotation: Array  # (3, 3)
    translation: Array  # (3,) px
    unit_px: float
    size: int
    points: Array  # (N, 3) deformable points, px; z grows towards the viewer
    fixed: Array  # (M, 3) the others

    def part(self, name: str) -> Array:
        """Return the points (N, 3) of a part, in pixels."""
        if name in self.head.parts:
            return self.points[self.head.parts[name]]
        return self.fixed[self.head.fixed_parts[name]]

    def has(self, name: str) -> bool:
        """Return whether this head has the part."""
        return name in self.head.parts or name in self.head.fixed_parts

    def grid(self, name: str) -> Array:
        """Return a part of the hair as its grid (rows, columns, 3), in pixels."""
        return self.part(f"hair_{name}").reshape(self.head.hair.parts[name].shape)

    def factor(self, name: str) -> float:
        """Return one factor by name."""
        return float(self.factors[FACTOR_INDEX[name]])

    @property
    def centre(self) -> Array:
        """Return where the middle of the head stands (2,), in pixels."""
        return self.translation[:2]

    @cached_property
    def mesh(self) -> Array:
        """The skin as a grid (rows, columns, 3), in pixels."""
        return self.part("mesh").reshape(MESH_ROWS, MESH_COLUMNS, 3)

    @cached_property
    def normals(self) -> Array:
        """Unit normals (rows, columns, 3) of the skin; z towards the viewer."""
        return surface_normals(self.mesh)


def movements_of(factors: Array) -> Array:
    """Return all movements (T, 12) for factors (T, F): the face's, then the lids closing."""
    closing = 1 - lid_opening(factors)
    return np.concatenate((strengths(factors), closing[:, None]), axis=1)


def sit(head: Head, factors: Array, framing: Framing, size: int) -> list[Sitting]:
    """Return one sitting for each row of `factors` (T, F)."""
    movements = movements_of(factors)
    assert movements.shape[1] == CLOSE + 1
    rotations = rotation(factors)
    anchor = head.fixed[head.fixed_parts["mouth_anchor"]][0]
    translations = translation(rotations, factors, anchor, framing, size)
    unit = framing.unit_px(size)
    points = placed(head.deformed(movements), rotations, translations, unit)
    fixed = placed(head.fixed[None], rotations, translations, unit)
    return [
        Sitting(head, row, movement, turn, move, unit, size, skin, rest)
        for row, movement, turn, move, skin, rest in zip(
            factors, movements, rotations, translations, points, fixed, strict=True
        )
    ]
