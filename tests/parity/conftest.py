"""What the parity tests share: the numbers that the goldens' inputs are made from."""

import zlib
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

Normal = Callable[[str, Sequence[int]], NDArray[np.float32]]


@pytest.fixture(scope="session")
def normal() -> Normal:
    """Return the function from a name and a shape to standard normal numbers, always the same."""

    def draw(name: str, shape: Sequence[int]) -> NDArray[np.float32]:
        stream = np.random.RandomState(zlib.crc32(name.encode()))
        return stream.standard_normal(size=tuple(shape)).astype(np.float32)

    return draw
