"""CSIM: whether the generated face is that person's, as the cosine of identity embeddings."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import (
    Compared,
    FrameMean,
    MetricUnavailableError,
    Networks,
    Pair,
    Reading,
    View,
)

Embed = Callable[[View], Reading]  # a view to embeddings (T, D), nan where no face was found


def cosine(one: NDArray[np.floating], other: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the cosine of the angle between embeddings (..., D), in -1..1.

    >>> cosine(np.array([1.0, 0.0]), np.array([3.0, 3.0])).round(6).item()
    0.707107
    """
    one, other = one.astype(np.float64), other.astype(np.float64)
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    likeness: NDArray[np.float64] = (one * other).sum(axis=-1) / lengths
    return likeness


class CSIM(FrameMean):
    """Mean likeness of the generated frames to the portrait that gave the identity."""

    compares: ClassVar[Compared] = "nothing"
    settings: ClassVar = {"network": "ArcFace", "crop": "5 points, 112 px", "against": "portrait"}
    bounds = (-1.0, 1.0)
    weights = ("arcface",)

    def __init__(self, embed: Embed) -> None:
        super().__init__()
        self._embed = embed

    @classmethod
    def from_networks(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric with ArcFace."""
        from talkingface.metrics.arcface import IdentityEmbedder

        return partial(cls, IdentityEmbedder.shared(networks, *cls.weights))

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the likeness of each frame of the window.

        Raises:
            MetricUnavailableError: nobody said which picture the identity came from.
        """
        if pair.clip.portrait is None:
            raise MetricUnavailableError(
                "CSIM compares with the portrait, and this clip names none. Choose CSIM_frame."
            )
        return cosine(self._embed(pair.generated), self._embed(pair.clip.portrait))


class CSIMFrame(CSIM):
    """Mean likeness of each generated frame to the same frame of the real clip."""

    compares = "pictures"
    settings: ClassVar = {**CSIM.settings, "against": "the same real frame"}

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the likeness of each frame of the window."""
        return cosine(self._embed(pair.generated), self._embed(pair.reference))
