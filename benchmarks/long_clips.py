"""How time and memory grow with the speech: ``python -m benchmarks.long_clips --model PC_AVS``.

A drawn portrait says sentences of 10, 60, 100 and 600 s, each in a program of its own, by the
command that users type, with demo weights. Promised: ten minutes take at most 1.3 times the memory
of one, and time grows with the length to the power of 1.05 at most. Starting up makes short
clips dearer, which flatters that power, so it is also told what each second costs that a clip has
more than the one before it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
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

ROOT = Path(__file__).resolve().parent.parent
# The program, and what it took: a child's own count of its memory begins with that of its parent.
CHILD = """
import sys, time
from benchmarks.cost import most_memory_gb
from talkingface.cli import main
assert main(sys.argv[1:]) == 0
print(time.process_time(), most_memory_gb())
"""
PERSON, RATE_HZ = 3, 16_000
LENGTHS = (10.0, 60.0, 100.0, 600.0)  # seconds
MOST_MEMORY, MOST_POWER = 1.3, 1.05


@dataclass(frozen=True)
class Took:
    """What a program took."""

    seconds: float  # by the clock
    own_seconds: float  # of all cores
    memory_gb: float  # at its peak


def main() -> None:
    """Print a line for each length, and what was promised."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--model", default="PC_AVS")
    words.add_argument("--lengths", type=float, nargs="+", default=LENGTHS, help="in seconds")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found: dict[float, Took] = {}
        print(f"{'':>7} {'clock':>8} {'cores':>8} {'a second more':>14} {'memory':>8}")
        for length in sorted(asked.lengths):
            took = video_of(asked.model, length, Path(folder))
            print_line(length, took, found)
            found[length] = took
    kept = "kept" if power(found) <= MOST_POWER else "BROKEN"
    print(f"time grows with length to the power of {power(found):.3f}: {kept}")
    if {60.0, 600.0} <= found.keys():
        ratio = found[600.0].memory_gb / found[60.0].memory_gb
        kept = "kept" if ratio <= MOST_MEMORY else "BROKEN"
        print(f"ten minutes take {ratio:.3f} times the memory of one: {kept}")


def video_of(model: str, length: float, folder: Path) -> Took:
    """Let the program make a video of `length` seconds of speech."""
    portrait, speech = folder / "portrait.png", folder / "speech.wav"
    spec = discover().models.get(model)
    framing = PORTRAIT if imported_class(spec.model, model).view == "head" else CROP
    write_picture(portrait, render(person(PERSON), neutral_factors()[0], 112, framing))
    wavfile.write(speech, RATE_HZ, spoken_by(PERSON, 7, length, "formant").waveform)
    words = [
        *(sys.executable, "-c", CHILD, "generate", f"--model={model}", "--quiet"),
        *("--source", str(portrait), "--audio", str(speech)),
        *("--out", str(folder / f"{length}.mp4"), f"--runs_folder={folder}"),
    ]
    begin = time.perf_counter()
    said = subprocess.run(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True).stdout
    seconds = time.perf_counter() - begin
    own_seconds, memory_gb = map(float, said.split()[-2:])
    return Took(seconds, own_seconds, memory_gb)


def power(found: Mapping[float, Took]) -> float:
    """Return the exponent of a power of the length that fits the times best."""
    times = [took.seconds for took in found.values()]
    return float(np.polyfit(np.log(list(found)), np.log(times), 1)[0])


def print_line(length: float, took: Took, shorter: Mapping[float, Took]) -> None:
    """Print what a length took, beside the longest of the shorter ones."""
    more = ""
    if shorter:
        last = max(shorter)
        more = f"{1000 * (took.seconds - shorter[last].seconds) / (length - last):.0f} ms"
    print(
        f"{length:>5g} s {took.seconds:>6.1f} s {took.own_seconds:>6.1f} s {more:>14} "
        f"{took.memory_gb:>5.2f} GB",
        flush=True,
    )


if __name__ == "__main__":
    main()
