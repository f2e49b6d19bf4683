"""The steps of `inference.py`: to make a job, to draw it by turns, to see how much memory it takes.

python -m benchmarks.frame_cost STEP FOLDER MODEL PROFILE FRAMES PLAIN_FRAMES
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode, conv_flop_count

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


@dataclass
class Spent:
    """What some pictures cost."""

    gflop: float  # each
    num_pictures: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    least_seconds: float = float("inf")  # for one

    def on(self, draw: Callable[[], Tensor]) -> Tensor:
        """Draw some more pictures (T, 3, H, W)."""
        start, cpu_start = time.perf_counter(), time.process_time()
        pictures = draw()
        seconds = time.perf_counter() - start
        self.cpu_seconds += time.process_time() - cpu_start
        self.seconds += seconds
        self.num_pictures += len(pictures)
        self.least_seconds = min(self.least_seconds, seconds / len(pictures))
        return pictures

    @property
    def ms(self) -> float:
        """Milliseconds a picture."""
        return 1e3 * self.seconds / self.num_pictures

    def row(self, name: str, peak: float) -> str:
        """Return a line of the table; `peak` is in GFLOP/s."""
        cpu_ms, speed = 1e3 * self.cpu_seconds / self.num_pictures, 1e3 * self.gflop / self.ms
        numbers = f"{self.ms:9.0f} {cpu_ms:9.0f} {self.gflop:9.1f} {speed:9.0f}"
        return f"{name:<12}{numbers} {speed / peak:9.0%}"


class Convolution:
    """The machine's measure: 3x3, 512 channels, 56 px."""

    def __init__(self) -> None:
        layout = {"memory_format": torch.channels_last}
        self._convolve = nn.Conv2d(512, 512, 3, padding=1, bias=False).to(**layout)
        self._maps = torch.randn(1, 512, 56, 56).to(**layout)

    def __call__(self) -> Tensor:
        maps: Tensor = self._convolve(self._maps)
        return maps


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
    coming, expected, drawn = ours.generate(job), [], []
    with torch.inference_mode():
        for start in range(0, num_plain, theirs.at_once):
            frames = range(start, start + theirs.at_once)
            keep_freed_memory(2 * LARGEST_KEPT)  # as glibc does once it has freed maps as large
            expected.append(by_plain.on(lambda these=frames: theirs.draw(these)))
            keep_freed_memory()
            while by_ours.num_pictures * num_plain < frames.stop * num_frames:
                drawn.append(by_ours.on(lambda: next(coming)))
            for _ in range(REPEATS):
                peak.on(convolve)
                if generate:
                    alone.on(generate)
    speed = peak.gflop / peak.least_seconds
    print(
        f"{asked.name}, {profile}: {num_frames} frames of ours, {num_plain} of the plain program\n"
        f"{processor()}, {torch.get_num_threads()} threads, torch {torch.__version__}, "
        f"peak {speed:.0f} GFLOP/s\n"
        f"{'':12}{'ms':>9} {'CPU ms':>9} {'GFLOP':>9} {'GFLOP/s':>9} {'of peak':>9}\n"
        f"{by_plain.row('plain', speed)}\n{by_ours.row('ours', speed)}"
    )
    if generate:
        print(alone.row("  generator", speed))
    error = (torch.cat(drawn)[:num_plain] - torch.cat(expected)).abs().max()
    print(
        f"ratio {by_plain.ms / by_ours.ms:.2f}; pictures differ by {error:.1e} at most", flush=True
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


def gflop_of(work: Callable[[], object]) -> float:
    """Return how many billions of multiplications and additions some work takes."""
    packed = torch.ops.mkldnn._convolution_pointwise
    with FlopCounterMode(display=False, custom_mapping={packed: of_packed}) as counter:
        work()
    return counter.get_total_flops() / 1e9


def of_packed(maps, filters, *_, out_shape, **__) -> int:
    """Return what a convolution takes whose filters are packed, see `talkingface.nn.packing`."""
    return conv_flop_count(maps, filters, out_shape)


def gflop_of_job(coming: Iterator[Tensor], num_frames: int) -> float:
    """Return what a picture of a job takes, from its first two windows: the first takes more."""
    length = 0

    def window() -> None:
        nonlocal length
        length = len(next(coming))

    first, second = gflop_of(window), gflop_of(window)
    return (first - second) / num_frames + second / length


def processor() -> str:
    """Return the name of the processor."""
    names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return names[0] if names else "unknown processor"


def most_memory_gb() -> float:
    """Return the most memory that this process has had."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) * 1024 / 1e9


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
