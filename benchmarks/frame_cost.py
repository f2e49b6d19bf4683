"""The steps of `inference.py`: to make a job, to draw it by turns, to see how much memory it takes.

python -m benchmarks.frame_cost STEP FOLDER MODEL PROFILE FRAMES PLAIN_FRAMES
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.cost import COLUMNS, Convolution, Spent, gflop_of, machine, most_memory_gb
from benchmarks.plain import plain
from benchmarks.published_job import PublishedJob
from talkingface.cli import main as run_talkingface
from talkingface.config.settings import Profile
from talkingface.engine.memory import LARGEST_KEPT, keep_freed_memory
from talkingface.engine.profiles import made_ready
from talkingface.job import Job
from talkingface.models.base import TalkingFaceModel
from talkingface.nn.style_generator import StyleGenerator

REPEATS = 4  # of a part of a frame, in each turn


def compare(asked: PublishedJob, profile: Profile, num_frames: int, num_plain: int) -> None:
    """Draw by turns, and print the table."""
    convolve = Convolution()
    with torch.no_grad():  # operations are not counted in inference mode
        trained, ours = asked.model(), made_ready(asked.model(), profile, torch.device("cpu"))
        job = asked.opened(trained)
        theirs = plain(trained, job, num_plain)
        generate = generator_alone(ours, job)
        first = range(theirs.at_once)
        by_plain = Spent(gflop_of(lambda: theirs.draw(first)) / len(first))
        by_ours = Spent(gflop_of_job(ours.generate(job), num_frames))
        alone = Spent(gflop_of(generate) if generate else 0.0)
        peak = Spent(gflop_of(convolve))
    coming, expected, drawn = ours.generate(job), [], []  # one by one, see `nn.windows`
    with torch.inference_mode():
        for start in range(0, num_plain, theirs.at_once):
            frames = range(start, start + theirs.at_once)
            keep_freed_memory(2 * LARGEST_KEPT)  # as glibc does once it has freed maps as large
            expected.append(by_plain.on(lambda these=frames: theirs.draw(these), len(frames)))
            keep_freed_memory()
            while by_ours.number * num_plain < frames.stop * num_frames:
                drawn.append(by_ours.on(lambda: next(coming)))
            for _ in range(REPEATS):
                peak.on(convolve)
                if generate:
                    alone.on(generate)
    speed = peak.gflop / peak.least_seconds
    print(
        f"{asked.name}, {profile}: {num_frames} frames of ours, {num_plain} of the plain program\n"
        f"{machine()}, peak {speed:.0f} GFLOP/s\n{COLUMNS}\n"
        f"{by_plain.row('plain', speed)}\n{by_ours.row('ours', speed)}"
    )
    if generate:
        print(alone.row("  generator", speed))
    theirs_drawn = torch.cat(expected)[:num_frames]
    error = (torch.cat(drawn)[:num_plain] - theirs_drawn).abs().max()
    print(
        f"ratio {by_plain.ms / by_ours.ms:.2f}; pictures differ by {error:.1e} at most, and have a "
        f"standard deviation of {theirs_drawn.std():.3f}",
        flush=True,
    )


def generator_alone(model: TalkingFaceModel, job: Job) -> Callable[[], Tensor] | None:
    """Return what draws the first pictures of a job once more, if the method grows pictures."""
    generator = next((one for one in model.modules() if isinstance(one, StyleGenerator)), None)
    if generator is None:
        return None
    given: list[tuple[Tensor, ...]] = []
    with generator.register_forward_pre_hook(lambda _, inputs: given.append(inputs)):
        next(model.generate(job))
    return lambda: generator(*given[0])


def gflop_of_job(coming: Iterator[Tensor], num_frames: int) -> float:
    """Return what a picture of a job takes, from its first two windows: the first takes more."""
    length = 0

    def window() -> None:
        nonlocal length
        length = len(next(coming))

    first, second = gflop_of(window), gflop_of(window)
    return (first - second) / num_frames + second / length


def draw_plain(asked: PublishedJob, num_frames: int) -> None:
    """Draw by the plain program alone, and print its memory."""
    with torch.inference_mode():
        model = asked.model()
        theirs = plain(model, asked.opened(model), num_frames)
        for start in range(0, num_frames, theirs.at_once):
            theirs.draw(range(start, start + theirs.at_once))
    print(f"plain: {most_memory_gb():.2f} GB", flush=True)


def draw_ours(asked: PublishedJob, profile: Profile, num_frames: int) -> None:
    """Draw by the command, and print its memory."""
    line = [
        *("generate", f"--model={asked.name}", f"--profile={profile}", "--device=cpu", "--quiet"),
        *(f"--evaluate_model_file={asked.weights}", f"--source={asked.portrait}"),
        *(f"--audio={asked.video}", f"--out={asked.folder / 'drawn.mp4'}"),
        f"--runs_folder={asked.folder / 'runs'}",
        *(f"--{name}={path}" for name, path in asked.controls.items()),
    ]
    started = time.perf_counter()
    with redirect_stdout(StringIO()):
        assert run_talkingface(line) == 0, line
    seconds = time.perf_counter() - started
    print(
        f"ours: {most_memory_gb():.2f} GB; `generate` took {seconds:.1f} s, "
        f"{1e3 * seconds / num_frames:.0f} ms a frame, with all that it loads, reads and writes"
    )


def main() -> None:
    """Do one step."""
    step, folder, name, profile, num_frames, num_plain = sys.argv[1:]
    asked = PublishedJob(Path(folder), name)
    if step == "make":
        asked.make(int(num_frames))
    elif step == "compare":
        compare(asked, profile, int(num_frames), int(num_plain))
    elif step == "draw_plain":
        draw_plain(asked, int(num_plain))
    else:
        draw_ours(asked, profile, int(num_frames))


if __name__ == "__main__":
    main()
