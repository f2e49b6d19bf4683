"""What the authors' program leaves beside a generated video: what went in, and the way through."""

from collections.abc import Callable, Iterator, Mapping
from itertools import tee

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Picture
from talkingface.job import Job
from talkingface.media.strip import Panel, Panels
from talkingface.models.rhythmic_head_motion.drawing import Drawn
from talkingface.models.rhythmic_head_motion.sitting import Sitter
from talkingface.nn.pictures import to_pictures

Shown = Callable[[Drawn], Tensor | None]  # (T, 3 or 1, S, S), or nothing

# From left to right, as theirs; what a method has not is left out.
BEFORE: Mapping[str, Shown] = {"target_label": lambda drawn: drawn.label}
AFTER: Mapping[str, Shown] = {
    "raw": lambda drawn: drawn.composed.raw,
    "warped_reference": lambda drawn: _warped(drawn, "reference", "picture"),
    "reference_mask": lambda drawn: _warped(drawn, "reference", "mask"),
    "warped_ani": lambda drawn: _warped(drawn, "ani", "picture"),
    "ani_mask": lambda drawn: _warped(drawn, "ani", "mask"),
}


def panels_of(job: Job, sitter: Sitter, drawn: Iterator[Drawn]) -> Panels:
    """Return the drawings, the true frames where there are some, and what the generator did.

    Args:
        job: what is generated.
        sitter: who is drawn.
        drawn: its frames, once more. All panels follow them side by side.
    """
    first = next(drawn)
    names = [name for name, shown in {**BEFORE, **AFTER}.items() if shown(first) is not None]
    copies = dict(zip(names, tee(_from(first, drawn), len(names)), strict=True))
    moving = {name: _pictures(copies[name], {**BEFORE, **AFTER}[name]) for name in names}
    shown: dict[str, Panel | None] = {name: moving[name] for name in BEFORE}
    if job.speaker is not None:
        shown["target"] = job.speaker
    shown["synthesized"] = None
    shown |= {name: moving[name] for name in AFTER if name in moving}
    references = {f"ref_{index}": one.picture for index, one in enumerate(sitter.references)}
    return Panels(shown, references, strip="test")


def _warped(drawn: Drawn, source: str, part: str) -> Tensor | None:
    for name, one in drawn.composed.warped.items():
        if name == source:
            found: Tensor = getattr(one, part)
            return found
    return None


def _from(first: Drawn, others: Iterator[Drawn]) -> Iterator[Drawn]:
    yield first
    yield from others


def _pictures(drawn: Iterator[Drawn], shown: Shown) -> Iterator[Picture]:
    for one in drawn:
        frames = shown(one)
        assert frames is not None, "what the first frames have, all have"
        yield from _as_pictures(frames)


def _as_pictures(frames: Tensor) -> NDArray[np.uint8]:
    """Return frames (T, 3 or 1, S, S) as pictures; one channel from 0 to 1 begins at grey."""
    return to_pictures(frames.expand(-1, 3, -1, -1))
