"""Soft-DTW (Cuturi and Blondel 2017): compares sequences that may run at different pace.

``R[i,j] = d[i,j] + softmin(R[i-1,j], R[i,j-1], R[i-1,j-1])`` sums over all monotone paths from the
first pair to the last; the expected alignment ``E = dR/dd`` says how probably a path uses a pair.
With gamma 0 one best path remains. With a band of 0 frames there is one path, the diagonal, and the
mean cost is the frame-wise one for every gamma.

Pairs outside the band are not stored: memory grows with the length times the width of the band.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDING = 1e-9  # frames, at the edge of the band

Index = NDArray[np.int64]
Table = NDArray[np.float64]  # (n, width): column c of row i is the pair (i, starts[i] + c)
Cost = Callable[[Index, Index], NDArray[np.float64]]  # of pairs of rows and columns, not negative


@dataclass(frozen=True)
class Alignment:
    """How two sequences lie on each other; rows are the real one, columns the generated one."""

    total: float  # R of the last pair; inf where the band lets no path through
    costs: Table  # inf outside the band
    expected: Table  # 0..1
    lags: Table  # frames by which the column is later than the row
    starts: Index  # (n,) first column of each row in the band

    @property
    def mean_cost(self) -> float:
        """The mean cost of a pair on the way, in the unit of the costs."""
        return self._mean(np.where(np.isfinite(self.costs), self.costs, 0))

    @property
    def num_pairs(self) -> float:
        """How many pairs a path has, on average."""
        return float(self.expected.sum())

    @property
    def lag(self) -> float:
        """By how many frames the generated sequence is late."""
        return self._mean(self.lags)

    @property
    def absolute_lag(self) -> float:
        """By how many frames it is off, early or late."""
        return self._mean(np.abs(self.lags))

    @property
    def reach(self) -> float:
        """The smallest band, in frames, that holds 95 % of the expected pairs."""
        order = np.argsort(np.abs(self.lags), axis=None)
        held = np.cumsum(self.expected.ravel()[order])
        enough = int(np.argmax(held >= 0.95 * held[-1]))
        return float(np.abs(self.lags).ravel()[order[enough]])

    def matrix(self, num_columns: int) -> NDArray[np.float64]:
        """Return the expected alignment as a full matrix (n, num_columns)."""
        full = np.zeros((len(self.starts), num_columns))
        rows, offsets = np.nonzero(np.isfinite(self.costs))
        full[rows, self.starts[rows] + offsets] = self.expected[rows, offsets]
        return full

    def _mean(self, values: Table) -> float:
        if not self.num_pairs:
            return float("nan")
        return float((self.expected * values).sum() / self.num_pairs)


def align(
    cost: Cost,
    row_times: NDArray[np.floating],
    column_times: NDArray[np.floating],
    *,
    gamma: float,
    band: float | None = None,
) -> Alignment:
    """Return how two sequences align.

    Args:
        cost: gives the cost of pairs from their rows and columns.
        row_times: time of each row in frames, ascending (n,); gaps stand for dropped frames.
        column_times: time of each column (m,).
        gamma: softness in the unit of the cost; 0 for the one best path.
        band: how far in time a pair may be apart; None for any.
    """
    radius = np.inf if band is None else band + ROUNDING
    starts = np.searchsorted(column_times, row_times - radius, side="left")
    stops = np.searchsorted(column_times, row_times + radius, side="right")
    width = int((stops - starts).max(initial=0))
    costs, lags = np.full((len(starts), width), np.inf), np.zeros((len(starts), width))
    for offset in range(width):
        rows = np.flatnonzero(starts + offset < stops)
        columns = starts[rows] + offset
        costs[rows, offset] = cost(rows, columns)
        lags[rows, offset] = column_times[columns] - row_times[rows]
    grid = _Grid(starts, stops, len(column_times), costs)
    reached = grid.forward(gamma)
    total = float(grid.at(reached, *grid.last, outside=np.inf)[0])
    if not np.isfinite(total):
        expected = np.zeros_like(costs)
    elif gamma:
        expected = grid.backward(reached, gamma)
    else:
        expected = grid.best_path(reached)
    return Alignment(total, costs, expected, lags, starts)


def paced(num_rows: int, num_columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times of rows and columns of two sequences that start and end together."""
    return np.linspace(0, num_columns - 1, num_rows), np.arange(num_columns, dtype=np.float64)


class _Grid:
    """The pairs in the band, walked by antidiagonals: pairs on one do not depend on each other."""

    def __init__(self, starts: Index, stops: Index, num_columns: int, costs: Table) -> None:
        self._starts, self._stops, self._costs = starts, stops, costs
        self._num_columns = num_columns

    @property
    def last(self) -> tuple[Index, Index]:
        """Row and column of the last pair."""
        return np.array([len(self._starts) - 1]), np.array([self._num_columns - 1])

    def at(self, table: Table, rows: Index, columns: Index, outside: float) -> NDArray[np.float64]:
        """Return the values of a table at pairs, and `outside` beyond the band."""
        values = np.full(len(rows), outside, dtype=np.float64)
        inside = (rows >= 0) & (rows < len(self._starts))
        inside[inside] = (columns[inside] >= self._starts[rows[inside]]) & (
            columns[inside] < self._stops[rows[inside]]
        )
        rows = rows[inside]
        values[inside] = table[rows, columns[inside] - self._starts[rows]]
        return values

    def forward(self, gamma: float) -> Table:
        """Return R of every pair."""
        reached = np.full_like(self._costs, np.inf)
        for rows, columns in self._diagonals():
            before = np.stack(
                [
                    self.at(reached, rows - 1, columns - 1, np.inf),
                    self.at(reached, rows - 1, columns, np.inf),
                    self.at(reached, rows, columns - 1, np.inf),
                ]
            )
            before[0, (rows == 0) & (columns == 0)] = 0
            offsets = columns - self._starts[rows]
            reached[rows, offsets] = self._costs[rows, offsets] + _soft_minimum(before, gamma)
        return reached

    def backward(self, reached: Table, gamma: float) -> Table:
        """Return E of every pair: what flows back from the last one, shared out by the softmin."""
        expected = np.zeros_like(self._costs)
        softmin = np.full_like(reached, -np.inf)  # by which each pair was reached
        np.subtract(reached, self._costs, where=np.isfinite(reached), out=softmin)
        last_row, last_column = self.last
        for rows, columns in reversed(list(self._diagonals())):
            offsets = columns - self._starts[rows]
            here = reached[rows, offsets]
            flow = ((rows == last_row) & (columns == last_column)).astype(np.float64)
            for row, column in ((rows + 1, columns + 1), (rows + 1, columns), (rows, columns + 1)):
                share = np.exp((self.at(softmin, row, column, -np.inf) - here) / gamma)
                flow += share * self.at(expected, row, column, 0.0)
            expected[rows, offsets] = flow
        return expected

    def best_path(self, reached: Table) -> Table:
        """Return 1 for each pair of the best path; at ties the diagonal, then the row before."""
        expected = np.zeros_like(self._costs)
        row, column = len(self._starts) - 1, self._num_columns - 1
        while row or column:
            expected[row, column - self._starts[row]] = 1
            rows = np.array([row - 1, row - 1, row])
            columns = np.array([column - 1, column, column - 1])
            best = self.at(reached, rows, columns, np.inf).argmin()
            row, column = int(rows[best]), int(columns[best])
        expected[0, -self._starts[0]] = 1
        return expected

    def _diagonals(self) -> Iterator[tuple[Index, Index]]:
        """Yield the rows and columns of the pairs on each antidiagonal that has any."""
        index = np.arange(len(self._starts))
        # Both sums grow from row to row, so the rows on a diagonal are a range.
        first_of_row, end_of_row = index + self._starts, index + self._stops
        for diagonal in range(len(index) + self._num_columns - 1):
            first = int(end_of_row.searchsorted(diagonal, side="right"))
            stop = int(first_of_row.searchsorted(diagonal, side="right"))
            if first < stop:
                rows = index[first:stop]
                yield rows, diagonal - rows


def _soft_minimum(values: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    """Return ``-gamma log sum exp(-x / gamma)`` over the first axis; the minimum for gamma 0."""
    least: NDArray[np.float64] = values.min(axis=0)
    if gamma:
        known = np.isfinite(least)
        shares = np.exp(-(values[:, known] - least[known]) / gamma)
        least[known] -= gamma * np.log(shares.sum(axis=0))
    return least
