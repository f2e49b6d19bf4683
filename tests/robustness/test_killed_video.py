"""A process that is killed while it writes a video leaves none, or the one that stood there."""

import random
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path

import numpy as np

from talkingface.media import SpeechArray, open_frames, write_video
from talkingface.storage.atomic import remove_strays
from tests.filming import number_of, numbered

NUM_KILLS = 10


def write_without_end(path: Path) -> None:
    """Write a video that never ends."""

    def pictures() -> Iterator[np.ndarray]:
        while True:
            yield np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)

    write_video(path, pictures(), speech=SpeechArray(np.zeros(16000, np.float32)))


def test_ten_kills_leave_no_half_video(tmp_path: Path, processes: ForkServerContext) -> None:
    chance = random.Random(1)
    finished, begun = tmp_path / "finished.mp4", tmp_path / "begun.mp4"
    write_video(finished, map(numbered, range(5)))
    for kill in range(NUM_KILLS):
        path = finished if kill % 2 else begun
        process = processes.Process(target=write_without_end, args=(path,), daemon=True)
        process.start()
        wait_until_half_written(tmp_path)
        time.sleep(chance.uniform(0, 0.03))
        process.kill()
        process.join()
        assert process.exitcode == -9
        assert list(tmp_path.glob("*.mp4")) == [finished]
        assert [number_of(picture) for picture in open_frames(finished)] == list(range(5))
        assert len(remove_strays(tmp_path)) == 1


def wait_until_half_written(folder: Path) -> None:
    """Wait until there is content in a temporary file."""
    end = time.monotonic() + 20
    while not any(path.stat().st_size > 0 for path in folder.glob(".*.partial")):
        assert time.monotonic() < end, "nothing is written"
        time.sleep(0.002)
