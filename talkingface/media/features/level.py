"""The level of speech, measured while it comes.

Speech is brought to one level before networks hear it. `mel.levelled` measures all of it first, as
the authors' programs do. Here each 10 ms have the level of what was heard up to them: of the last
five seconds or so in which there was a voice. What is quiet for long is silence.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from talkingface.media.features.framing import HOP_SAMPLES, Samples
from talkingface.media.features.mel import LEVEL_RMS, Levelling, levelled

QUIET_RMS = 1e-3  # -60 dB, where full scale is 1: the noise of a room
PATIENCE = 30  # blocks of quiet that belong to speech: the closure of a stop, a breath
KNOWN_BEFORE = 10  # blocks at the common level, which count until the voice is known
MEMORY = 500  # blocks: five seconds

Level = Literal["whole", "so_far"]


def levelling(level: Level) -> Levelling:
    """Return what brings one speech to the common level, as the settings of a method name it."""
    return levelled if level == "whole" else RunningLevel().levelled


class RunningLevel:
    """Brings speech to a root mean square of 0.1, as far as it was heard; pauses do not count.

    Blocks are of 10 ms. Pieces of whole blocks give what the whole speech gives at once.
    """

    def __init__(self) -> None:
        self._power = LEVEL_RMS**2  # of blocks with a voice
        self._num_blocks = KNOWN_BEFORE
        self._quiet_blocks = PATIENCE  # before a speech it was quiet

    def levelled(self, samples: NDArray[np.floating]) -> Samples:
        """Return the next samples (L,) at the common level; only the last block may be short."""
        gains = [self._gain(power) for power in _powers(samples)]
        levelled: Samples = samples * np.repeat(gains, HOP_SAMPLES)[: len(samples)]
        return levelled

    def _gain(self, power: float) -> float:
        """Return by how much a block of this power is raised."""
        if power < QUIET_RMS**2:
            self._quiet_blocks += 1
            if self._quiet_blocks > PATIENCE:
                return 0.0
        else:
            self._quiet_blocks = 0
            self._num_blocks = min(self._num_blocks + 1, MEMORY)
            self._power += (power - self._power) / self._num_blocks
        return float(LEVEL_RMS / np.sqrt(self._power))


def _powers(samples: NDArray[np.floating]) -> list[float]:
    """Return the mean square of each block of samples (L,), in double precision."""
    num_blocks = -(-len(samples) // HOP_SAMPLES)
    filled = np.pad(samples.astype(np.float64), (0, num_blocks * HOP_SAMPLES - len(samples)))
    squares = filled.reshape(num_blocks, HOP_SAMPLES) ** 2
    powers: list[float] = squares.mean(axis=1).tolist()
    return powers
