"""The arrays of SynthTalk, by what they hold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]  # points, factors, light: real numbers
Number = float | np.floating[Any] | Array
Canvas = NDArray[np.uint8]  # (S, S, 3) RGB
Mask = NDArray[np.uint8]  # (S, S), 255 is inside
