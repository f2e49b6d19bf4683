"""Colours of people and things, RGB 0 to 255. Dull on purpose: the face should stand out."""

from collections.abc import Sequence

import numpy as np

Colour = tuple[float, float, float]

SKIN: tuple[Colour, ...] = (  # fair to dark
    (246, 213, 192),
    (238, 197, 170),
    (224, 176, 142),
    (203, 150, 114),
    (172, 119, 84),
    (138, 91, 62),
    (104, 68, 48),
)
HAIR: tuple[Colour, ...] = (  # the first three go with every skin
    (30, 26, 26),
    (48, 36, 31),
    (70, 48, 36),
    (104, 70, 46),
    (134, 66, 38),
    (158, 118, 74),
    (202, 166, 112),
)
GREY_HAIR: Colour = (188, 186, 184)
EYES: tuple[Colour, ...] = (  # the first three go with every skin
    (84, 52, 32),
    (112, 70, 40),
    (62, 42, 34),
    (122, 106, 58),
    (82, 122, 84),
    (84, 124, 164),
    (116, 136, 150),
)
FRAMES: tuple[Colour, ...] = (
    (38, 36, 40),
    (92, 58, 40),
    (128, 44, 46),
    (60, 74, 104),
    (150, 132, 96),
)
CLOTHES: tuple[Colour, ...] = (
    (66, 78, 98),
    (104, 62, 64),
    (74, 94, 78),
    (52, 52, 58),
    (196, 192, 186),
    (150, 128, 100),
    (98, 88, 120),
    (86, 122, 132),
)
BACKGROUNDS: tuple[Colour, ...] = (
    (176, 182, 186),
    (186, 178, 166),
    (150, 160, 170),
    (166, 176, 162),
    (178, 164, 164),
    (128, 134, 142),
    (142, 134, 126),
    (196, 196, 192),
)


def between(colours: Sequence[Colour], place: float) -> Colour:
    """Return the colour at `place` on the way through `colours`, one unit from each to the next."""
    table = np.asarray(colours, dtype=np.float64)
    red, green, blue = (np.interp(place, np.arange(len(table)), table[:, c]) for c in range(3))
    return (float(red), float(green), float(blue))


def jittered(colour: Colour, rng: np.random.Generator, spread: float) -> Colour:
    """Return the colour moved a little, more in lightness than in hue."""
    lightness = rng.normal(0, spread)
    red, green, blue = np.clip(
        np.asarray(colour) + lightness + rng.normal(0, spread / 3, 3), 8, 250
    )
    return (float(red), float(green), float(blue))
