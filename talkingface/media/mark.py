"""Writes into pictures, for all to see, that nobody filmed them."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from talkingface.clip import Picture

TEXT = "synthetic"
WIDTH_SHARE = 0.25  # of the picture; legible from 112 px on
FONT = cv2.FONT_HERSHEY_SIMPLEX
SHADE = 0.45  # what is left of the picture below the text


def marked(pictures: Iterable[Picture], text: str = TEXT) -> Iterator[Picture]:
    """Yield pictures, (H, W, 3) uint8 RGB each, with `text` on a shade in the lower left corner."""
    for picture in pictures:
        yield _marked(picture, text)


def _marked(picture: Picture, text: str) -> Picture:
    height, width = picture.shape[:2]
    (unit_width, _), _ = cv2.getTextSize(text, FONT, 1.0, 1)
    scale = max(0.3, WIDTH_SHARE * width / unit_width)  # below, letters are no letters
    (text_width, text_height), below = cv2.getTextSize(text, FONT, scale, 1)
    margin = max(2, text_height // 2)
    top = max(0, height - text_height - below - 2 * margin)
    shown = picture.copy()
    field = shown[top:, : text_width + 2 * margin]
    field[:] = (SHADE * field).astype(np.uint8)
    place = (margin, height - below - margin)
    cv2.putText(shown, text, place, FONT, scale, (255, 255, 255), 1, cv2.LINE_AA)
    return shown
