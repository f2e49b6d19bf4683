"""dlib's gradient-histogram detector and its regression trees: offline, on any CPU, the default.

The 68-point model is a data file of the package `face_recognition_models`, read by path: the
package itself cannot be imported beside a recent setuptools. It was trained on iBUG 300-W, whose
licence is commonly stated as non-commercial.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from talkingface.clip import Picture
from talkingface.errors import PluginError
from talkingface.face.landmarks.face import Box, Face
from talkingface.face.points import NUM_POINTS
from talkingface.storage.packaged import packaged_file

NAME = "dlib"
MODEL_PACKAGE = "face_recognition_models"
MODEL_FILE = "models/shape_predictor_68_face_landmarks.dat"
QUICK_PX = 640  # longest side that is searched first
LARGEST_PX = 1920  # longest side that is searched at all
LEAST_SCORE = 0.15  # badges and helmets reach 0.12, upright faces 0.3 and more


@dataclass(frozen=True)
class DlibFinder:
    """Finds upright faces of at least 80 px, or 40 px in pictures of up to 640.

    The search begins with large faces and ends where it finds some, so a face much smaller than
    another one in the picture may go unseen.
    """

    detector: Any
    predictor: Any
    name: str = NAME

    def find(self, picture: Picture) -> list[Face]:
        """Return the faces in `picture` (H, W, 3)."""
        picture = np.ascontiguousarray(picture)
        return [self._face(picture, box) for box in self._boxes(picture)]

    def _boxes(self, picture: Picture) -> list[Box]:
        """Search small first: most faces are large, and a search costs what its pixels cost."""
        longest = max(picture.shape[:2])
        for longest_px, doublings in ((QUICK_PX, 0), (QUICK_PX, 1), (LARGEST_PX, 0)):
            scale = min(1.0, longest_px / longest)
            found, _, _ = self.detector.run(_resized(picture, scale), doublings, LEAST_SCORE)
            if found:
                return [_box(rectangle, scale) for rectangle in found]
            if scale == 1.0 and doublings:
                break  # larger than this the picture is not
        return []

    def _face(self, picture: Picture, box: Box) -> Face:
        import dlib

        left, top, right, bottom = (round(edge) for edge in box)
        shape = self.predictor(picture, dlib.rectangle(left, top, right - 1, bottom - 1))
        points = [(shape.part(index).x, shape.part(index).y) for index in range(NUM_POINTS)]
        return Face(box, np.array(points, dtype=np.float32), NAME)


def open_finder() -> DlibFinder:
    """Return the finder with its detector and model loaded."""
    try:
        import dlib  # noqa: F401
    except ImportError as error:
        raise PluginError(
            "The landmark back end 'dlib' needs the package dlib. "
            "Install it with: pip install dlib-bin"
        ) from error
    return _loaded(model_file())


@cache
def _loaded(model: Path) -> DlibFinder:
    """Return what serves all of the process: it takes most of a second, and 80 MB."""
    import dlib

    return DlibFinder(dlib.get_frontal_face_detector(), dlib.shape_predictor(str(model)))


def model_file() -> Path:
    """Return the file of the 68-point model.

    Raises:
        PluginError: its package is not installed.
    """
    path = packaged_file(MODEL_PACKAGE, MODEL_FILE)
    if path is None:
        raise PluginError(
            "The landmark back end 'dlib' needs its 68-point model. "
            f"Install it with: pip install {MODEL_PACKAGE}"
        )
    return path


def _resized(picture: Picture, scale: float) -> Picture:
    if scale == 1.0:
        return picture
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _box(rectangle: Any, scale: float) -> Box:  # noqa: ANN401 - dlib has no types
    left, top = rectangle.left(), rectangle.top()
    right, bottom = rectangle.right() + 1, rectangle.bottom() + 1
    return Box(left / scale, top / scale, right / scale, bottom / scale)
