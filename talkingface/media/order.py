"""Pictures of a video in another order than its own."""

from collections.abc import Iterator, Sequence

from talkingface.clip import Frames, Picture

WINDOW = 16  # pictures that are shown of one reading


def in_order(frames: Frames, places: Sequence[int]) -> Iterator[Picture]:
    """Yield the pictures at `places`; neighbours are read together, and few are held at a time."""
    for start in range(0, len(places), WINDOW):
        part = [int(place) for place in places[start : start + WINDOW]]
        first = min(part)
        pictures = frames.read(first, max(part) + 1)
        yield from (pictures[place - first] for place in part)
