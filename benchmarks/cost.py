"""What work costs: time, operations, and how near it comes to what the machine can do."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode, conv_flop_count

Result = TypeVar("Result")
COLUMNS = f"{'':12}{'ms':>9} {'CPU ms':>9} {'GFLOP':>9} {'GFLOP/s':>9} {'of peak':>9}"


@dataclass
class Spent:
    """What some work cost: pictures, or steps of training."""

    gflop: float  # each
    number: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    least_seconds: float = float("inf")  # for one

    def on(self, work: Callable[[], Result], number: int = 1) -> Result:
        """Do some more of it at once."""
        start, cpu_start = time.perf_counter(), time.process_time()
        result = work()
        seconds = time.perf_counter() - start
        self.cpu_seconds += time.process_time() - cpu_start
        self.seconds += seconds
        self.number += number
        self.least_seconds = min(self.least_seconds, seconds / number)
        return result

    @property
    def ms(self) -> float:
        """Milliseconds each."""
        return 1e3 * self.seconds / self.number

    def row(self, name: str, peak: float) -> str:
        """Return a line of the table; `peak` is in GFLOP/s."""
        cpu_ms, speed = 1e3 * self.cpu_seconds / self.number, 1e3 * self.gflop / self.ms
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


def gflop_of(work: Callable[[], object]) -> float:
    """Return how many billions of multiplications and additions some work takes."""
    packed = torch.ops.mkldnn._convolution_pointwise
    with FlopCounterMode(display=False, custom_mapping={packed: of_packed}) as counter:
        work()
    return counter.get_total_flops() / 1e9


def of_packed(maps, filters, *_, out_shape, **__) -> int:
    """Return what a convolution takes whose filters are packed, see `talkingface.nn.packing`."""
    return conv_flop_count(maps, filters, out_shape)


def machine() -> str:
    """Return which processor this is, how many threads compute, and by which torch."""
    return f"{processor()}, {torch.get_num_threads()} threads, torch {torch.__version__}"


def processor() -> str:
    """Return the name of the processor."""
    names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return names[0] if names else "unknown processor"


def most_memory_gb() -> float:
    """Return the most memory that this process has had."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) * 1024 / 1e9
