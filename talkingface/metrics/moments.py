"""Mean and covariance of rows that come a window at a time.

Kept as a count, a mean and summed products of deviations, joined by the rule of Chan et al. (1979):
the result does not depend on the windows, and no difference of large sums is taken.
"""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]  # (N, D)


class Moments:
    """The moments of all rows (N, D) taken in so far."""

    def __init__(self) -> None:
        self.count = 0
        self.mean: NDArray[np.float64] = np.zeros(0)  # (D,)
        self._products: NDArray[np.float64] = np.zeros((0, 0))  # (D, D)

    def update(self, rows: Rows) -> None:
        """Take in `rows`."""
        if not len(rows):
            return
        new = Moments()
        new.count = len(rows)
        new.mean = rows.mean(axis=0, dtype=np.float64)
        deviations = rows - new.mean
        new._products = deviations.T @ deviations
        self.merge(new)

    def merge(self, other: "Moments") -> None:
        """Take in all rows that `other` has taken in."""
        if not self.count:
            self.count, self.mean, self._products = other.count, other.mean, other._products
            return
        if not other.count:
            return
        total = self.count + other.count
        apart = other.mean - self.mean
        weight = self.count * other.count / total
        self._products = self._products + other._products + weight * np.outer(apart, apart)
        self.mean = self.mean + apart * (other.count / total)
        self.count = total

    def covariance(self, ddof: int = 0) -> NDArray[np.float64]:
        """Return the covariance (D, D), divided by the number of rows less `ddof`."""
        return self._products / (self.count - ddof)

    def deviation(self) -> NDArray[np.float64]:
        """Return the standard deviation of each column (D,), that of a population."""
        return np.sqrt(np.diag(self._products) / self.count)
