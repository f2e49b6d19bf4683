"""Looks at what a visitor has given before anything is computed with it."""

from talkingface.media import MediaLimits, open_frames, open_speech, read_picture
from talkingface.media.image import PICTURE_SUFFIXES
from talkingface.web.wish import Wish

LONGEST_SECONDS = 60.0
LARGEST_MB = 50  # of one file
LIMITS = MediaLimits(seconds=LONGEST_SECONDS, frames=int(LONGEST_SECONDS * 120))


def check_uploads(wish: Wish) -> None:
    """Refuse what cannot be read, or is larger than a page takes.

    Raises:
        DataError: It says which file, and what to do.
    """
    if wish.portrait is not None and wish.offer.needs_portrait:
        read_picture(wish.portrait, LIMITS)
    _ = open_speech(wish.speech, LIMITS).seconds  # which decodes it
    for driver in wish.drivers.values():
        if driver.suffix.lower() in PICTURE_SUFFIXES:
            read_picture(driver, LIMITS)
        else:
            open_frames(driver, limits=LIMITS)
