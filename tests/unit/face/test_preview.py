"""The picture that shows what was found."""

import numpy as np

from talkingface.face.align.crop import RectangleCrop
from talkingface.face.landmarks import Box, Face
from talkingface.face.preview import BOX_COLOUR, CROP_COLOUR, POINT_COLOUR, preview

GREY = np.full((200, 300, 3), 90, np.uint8)


def test_box_points_and_crop_are_drawn_where_they_are_and_the_crop_stands_beside():
    points = np.full((68, 2), 60, np.float32)
    points[30] = (120, 90)
    face = Face(Box(80, 70, 160, 150), points, "drawn")
    shown = preview(GREY, face, RectangleCrop(50, 40, 190, 180, 64))
    assert shown.shape == (200, 364, 3)
    # lines are softened at their edges
    np.testing.assert_allclose(shown[90, 120], POINT_COLOUR, atol=20)
    np.testing.assert_allclose(shown[100, 80], BOX_COLOUR, atol=20)
    outline = shown[100, 49].astype(int) + shown[100, 50]  # on the line between two pixels
    assert np.argmax(outline) == np.argmax(CROP_COLOUR)
    assert (shown[:64, 300:] == 90).all()  # cut before anything was drawn
    assert (shown[64:, 300:] == 0).all()
    assert (GREY == 90).all()
