"""Strangers who show what somebody else does: SynthTalk can give any movement to anyone.

Nothing but the movement is shared, so nothing else can be learnt from them.
"""

import numpy as np

from talkingface.clip import Picture
from talkingface.data.examples.augmentation import ColourChange
from talkingface.data.synth import person, render_each
from talkingface.data.synth.arrays import Array

FIRST_STRANGER, NUM_STRANGERS = 270_000, 120  # people of no split; as many heads as are kept


def stranger(factors: Array, size: int, chance: np.random.Generator) -> Picture:
    """Return one of the strangers with a row of factors (F,), in other colours, at `size` px."""
    who = person(FIRST_STRANGER + int(chance.integers(NUM_STRANGERS)))
    (picture,) = render_each([who], factors[None], size)
    return np.asarray(ColourChange.draw(chance).apply(picture), dtype=np.uint8)
