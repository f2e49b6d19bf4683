"""A photograph whose face moves.

Mesh and surroundings say where each pixel is in the photograph, and are joined before it is read.
So where both meet nothing is cut or laid over another: the photograph is stretched a little.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.mesh.canvas import ZBuffer
from talkingface.face.mesh.lining import Lining
from talkingface.face.mesh.mouth import ROWS, lip_edges, mouth_places
from talkingface.face.mesh.portrait import PortraitMesh
from talkingface.face.mesh.surroundings import Surroundings

Array = NDArray[np.float64]
Field = NDArray[np.float32]

JOINED = 0.07  # widths of the face, inward from where it ends, in which mesh and rest are joined
LEAP_PX = 2.5  # from pixel to pixel: farther apart than any stretched skin


class Photograph:
    """A picture (H, W, 3), whose face has landmarks (68, 3) in its pixels."""

    def __init__(self, picture: Picture, landmarks: NDArray[np.floating]) -> None:
        self._picture, self._mesh = picture, PortraitMesh.of(picture, landmarks)
        height, width = picture.shape[:2]
        outline = self._mesh.outline(self._mesh.front, self._mesh.motion)
        self._surroundings = Surroundings((height, width), outline)
        self._joined_px = max(1, round(JOINED * float(np.ptp(outline[:, 0]))))
        rows = self._mesh.mouth.texture_coordinates.reshape(ROWS, -1, 2)
        self._lining = Lining.of(picture, landmarks, rows[[0, -1]])
        self._mouth = replace(self._mesh.mouth, texture_coordinates=mouth_places())

    def drawn(self, front: NDArray[np.floating], motion: Array) -> Picture:
        """Return it with frontal landmarks (68, 3), turned and shifted by a motion (6,)."""
        around = self._surroundings.around(self._mesh.outline(front, motion))  # (h, w, 2)
        left, top = self._surroundings.corner
        height, width = around.shape[:2]
        nearness, corner = ZBuffer(height, width), np.array([left, top, 0])
        skin, mouth = (part - corner for part in self._mesh.posed_vertices(front, motion))
        of_skin, of_mouth = nearness.add(skin, self._mesh.skin), nearness.add(mouth, self._mouth)

        face = around.copy()
        places = face.reshape(-1, 2)
        places[of_skin.pixels] = np.column_stack([of_skin.texture_x, of_skin.texture_y])
        places[of_mouth.pixels] = self._lining.behind(of_mouth)
        joined = around + self._inward(nearness.covered)[..., None] * (face - around)
        moved = _read(self._picture, joined)
        upper, lower = lip_edges(front)
        self._lining.lay(moved, of_mouth, np.linalg.norm(lower - upper, axis=1))

        drawn = self._picture.copy()
        drawn[top : top + height, left : left + width] = moved
        return drawn

    def _inward(self, covered: NDArray[np.bool_]) -> Field:
        """Return 0 where `covered` (H, W) ends, rising to 1 within it."""
        side = 2 * self._joined_px + 1
        near = cv2.blur(covered.astype(np.float32), (side, side), borderType=cv2.BORDER_REPLICATE)
        return np.asarray((2 * near - 1).clip(0, 1), dtype=np.float32)


def _read(photograph: Picture, places: Field) -> Picture:
    """Return what a photograph shows at places (H, W, 2) px.

    Where neighbours lie far apart in it, as lips do that have met, they are drawn softly.
    """
    x, y = np.moveaxis(places, 2, 0)
    shown = cv2.remap(photograph, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    leaps = np.zeros(places.shape, dtype=np.float32)
    leaps[1:] = cv2.absdiff(places[1:], places[:-1])
    leaps[:, 1:] = np.maximum(leaps[:, 1:], cv2.absdiff(places[:, 1:], places[:, :-1]))
    farthest = cv2.dilate(np.maximum(leaps[..., 0], leaps[..., 1]), np.ones((3, 3)))
    torn = farthest > LEAP_PX
    softly = (farthest[torn, None] - LEAP_PX).clip(0, 1)
    sharp, blurred = shown[torn], cv2.GaussianBlur(shown, (3, 3), 0)[torn]
    shown[torn] = np.rint(softly * blurred + (1 - softly) * sharp)
    return np.asarray(shown, dtype=np.uint8)
