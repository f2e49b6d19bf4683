"""What happens to pictures before SyncNet sees them in training: the same to each of an example.

A face stands elsewhere and at another size in each method's framing, and what methods generate is
softer than what they learnt from.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

ZOOM = (0.66, 1.2)  # from head and shoulders to a closer face than PC-AVS cuts
SHIFT = 0.05  # of the side
TURN_RADIANS = 0.1
MOST_BLUR = 0.009  # of the side
CONTRAST = 0.25
BRIGHTNESS = 40.0  # grey levels
TINT = 0.1

Pictures = NDArray[np.uint8]  # (T, H, W, 3) RGB


def squeezed(pictures: Pictures, side: int) -> Pictures:
    """Return pictures (T, H, W, 3) as squares (T, side, side, 3), as the metric squeezes them."""
    if pictures.shape[1:3] == (side, side):
        return pictures
    return np.stack([np.asarray(cv2.resize(one, (side, side)), np.uint8) for one in pictures])


def worn(pictures: Pictures, chance: np.random.Generator) -> Pictures:
    """Return pictures (T, S, S, 3) moved, mirrored, recoloured and blurred."""
    side = pictures.shape[1]
    place, levels = _place(side, chance), _levels(chance)
    blur = MOST_BLUR * side * chance.random()
    seen = np.empty_like(pictures)
    for picture, result in zip(pictures, seen, strict=True):
        moved = cv2.warpAffine(picture, place, (side, side), borderMode=cv2.BORDER_REPLICATE)
        result[:] = cv2.LUT(cv2.GaussianBlur(moved, (5, 5), blur), levels)
    return seen


def _place(side: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """Return the 2x3 matrix that moves a picture about its middle."""
    zoom = np.exp(chance.uniform(*np.log(ZOOM)))
    turn = TURN_RADIANS * chance.uniform(-1, 1)
    mirror = chance.choice([-1, 1])
    turned = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = turned @ np.diag([mirror, 1])
    middle = np.full(2, (side - 1) / 2)
    shift = SHIFT * side * chance.uniform(-1, 1, 2)
    return np.column_stack([matrix, middle + shift - matrix @ middle])


def _levels(chance: np.random.Generator) -> Pictures:
    """Return what becomes of each level of each colour, (1, 256, 3)."""
    contrast = np.exp(CONTRAST * chance.uniform(-1, 1) + TINT * chance.uniform(-1, 1, 3))
    brightness = BRIGHTNESS * chance.uniform(-1, 1)
    levels = (np.arange(256)[:, None] - 128) * contrast + 128 + brightness
    return levels.clip(0, 255).astype(np.uint8)[None]
