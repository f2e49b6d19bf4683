"""Speed and memory of reading and writing video: ``python -m benchmarks.media``.

Prints pictures a second of encoding and decoding, and the memory that writing ten minutes takes
over that for one minute. Each memory is the peak of a process of its own.
"""

import multiprocessing
import resource
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from talkingface.clip import Picture
from talkingface.media import open_frames, open_speech, write_video

SIZE_PX, FPS, SOUND_RATE_HZ = 256, 25, 16_000
WANTED_FPS, ALLOWED_RATIO = 200, 1.2


def pictures(seconds: int) -> Iterator[Picture]:
    """Yield a wavy scene with a little grain, which drifts: some work for an encoder."""
    rows, columns = np.mgrid[:SIZE_PX, : 2 * SIZE_PX]
    waves = [np.sin(rows / a + columns / b) for a, b in ((9, 31), (23, 7), (15, 15))]
    grain = np.random.default_rng(0).normal(0, 4, (SIZE_PX, 2 * SIZE_PX, 3))
    scene = (128 + 100 * np.stack(waves, axis=-1) + grain).clip(0, 255).astype(np.uint8)
    for index in range(seconds * FPS):
        left = abs(index % (2 * SIZE_PX) - SIZE_PX)
        yield np.ascontiguousarray(scene[:, left : left + SIZE_PX])


def write_speech(path: Path, seconds: int) -> None:
    """Write noise with pauses, second by second."""
    rng = np.random.default_rng(0)
    envelope = 3000 * np.sin(np.linspace(0, 3 * np.pi, SOUND_RATE_HZ)) ** 2
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SOUND_RATE_HZ, 0, "NONE", ""))
        for _ in range(seconds):
            noise = rng.standard_normal(SOUND_RATE_HZ)
            file.writeframes((envelope * noise).clip(-32768, 32767).astype("<i2").tobytes())


def write(folder: Path, seconds: int) -> Path:
    """Write a video with sound of this length."""
    path, speech = folder / f"{seconds}.mp4", folder / f"{seconds}.wav"
    write_speech(speech, seconds)
    write_video(path, pictures(seconds), FPS, open_speech(speech))
    return path


def report_peak(folder: Path, seconds: int, results: "multiprocessing.SimpleQueue[int]") -> None:
    """Write a video and put the peak memory of this process, in kB, into `results`."""
    write(folder, seconds)
    results.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def peak_of_writing(folder: Path, seconds: int) -> int:
    """Return the peak memory, in kB, of a fresh process that writes a video."""
    fresh = multiprocessing.get_context("spawn")
    results = fresh.SimpleQueue()
    process = fresh.Process(target=report_peak, args=(folder, seconds, results))
    process.start()
    process.join()
    return results.get()


def verdict(good: bool) -> str:
    """Return the last word of a line."""
    return "as wanted" if good else "NOT AS WANTED"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder, seconds = Path(name), 40
        begin = time.perf_counter()
        path = write(folder, seconds)
        encoded = seconds * FPS / (time.perf_counter() - begin)
        begin = time.perf_counter()
        decoded = sum(1 for _ in open_frames(path)) / (time.perf_counter() - begin)
        for what, fps in (("encode", encoded), ("decode", decoded)):
            print(
                f"{what} {SIZE_PX}x{SIZE_PX}: {fps:.0f} pictures/s, {fps / WANTED_FPS:.1f} times "
                f"the {WANTED_FPS} wanted: {verdict(fps >= WANTED_FPS)}"
            )
        one, ten = peak_of_writing(folder, 60), peak_of_writing(folder, 600)
        print(
            f"memory of writing 10 minutes over 1 minute: {ten / 1024:.0f} / {one / 1024:.0f} MB "
            f"= {ten / one:.2f}, at most {ALLOWED_RATIO}: {verdict(ten / one <= ALLOWED_RATIO)}"
        )


if __name__ == "__main__":
    main()
