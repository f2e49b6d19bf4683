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
FILTER_TAPS, CUTOFF = 256, 0.97
FILTER = f"filter_size={FILTER_TAPS}:cutoff={CUTOFF}"


class Resampler:
    """Changes the rate of sound that comes piece by piece; how it is cut makes no difference.

    What is returned lags `lag_seconds` behind what was given, until the sound ends. Nothing is lost
    or added: the rates hold to the sample.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._from_hz = from_hz
        self._graph = _resampler(from_hz, to_hz) if from_hz != to_hz else None
        self._num_samples = 0

    def push(self, block: Waveform) -> Waveform:
        """Return what is ready once a piece (L,) in [-1, 1] has been given."""
        if self._graph is None or not len(block):
            return block
        frame = av.AudioFrame.from_ndarray(block[None], format="flt", layout="mono")
        frame.sample_rate, frame.pts = self._from_hz, self._num_samples
        frame.time_base = Fraction(1, self._from_hz)
        self._num_samples += len(block)
        self._graph.push(frame)
        return join(_ready(self._graph))

    def finish(self) -> Waveform:
        """Return the rest of the sound, which ends here."""
        if self._graph is None or not self._num_samples:
            return join([])
        self._graph.push(None)
        return join(_ready(self._graph))


def lag_seconds(from_hz: int, to_hz: int) -> float:
    """Return how much sound a resampler holds back: half its filter, whose taps count in samples.

    >>> round(lag_seconds(48_000, 16_000), 4)
    0.0082
    """
    if from_hz == to_hz:
        return 0.0
    return FILTER_TAPS / 2 / min(from_hz, CUTOFF * to_hz)


def resample_blocks(blocks: Iterable[Waveform], from_hz: int, to_hz: int) -> Iterator[Waveform]:
    """Yield the sound of `blocks`, each (L,) in [-1, 1], at another rate; memory is constant."""
    resampler = Resampler(from_hz, to_hz)
    for block in blocks:
        yield resampler.push(block)
    yield resampler.finish()


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
