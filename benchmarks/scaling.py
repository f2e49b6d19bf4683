"""What more clips, ranks and machines cost: a prediction from a few figures, and those figures.

    python -m benchmarks.scaling                                  predicts from the figures below
    python -m benchmarks.scaling --measure                        measures those of this machine
    python -m benchmarks.scaling --ms_per_frame=9 --ranks 8 64    predicts from figures of your own

`SCALING.md` says where the model comes from and what it leaves out.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch

from talkingface.config.settings import ModelSettings
from talkingface.plugins import discover
from talkingface.registry import imported_class

ROOT = Path(__file__).parents[1]
FPS = 25
BYTES_OF_STATE = 4 + 4 + 8 + 4  # of a parameter: itself, its gradient, two of Adam, its average
GPUS_A_MACHINE = 8
FEW, MANY = 1, 4  # clips of SynthTalk, a second each, that are measured


@dataclass(frozen=True)
class Figures:
    """What a prediction starts from; each can be given."""

    start_seconds: float = 5.0  # of a process, before its first clip
    ms_per_frame: float = 20.0  # of one rank: drawing, encoding, scoring
    rank_mb: float = 480.0  # memory of a rank
    kb_per_clip: float = 10.0  # memory of the first rank, for the rows of its tables
    mb_per_minute: float = 3.0  # of video on disk
    samples_per_second: float = 100.0  # that one GPU learns from
    sample_mb: float = 400.0  # memory of a GPU for each sample of its batch
    loaded_per_second: float = 60.0  # samples that one core reads
    gb_per_second: float = 100.0  # between the GPUs of a machine
    gb_per_second_out: float = 10.0  # between machines, for each machine


MEASURED_HERE = ("start_seconds", "ms_per_frame", "rank_mb")


@dataclass(frozen=True)
class Corpus:
    """Clips that are made and scored. Lengths above the least fall off exponentially."""

    name: str
    clips: int
    mean_seconds: float
    least_seconds: float

    def lengths(self) -> np.ndarray:
        """Return seconds of each clip, drawn once."""
        beyond = np.random.default_rng(0).exponential(1.0, self.clips)
        return self.least_seconds + beyond * (self.mean_seconds - self.least_seconds)


VOXCELEB2_TEST = Corpus("VoxCeleb2 test (118 people)", 36_237, 7.8, 4.0)


def scoring(figures: Figures, corpus: Corpus, ranks: int) -> tuple[float, float, float]:
    """Return hours until the slowest rank is done, its share of the mean, and MB of the first."""
    lengths = corpus.lengths()
    shares = np.array([lengths[rank::ranks].sum() for rank in range(ranks)])
    seconds = figures.start_seconds + shares.max() * FPS * figures.ms_per_frame / 1000
    memory = figures.rank_mb + corpus.clips * figures.kb_per_clip / 1024
    return seconds / 3600, float(shares.max() / shares.mean()), memory


def training(figures: Figures, parameters: int, batch: int, gpus: int) -> tuple[float, float]:
    """Return samples a second of all GPUs, each with its own batch, and their efficiency.

    Gradients go round once the step is computed: nothing is hidden behind the computation.
    """
    alone = batch / figures.samples_per_second
    bandwidth = figures.gb_per_second
    if gpus > GPUS_A_MACHINE:
        bandwidth = min(bandwidth, figures.gb_per_second_out)
    sent = 2 * (gpus - 1) / gpus * 4 * parameters / (bandwidth * 1e9)
    efficiency = alone / (alone + sent)
    return gpus * figures.samples_per_second * efficiency, efficiency


def memory_of_training(
    figures: Figures, parameters: int, batch: int, gpus: int
) -> tuple[float, float]:
    """Return GB of one GPU where each has all weights (DDP), and where each has a part (FSDP)."""
    state, samples = parameters * BYTES_OF_STATE / 1e9, batch * figures.sample_mb / 1e3
    return state + samples, state / gpus + samples


def parameters_of(model: str) -> int:
    """Return how many weights a method of published sizes has, counted and not drawn."""
    spec = discover().models.get(model)
    settings: ModelSettings = spec.config(name=spec.name)
    with torch.device("meta"):
        networks = imported_class(spec.model, model)(settings)
    return sum(one.numel() for one in networks.parameters())


def measured(model: str, figures: Figures) -> Figures:
    """Return the figures of this machine, and print what two ranks cost beside one.

    It is the program's own time on one thread, which other work on the machine slows less.
    """
    with tempfile.TemporaryDirectory() as folder:
        timed(model, 1, FEW, Path(folder) / "first")  # draws the corpus
        few, few_frames = timed(model, 1, FEW, Path(folder) / "few")
        many, frames = timed(model, 1, MANY, Path(folder) / "many")
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        together, _ = timed(model, 2, MANY, Path(folder) / "together")
    a_frame = (many - few) / (frames - few_frames)
    start = many - a_frame * frames
    print(
        f"own time of one rank: {few:.1f} s for {FEW} clips, {many:.1f} s for {MANY}; of two ranks "
        f"and their launcher: {together:.1f} s for {MANY}, where {many + start:.1f} s would be the "
        "work and a second start"
    )
    return replace(figures, start_seconds=start, ms_per_frame=1000 * a_frame, rank_mb=memory)


def timed(model: str, ranks: int, clips: int, runs: Path) -> tuple[float, int]:
    """Evaluate some clips of SynthTalk and return seconds of work and frames."""
    launcher = ["-m", "torch.distributed.run", f"--nproc-per-node={ranks}", "--standalone"]
    words = [
        *("evaluate", f"--model={model}", "--dataset=SynthTalk", "--dataset.size=tiny"),
        *(f"--limit={clips}", f"--dataset.folder={runs.parent / 'corpus'}"),
        *("--metrics=SSIM,PSNR", "--baselines=[]", "--truth=false", "--device=cpu"),
        f"--runs_folder={runs}",
    ]
    before = work_of_children()
    subprocess.run(
        [sys.executable, *(launcher if ranks > 1 else []), "run_talkingface.py", *words],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    seconds = work_of_children() - before
    (run,) = runs.iterdir()
    with (run / "per_clip.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if not row["failure"]]
    return seconds, sum(int(row["num_frames"]) for row in rows)


def work_of_children() -> float:
    """Return the seconds that processes which have ended worked, on all cores."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def print_scoring(figures: Figures, corpus: Corpus, ranks: list[int]) -> None:
    """Print hours and memory of making and scoring a corpus."""
    minutes = corpus.clips * corpus.mean_seconds / 60
    print(
        f"\n{corpus.name}: {corpus.clips} clips, {minutes / 60:.0f} h, "
        f"{minutes * 60 * FPS / 1e6:.2f} M frames, {minutes * figures.mb_per_minute / 1024:.0f} GB "
        "of generated video"
    )
    print("   ranks      hours   slowest / mean   first rank, MB")
    for count in ranks:
        hours, uneven, memory = scoring(figures, corpus, count)
        print(f"{count:8d} {hours:10.2f} {uneven:16.3f} {memory:16.0f}")


def print_training(
    figures: Figures, model: str, samples: float, batch: int, gpus: list[int]
) -> None:
    """Print hours, efficiency and memory of training."""
    parameters = parameters_of(model)
    print(
        f"\ntraining {model}, {parameters / 1e6:.1f} M parameters without a discriminator, "
        f"batch {batch} on each GPU, {samples / 1e6:.1f} M samples"
    )
    print("    GPUs      hours   efficiency   GB each (DDP)   GB each (FSDP)   cores to read")
    for count in gpus:
        speed, efficiency = training(figures, parameters, batch, count)
        whole, part = memory_of_training(figures, parameters, batch, count)
        cores = speed / figures.loaded_per_second
        print(
            f"{count:8d} {samples / speed / 3600:10.2f} {efficiency:12.2f} {whole:15.1f} "
            f"{part:16.1f} {cores:15.1f}"
        )


def main() -> None:
    """Measure if asked to, and print what follows."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--measure", action="store_true")
    words.add_argument("--model", default="PC_AVS")
    words.add_argument("--ranks", type=int, nargs="+", default=[1, 2, 8, 64])
    words.add_argument("--gpus", type=int, nargs="+", default=[1, 2, 8, 64])
    words.add_argument("--batch", type=int, default=16)
    words.add_argument("--samples", type=float, default=20e6)
    for one in fields(Figures):
        words.add_argument(f"--{one.name}", type=float)
    asked = words.parse_args()
    given = {one.name: getattr(asked, one.name) for one in fields(Figures)}
    given = {name: value for name, value in given.items() if value is not None}
    figures = Figures()
    if asked.measure:
        figures = measured(asked.model, figures)
    figures = replace(figures, **given)
    known = {*given, *(MEASURED_HERE if asked.measure else ())}
    for is_known, what in ((True, "measured or given"), (False, "assumed")):
        chosen = [one.name for one in fields(Figures) if (one.name in known) == is_known]
        print(f"{what}: " + ", ".join(f"{name}={getattr(figures, name):g}" for name in chosen))
    print_scoring(figures, VOXCELEB2_TEST, asked.ranks)
    print_training(figures, asked.model, asked.samples, asked.batch, asked.gpus)


if __name__ == "__main__":
    main()
