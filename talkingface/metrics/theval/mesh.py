"""The points of the face that THEval reads, in MediaPipe's mesh and, as a stand-in, in 68 points.

Left is the person's left, on the right of the picture.
"""

from dataclasses import dataclass, replace

import numpy as np

from talkingface.metrics.base import Reading, View

Indices = tuple[int, ...]

# fmt: off
LEFT_BROW = (276, 282, 283, 285, 293, 295, 296, 300, 334, 336)
RIGHT_BROW = (46, 52, 53, 55, 63, 65, 66, 70, 105, 107)
LEFT_EYE = (249, 263, 362, 373, 374, 380, 381, 382, 384, 385, 386, 387, 388, 390, 398, 466)
RIGHT_EYE = (7, 33, 133, 144, 145, 153, 154, 155, 157, 158, 159, 160, 161, 163, 173, 246)
LIPS = (
    0, 13, 14, 17, 37, 39, 40, 61, 78, 80, 81, 82, 84, 87, 88, 91, 95, 146, 178, 181, 185, 191,
    267, 269, 270, 291, 308, 310, 311, 312, 314, 317, 318, 321, 324, 375, 402, 405, 409, 415,
)
UPPER_INNER_LIP = (191, 80, 81, 82, 13, 312, 311, 310)
LOWER_INNER_LIP = (95, 88, 178, 87, 14, 317, 402, 318)  # each below its like in the upper lip
# fmt: on


@dataclass(frozen=True)
class FacePoints:
    """Which points of a reading are what.

    A mesh is read in shares of the frame's width and height, landmarks are read in pixels.
    """

    reading: str
    left_brow: Indices
    right_brow: Indices
    left_eye: Indices
    right_eye: Indices
    left_eye_corners: Indices  # inner, outer
    right_eye_corners: Indices  # inner, outer
    lips: Indices
    upper_inner_lip: Indices
    lower_inner_lip: Indices
    in_shares: bool = True

    def shares(self, view: View) -> Reading:
        """Return the points (T, N, 2) in shares of the frames' width and height."""
        points = view.read(self.reading)
        if self.in_shares:
            return points
        height, width = view.frames.shape[1:3]
        return points / np.array([width, height], dtype=np.float64)


MESH = FacePoints(
    "mesh",
    LEFT_BROW,
    RIGHT_BROW,
    LEFT_EYE,
    RIGHT_EYE,
    left_eye_corners=(362, 263),
    right_eye_corners=(133, 33),
    lips=LIPS,
    upper_inner_lip=UPPER_INNER_LIP,
    lower_inner_lip=LOWER_INNER_LIP,
)
MESH_OF_SQUARE = replace(MESH, reading="mesh_of_square")
MESH_OF_SWAPPED = replace(MESH, reading="mesh_of_swapped")
LANDMARKS = FacePoints(
    "landmarks",
    left_brow=tuple(range(22, 27)),
    right_brow=tuple(range(17, 22)),
    left_eye=tuple(range(42, 48)),
    right_eye=tuple(range(36, 42)),
    left_eye_corners=(42, 45),
    right_eye_corners=(39, 36),
    lips=tuple(range(48, 68)),
    upper_inner_lip=(61, 62, 63),
    lower_inner_lip=(67, 66, 65),
    in_shares=False,
)
