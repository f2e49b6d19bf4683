"""Loud_Mouth learns what a mouth gains by loudness, though the head moves more."""

from fractions import Fraction

import numpy as np
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.media import SpeechArray
from talkingface.models.loud_mouth.config import LoudMouthNetwork, LoudMouthSettings
from talkingface.models.loud_mouth.model import LoudMouth

SIDE = 32  # px
NUM_FRAMES = 75


def nodding_speaker() -> Clip:
    """Return a clip of a face that turns to and fro, and whose mouth is dark where it is loud."""
    chance = np.random.default_rng(0)
    loud = chance.random(NUM_FRAMES)
    turned = np.round(4 * np.sin(np.arange(NUM_FRAMES) / 15)).astype(int)  # px
    pictures = np.full((NUM_FRAMES, SIDE, SIDE, 3), 200, np.uint8)
    for picture, shift, level in zip(pictures, turned, loud, strict=True):
        picture[16:18, 12 + shift : 20 + shift] = 60
        picture[22:26, 12:20] = 200 - 80 * level
    amplitudes = np.repeat(10 ** (2 * loud - 3), 640)  # 40 dB from quiet to loud
    noise = chance.choice([-1, 1], size=len(amplitudes)).astype(np.float32)
    speech = SpeechArray((amplitudes * noise).astype(np.float32))
    return Clip("nodding", FrameArray(pictures, Fraction(25)), speech)


def test_the_loss_begins_at_nothing_and_falls() -> None:
    model = LoudMouth(LoudMouthSettings(network=LoudMouthNetwork(SIDE)))
    prepared, chance = model.preparation.prepare(nodding_speaker()), np.random.default_rng(1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    curve = []
    for _ in range(40):
        examples = [model.preparation.example(prepared, chance) for _ in range(16)]
        batch = {
            key: torch.from_numpy(np.stack([one[key] for one in examples])) for key in examples[0]
        }
        (loss,) = model.losses("mouth", batch).values()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        curve.append(loss.item())
    assert curve[0] == 0
    # What can be won: a mouth of 4 x 8 px in an area of 16 x 16 px, 80 of 255 grey levels darker
    # where it is loud, half of that on average. The head that nods through the area stays.
    to_be_won = (4 * 8) / (16 * 16) * 80 / 127.5 / 2
    assert np.mean(curve[-10:]) < -0.8 * to_be_won
