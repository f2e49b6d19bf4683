"""Changes the rate of sound, band-limited, block by block."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np
from av.error import BlockingIOError as NothingYetError
from av.error import EOFError as FinishedError
from av.filter import Graph

from talkingface.clip import Waveform

# A long windowed sinc of FFmpeg's resampler. Its default is short: at 16 kHz it takes half of the
# level away at 7.6 kHz, which the papers' mel bands still hear. These numbers leave tones up to
# 95 % of the lower Nyquist frequency within 0.1 % and put aliases 90 dB down (tested).
FILTER = "filter_size=256:cutoff=0.97"


def resample_blocks(blocks: Iterable[Waveform], from_hz: int, to_hz: int) -> Iterator[Waveform]:
    """Yield the sound of `blocks`, each (L,) in [-1, 1], at another rate; memory is constant."""
    if from_hz == to_hz:
        yield from blocks
        return
    graph, num_samples = _resampler(from_hz, to_hz), 0
    for block in blocks:
        if not len(block):
            continue
        frame = av.AudioFrame.from_ndarray(block[None], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = from_hz, num_samples, Fraction(1, from_hz)
        num_samples += len(block)
        graph.push(frame)
        yield from _ready(graph)
    if num_samples:
        graph.push(None)
        yield from _ready(graph)


def resample(waveform: Waveform, from_hz: int, to_hz: int) -> Waveform:
    """Return sound, (L,) in [-1, 1], at another rate: (L * to_hz / from_hz,), rounded up.

    >>> resample(np.zeros(44100, dtype=np.float32), 44100, 16000).shape
    (16000,)
    """
    return join(resample_blocks([waveform], from_hz, to_hz))


def join(blocks: Iterable[Waveform]) -> Waveform:
    """Return blocks of sound as one, (L,) float32."""
    return np.concatenate([np.empty(0, dtype=np.float32), *blocks])


def _resampler(from_hz: int, to_hz: int) -> Graph:
    graph = Graph()
    source = graph.add(
        "abuffer",
        f"sample_rate={from_hz}:sample_fmt=flt:channel_layout=mono:time_base=1/{from_hz}",
    )
    resampler = graph.add("aresample", f"{to_hz}:{FILTER}")
    sink = graph.add("abuffersink")
    source.link_to(resampler)
    resampler.link_to(sink)
    graph.configure()
    return graph


def _ready(graph: Graph) -> Iterator[Waveform]:
    """Yield what the resampler has ready, without the small overshoot of its filter."""
    while True:
        try:
            frame = graph.pull()
        except (NothingYetError, FinishedError):
            return
        assert isinstance(frame, av.AudioFrame)
        yield np.clip(frame.to_ndarray()[0], -1.0, 1.0)
