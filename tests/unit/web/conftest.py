"""Files as visitors upload them, and a method that takes its time."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.media import write_picture
from tests.filming import record

SLOW = """
import time
import torch
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import register_model

@register_model(
    "Slow", "Noise, slowly.", controls=frozenset({"lip", "pose"}), angles=frozenset({"pose"})
)
class Slow(TalkingFaceModel):
    def generate(self, job):
        for _ in range(self.num_frames(job)):
            time.sleep(0.02)
            yield torch.rand(1, 3, 16, 16) * 2 - 1
"""


@pytest.fixture
def slow_method(tmp_path: Path) -> str:
    """Return the plugin file of a method that draws fifty frames a second."""
    path = tmp_path / "slow.py"
    path.write_text(SLOW)
    return str(path)


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """Return a picture in which there is no face."""
    chance = np.random.default_rng(0).integers(40, 220, (8, 8, 3))
    path = tmp_path / "given" / "face.png"
    path.parent.mkdir(exist_ok=True)
    write_picture(path, np.kron(chance, np.ones((8, 8, 1))).astype(np.uint8))
    return path


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """Return a fifth of a second of a tone."""
    path = tmp_path / "given" / "speech.wav"
    path.parent.mkdir(exist_ok=True)
    return record(path, (0.3 * np.sin(np.arange(3_200) * 0.2)).astype(np.float32), "pcm_s16le")
