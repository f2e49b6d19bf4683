"""How time and memory grow with the speech: ``python -m benchmarks.long_clips --model PC_AVS``.

A drawn portrait says sentences of 10, 60, 100 and 600 s, each in a program of its own, by the
command that users type, with demo weights. Promised: ten minutes take at most 1.3 times the memory
of one, and time grows with the length to the power of 1.05 at most. Starting up makes short clips
dearer, which flatters that power, so it is also fitted without.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.io import wavfile

from talkingface.data.synth import neutral_factors, person, render
from talkingface.data.synth.camera import CROP, PORTRAIT
from talkingface.data.synth.speech import spoken_by
from talkingface.media import write_picture
from talkingface.plugins import discover
from talkingface.registry import imported_class

PROGRAM = Path(__file__).resolve().parent.parent / "run_talkingface.py"
PERSON, RATE_HZ = 3, 16_000
FIRST = 0.2  # seconds of the shortest speech, which is little but starting up
LENGTHS = (10.0, 60.0, 100.0, 600.0)  # seconds
MOST_MEMORY, MOST_POWER = 1.3, 1.05


@dataclass(frozen=True)
class Took:
    """What a program took."""

    seconds: float  # by the clock
    own_seconds: float  # of all cores
    memory_mb: float  # at its peak


def main() -> None:
    """Print a line for each length, and what was promised."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--model", default="PC_AVS")
    words.add_argument("--lengths", type=float, nargs="+", default=LENGTHS, help="in seconds")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        started = video_of(asked.model, FIRST, Path(folder))
        found = {}
        print(f"{'':>8} {'clock':>8} {'cores':>8} {'a second':>9} {'memory':>9}")
        print_line(FIRST, started)
        for length in asked.lengths:
            found[length] = video_of(asked.model, length, Path(folder))
            print_line(length, found[length])
    whole = power(found, 0.0)
    rest = power(found, started.seconds)
    kept = "kept" if max(whole, rest) <= MOST_POWER else "BROKEN"
    print(
        f"time grows with length to the power of {whole:.3f}, {rest:.3f} without the start: {kept}"
    )
    if {60.0, 600.0} <= found.keys():
        ratio = found[600.0].memory_mb / found[60.0].memory_mb
        kept = "kept" if ratio <= MOST_MEMORY else "BROKEN"
        print(f"ten minutes take {ratio:.3f} times the memory of one: {kept}")


def video_of(model: str, length: float, folder: Path) -> Took:
    """Let the program make a video of `length` seconds of speech."""
    portrait, speech = folder / "portrait.png", folder / "speech.wav"
    spec = discover().models.get(model)
    framing = PORTRAIT if imported_class(spec.model, model).view == "head" else CROP
    write_picture(portrait, render(person(PERSON), neutral_factors()[0], 112, framing))
    wavfile.write(speech, RATE_HZ, spoken_by(PERSON, 7, length, "formant").waveform)
    begin = time.perf_counter()
    words = [
        *(sys.executable, str(PROGRAM), "generate", f"--model={model}", "--quiet"),
        *("--source", str(portrait), "--audio", str(speech)),
        *("--out", str(folder / f"{length}.mp4"), f"--runs_folder={folder}"),
    ]
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{length:g} s of speech: the program ended with {status}.")
    seconds = time.perf_counter() - begin
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def power(found: dict[float, Took], before: float) -> float:
    """Return the exponent of a power of the length that fits the times best."""
    times = [took.seconds - before for took in found.values()]
    return float(np.polyfit(np.log(list(found)), np.log(times), 1)[0])


def print_line(length: float, took: Took) -> None:
    """Print what a length took."""
    print(
        f"{length:>6g} s {took.seconds:>6.1f} s {took.own_seconds:>6.1f} s "
        f"{1000 * took.seconds / length:>6.0f} ms {took.memory_mb:>6.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
