"""When somebody speaks, by Silero's voice detector 5.1.2, by which THEval goes. Optional.

Its network is a data file of the package silero_vad and is read by path: the package itself asks
for torchaudio, which is not there for every torch.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Waveform
from talkingface.errors import PluginError
from talkingface.media.features.framing import SAMPLE_RATE_HZ
from talkingface.storage.packaged import packaged_file

INSTALLATION = "pip install onnxruntime && pip install --no-deps silero-vad==5.1.2"
PACKAGE = "silero_vad"
NETWORK_FILE = "data/silero_vad.onnx"

WINDOW_SAMPLES = 512  # 32 ms, for which there is one probability
CONTEXT_SAMPLES = 64  # of the window before, heard again
SPEECH = 0.5  # it begins at this probability
SILENCE = 0.35  # it ends below this one
LEAST_SPEECH = SAMPLE_RATE_HZ // 4
LEAST_SILENCE = SAMPLE_RATE_HZ // 10
MARGIN = SAMPLE_RATE_HZ * 3 // 100  # on both sides of what was found


def speech_segments(waveform: Waveform) -> NDArray[np.float64]:
    """Return the seconds in which somebody speaks in sound at 16 kHz, start and end (N, 2).

    Raises:
        PluginError: what the detector needs is not installed.
    """
    return segments_of(_probabilities(waveform), len(waveform)) / SAMPLE_RATE_HZ


def segments_of(probabilities: NDArray[np.floating], num_samples: int) -> NDArray[np.int64]:
    """Return the samples at which speech starts and ends (N, 2), from how likely each window is.

    >>> segments_of(np.array([0.1] + 12 * [0.9] + 5 * [0.1]), 18 * 512)
    array([[  32, 7136]])
    """
    found: list[tuple[int, int]] = []
    start: int | None = None
    pause: int | None = None
    for now, probability in zip(range(0, num_samples, WINDOW_SAMPLES), probabilities, strict=True):
        if probability >= SPEECH:
            start, pause = now if start is None else start, None
        elif probability < SILENCE and start is not None:
            pause = now if pause is None else pause
            if now - pause >= LEAST_SILENCE:
                found.append((start, pause))
                start = pause = None
    if start is not None:
        found.append((start, num_samples))
    long = np.array([one for one in found if one[1] - one[0] > LEAST_SPEECH], np.int64)
    widened = long.reshape(-1, 2) + np.array([-MARGIN, MARGIN])
    within: NDArray[np.int64] = widened.clip(0, num_samples)
    return within


def _probabilities(waveform: Waveform) -> NDArray[np.float32]:
    """Return how likely it is that somebody speaks, for each window of 32 ms."""
    network = _network()
    num_windows = -(-len(waveform) // WINDOW_SAMPLES)
    padded = np.zeros(CONTEXT_SAMPLES + num_windows * WINDOW_SAMPLES, np.float32)
    padded[CONTEXT_SAMPLES : CONTEXT_SAMPLES + len(waveform)] = waveform
    state = np.zeros((2, 1, 128), np.float32)
    rate = np.array(SAMPLE_RATE_HZ, np.int64)
    found = np.empty(num_windows, np.float32)
    for index in range(num_windows):
        start = index * WINDOW_SAMPLES
        heard = padded[None, start : start + CONTEXT_SAMPLES + WINDOW_SAMPLES]
        likely, state = network.run(None, {"input": heard, "state": state, "sr": rate})
        found[index] = likely[0, 0]
    return found


@cache
def _network() -> Any:  # noqa: ANN401 - onnxruntime has no types
    try:
        import onnxruntime
    except ImportError as error:
        raise PluginError(_lacks(str(error))) from error
    path = packaged_file(PACKAGE, NETWORK_FILE)
    if path is None:
        raise PluginError(_lacks(f"there is no {PACKAGE}"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a window is too short to be shared
    return onnxruntime.InferenceSession(str(path), options)


def _lacks(what: str) -> str:
    return (
        f"Silero's voice detector cannot start ({what}). "
        f"Install what it needs with: {INSTALLATION}."
    )
