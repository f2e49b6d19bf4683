"""How much of a picture a method sees, and the crops that show as much."""

from collections.abc import Sequence
from typing import Literal

from talkingface.face.align.crop import Crop, nested
from talkingface.face.align.head_and_shoulders import fixed_crop
from talkingface.face.align.level_eyes import level_eye_crops
from talkingface.face.align.network_view import network_view
from talkingface.face.points import Points

View = Literal["face", "head", "whole"]
"""`face`: a level face that fills the picture; `head`: head and shoulders; `whole`: anything."""


def view_crops(points: Points, view: View) -> Sequence[Crop]:
    """Return the crops that show a view, one for each frame of landmarks (T, 68, 2).

    A whole picture is never cut.
    """
    assert view != "whole", "a method that sees whole pictures asks for no crop"
    if view == "head":
        return [fixed_crop(points)] * len(points)  # still for a clip, so that the head moves
    return [nested(crop, network_view()) for crop in level_eye_crops(points)]
