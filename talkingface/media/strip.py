"""Strips: pictures side by side, such as reference | generated | pose source | original."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import cv2
import numpy as np

from talkingface.clip import Picture
from talkingface.errors import DataError

Panel = Picture | Iterable[Picture]  # a still picture, (H, W, 3), or moving ones


@dataclass(frozen=True)
class Panels:
    """What is shown beside a generated video, by the names of the files that keep it.

    Attributes:
        shown: from left to right; None stands for the generated video.
        pictures: single pictures that are kept too.
        strip: name of the video that shows all panels side by side, with sound.
    """

    shown: Mapping[str, Panel | None]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    strip: str = "side_by_side"


def side_by_side(panels: Sequence[Panel], height_px: int) -> Iterator[Picture]:
    """Yield one wide picture for each moment, with every panel scaled to one height.

    The strip lasts as long as its longest panel. A panel that ends before the others stays on its
    last picture, and so does a still one. Every panel is read once, while the strip is.

    Raises:
        DataError: a panel has no pictures.
    """
    moving = [pictures_of(panel) for panel in panels]
    shown: list[Picture | None] = [None] * len(panels)
    while True:
        following = [next(pictures, None) for pictures in moving]
        if all(picture is None for picture in following):
            return
        shown = [
            _scaled(new, height_px) if new is not None else old
            for new, old in zip(following, shown, strict=True)
        ]
        without = [index for index, picture in enumerate(shown) if picture is None]
        if without:
            raise DataError(f"Panel {without[0]} of the strip has no pictures. Leave it out.")
        yield joined([picture for picture in shown if picture is not None], height_px)


def joined(pictures: Sequence[Picture], height_px: int) -> Picture:
    """Return pictures, (H, W, 3) each, as one wide picture, all scaled to one height."""
    return np.concatenate([_scaled(picture, height_px) for picture in pictures], axis=1)


def pictures_of(panel: Panel) -> Iterator[Picture]:
    """Yield the pictures of a panel, one where it is still."""
    if isinstance(panel, np.ndarray) and panel.ndim == 3:
        return iter([cast("Picture", panel)])
    return iter(panel)


def _scaled(picture: Picture, height_px: int) -> Picture:
    height, width = picture.shape[:2]
    if height == height_px:
        return picture
    size = (max(1, round(width * height_px / height)), height_px)
    # Averaging over the area keeps a shrunken picture free of moire; it cannot enlarge.
    method = cv2.INTER_AREA if height_px < height else cv2.INTER_CUBIC
    return cast("Picture", cv2.resize(picture, size, interpolation=method))
