"""What the people do whom the reader learns from: more, and more at once, than talkers do."""

from typing import Final

import numpy as np

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.camera import ALIGNED, CROP, PORTRAIT, Framing
from talkingface.data.synth.factors import EMOTIONS, FACTOR_INDEX, neutral_factors

TURNS: Final = {"yaw": (15, 34), "pitch": (8, 20), "roll": (6, 16)}  # spread and limit in degrees
LIPS: Final = {"open": 0.75, "wide": 0.6, "round": 0.35, "press": 0.2, "tuck": 0.15, "tongue": 0.2}
BLINKING: Final = 0.4  # share of frames in which the eyes are not quite open
LOOKING_AHEAD: Final = 0.15
FRAMINGS: Final = (CROP, ALIGNED, PORTRAIT)
FRAMING_SHARES: Final = (0.7, 0.15, 0.15)
FRAMING_SPREAD: Final = 0.02  # of place and size


def drawn_factors(rng: np.random.Generator, count: int) -> Array:
    """Return factors (count, F), each row drawn by itself."""
    factors = neutral_factors(count)

    def put(name: str, values: Array) -> None:
        factors[:, FACTOR_INDEX[name]] = values

    def sometimes(share: float, values: Array) -> Array:
        return np.where(rng.random(count) < share, values, 0.0)

    for name, (spread, limit) in TURNS.items():
        put(name, np.radians(rng.normal(0, spread, count).clip(-limit, limit)))
    for name in ("shift_x", "shift_y"):
        put(name, rng.normal(0, 0.015, count))
    for name, share in LIPS.items():
        put(name, sometimes(share, rng.uniform(-1 if name == "wide" else 0, 1, count)))
    # Wider than can be seen, so that eyes quite closed are not rare.
    put("blink", sometimes(BLINKING, rng.uniform(0, 1.3, count).clip(0, 1)))
    for name in ("gaze_x", "gaze_y"):
        put(name, sometimes(1 - LOOKING_AHEAD, rng.uniform(-1, 1, count)))
    put("brow", rng.normal(0, 0.3, count).clip(-0.6, 1))
    moods = rng.integers(len(EMOTIONS), size=count)
    for mood, name in enumerate(EMOTIONS):
        if name != "neutral":
            put(name, np.where(moods == mood, rng.uniform(0.2, 1, count), 0.0))
    return factors


def drawn_framing(rng: np.random.Generator) -> Framing:
    """Return a framing of the three methods, its place and size a little off."""
    chosen = FRAMINGS[rng.choice(len(FRAMINGS), p=FRAMING_SHARES)]
    off = rng.normal(0, FRAMING_SPREAD, 3)
    return Framing(
        chosen.mouth_x + off[0], chosen.mouth_y + off[1], chosen.head_unit * (1 + 2 * off[2])
    )
