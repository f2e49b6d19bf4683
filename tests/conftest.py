"""What every test starts from: no network beyond this machine, and small things to work on."""

import os

# Tests share two cores among processes; threads of each would wait for each other. It must be said
# before torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import socket
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from talkingface.clip import FrameArray
from talkingface.config import locations

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def connect_to_loopback(sock: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(sock, address)

    monkeypatch.setattr(socket.socket, "connect", connect_to_loopback)


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Start torch's random numbers anew for each test: a tiny network may be drawn dead."""
    if torch := sys.modules.get("torch"):
        torch.manual_seed(0)


@pytest.fixture
def tiny_frames() -> FrameArray:
    """Ten pictures of 48 x 64 px, each with a bright square one step further to the right."""
    pictures = np.full((10, 48, 64, 3), 40, dtype=np.uint8)
    for index, picture in enumerate(pictures):
        picture[16:32, 4 + 4 * index : 20 + 4 * index] = (200, 120, 60)
    return FrameArray(pictures, fps=Fraction(25))


@pytest.fixture
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that stands for the weights of the program: only their table is in it."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    (folder / "weights.yaml").write_bytes(locations.weights_table().read_bytes())
    shipped = locations._shipped
    monkeypatch.setattr(
        locations, "_shipped", lambda name: folder if name == "checkpoints" else shipped(name)
    )
    return folder
