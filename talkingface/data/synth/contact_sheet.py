"""A picture that shows many clips at a glance."""

from collections.abc import Sequence

import numpy as np

from talkingface.clip import Clip, Picture


def contact_sheet(clips: Sequence[Clip], rows: int = 12, columns: int = 10) -> Picture:
    """Return a picture of up to `rows` clips, one below the other, at `columns` moments each."""
    chosen = [clips[index] for index in np.unique(np.linspace(0, len(clips) - 1, rows).astype(int))]
    return np.concatenate([_strip(clip, columns) for clip in chosen])


def _strip(clip: Clip, columns: int) -> Picture:
    assert clip.frames is not None
    moments = np.linspace(0, len(clip.frames) - 1, columns).astype(int)
    pictures = [clip.frames.read(int(moment), int(moment) + 1)[0] for moment in moments]
    return np.concatenate(pictures, axis=1)
