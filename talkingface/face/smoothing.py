"""Smoothing of a series over time: by a Hann window, or by the middle of its neighbours."""

import numpy as np
from numpy.typing import NDArray


def smoothed(series: NDArray[np.floating], window: int) -> NDArray[np.float64]:
    """Return `series` (T, ...) weighted over time by a Hann window of odd width.

    The window's end weights are zero, so a width of 5 means 1/4, 1/2, 1/4. Beyond its ends the
    series is reflected, the end sample itself not repeated.
    """
    weights = np.hanning(window)
    reach = window // 2
    around = [(reach, reach)] + [(0, 0)] * (series.ndim - 1)
    longer = np.pad(series.astype(np.float64), around, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(longer, window, axis=0)
    result: NDArray[np.float64] = windows @ (weights / weights.sum())
    return result


def running_median(series: NDArray[np.floating], window: int) -> NDArray[np.float64]:
    """Return the median of `window` values around each of `series` (T,), zeros beyond its ends.

    SyncNet's authors smooth so. Our own, since SciPy 1.15 gives wrong values, or ends the program.
    """
    longer = np.pad(series.astype(np.float64), window // 2)
    windows = np.lib.stride_tricks.sliding_window_view(longer, window)
    return np.asarray(np.median(windows, axis=1))
