"""A process that is killed while it draws SynthTalk leaves whole clips, and the next goes on."""

import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

from talkingface.data.synth import SynthTalkSizes, make_corpus
from talkingface.data.synth.corpus import rows_of

SIZES = SynthTalkSizes(train=8, val=1, test=1, min_seconds=0.4, max_seconds=0.4)
SIDE = 56
CLIPS_BEFORE_KILL = (1, 3, 5)


def draw(folder: Path) -> None:
    make_corpus(folder, SIZES, image_px=SIDE, workers=1)


def test_three_kills_change_no_byte_of_a_corpus(
    tmp_path: Path, processes: ForkServerContext
) -> None:
    killed, unbroken = tmp_path / "killed", tmp_path / "unbroken"
    for clips in CLIPS_BEFORE_KILL:
        process = processes.Process(target=draw, args=(killed,), daemon=True)
        process.start()
        wait_until_half_written(killed, clips)
        process.kill()
        process.join()
        assert process.exitcode == -9
        assert not (killed / "manifest.jsonl").exists()
    already = {path: path.stat().st_mtime_ns for path in (killed / "clips").glob("*.json")}
    draw(killed)
    draw(unbroken)
    assert len(rows_of(killed)) == 10
    assert content(killed) == content(unbroken)
    assert all(path.stat().st_mtime_ns == made for path, made in already.items())


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def wait_until_half_written(folder: Path, clips: int) -> None:
    """Wait until so many clips are whole and a file of the next is being written."""
    end = time.monotonic() + 20
    while len(list(folder.glob("clips/*.json"))) < clips or not any(
        folder.glob("clips/.*.partial")
    ):
        assert time.monotonic() < end, "nothing is drawn"
