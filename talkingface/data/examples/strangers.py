"""Strangers who show what somebody else does: SynthTalk can give any movement to anyone.

Nothing but the movement is shared, so nothing else can be learnt from them.
"""

from collections.abc import Sequence

import numpy as np

from talkingface.clip import Picture
from talkingface.data.examples.augmentation import ColourChange
from talkingface.data.reader_training.chance import drawn_factors
from talkingface.data.synth import exchanged, person, render_each
from talkingface.data.synth.arrays import Array

FIRST_STRANGER, NUM_STRANGERS = 270_000, 120  # people of no split; as many heads as are kept


def stranger(factors: Array, size: int, chance: np.random.Generator) -> Picture:
    """Return one of the strangers with a row of factors (F,), in other colours, at `size` px."""
    who = person(FIRST_STRANGER + int(chance.integers(NUM_STRANGERS)))
    (picture,) = render_each([who], factors[None], size)
    return recoloured(picture, chance)


def recoloured(picture: Picture, chance: np.random.Generator) -> Picture:
    """Return a picture in other colours."""
    return np.asarray(ColourChange.draw(chance).apply(picture), dtype=np.uint8)


def any_factors(chance: np.random.Generator) -> Array:
    """Return factors (F,) of a face that does more than talkers do, and all of it by chance."""
    (row,) = drawn_factors(chance, 1)
    return np.asarray(row)


def sharing(factors: Array, groups: Sequence[str], chance: np.random.Generator) -> Array:
    """Return factors (F,) that have some groups of `factors` and nothing else of them."""
    row = any_factors(chance)
    for group in groups:
        row = exchanged(row, group, factors)
    return row
