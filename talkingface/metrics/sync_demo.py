"""Lip sync by the SyncNet that comes with the toolkit: small, and learned from drawn faces alone.

It needs no download, and tells whether a method that makes drawn faces keeps time; of filmed faces
it says nothing. What it gives is called `sync_demo_...` and is no LSE-D, LSE-C or offset: other
weights give other distances.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar, Self

from talkingface.config.locations import demo_weights
from talkingface.metrics.base import MetricUnavailableError, Networks, Pair
from talkingface.metrics.lip_sync import LSEC, LSED, HeardVideo, SyncOffset
from talkingface.metrics.sync_embedding import SyncNetEmbedder
from talkingface.metrics.syncnet import SyncNet
from talkingface.storage.fitting import load_into
from talkingface.storage.weights import read_weights

MODEL = "SyncNet"


def own_embedder(device: str = "cpu", file: Path | None = None) -> SyncNetEmbedder:
    """Return the SyncNet in a file that `train` has written; by default the demo weights.

    Raises:
        CheckpointError: the file is absent, or holds another model.
    """
    path = file or demo_weights(MODEL)
    weights = read_weights(path, model=MODEL)
    network = SyncNet(**weights.header.architecture)
    own = {name.removeprefix("network."): tensor for name, tensor in weights.tensors.items()}
    load_into(network, own, source=str(path))
    return SyncNetEmbedder(network.eval(), device)


class ByDemoWeights(HeardVideo):
    """Hears and sees with the toolkit's own SyncNet."""

    settings: ClassVar = {
        **HeardVideo.settings,
        "crop": "none: frames squeezed to 112 px",
        "network": "SyncNet at 112 px, 6/32 as wide",
    }
    weights = ()
    own_weights: ClassVar[tuple[str, ...]] = (MODEL,)

    @classmethod
    def from_networks(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric with the demo weights."""
        embedder = networks.once(ByDemoWeights, lambda: own_embedder(networks.device))
        return partial(cls, embedder)

    def update(self, pair: Pair) -> None:
        """Take in the next window.

        Raises:
            MetricUnavailableError: the clip is filmed, has no sound, or not 25 frames a second.
        """
        if not pair.clip.drawn:
            raise MetricUnavailableError(
                "The SyncNet that comes with the toolkit knows drawn faces alone, and these are "
                "filmed. Score them with sync, after download syncnet; if they are drawn, write "
                "--evaluate.readers=drawn."
            )
        super().update(pair)


class DemoDistance(ByDemoWeights, LSED):
    """Distance between sound and video at the best offset."""


class DemoConfidence(ByDemoWeights, LSEC):
    """How much clearer the best offset is than the others."""


class DemoOffset(ByDemoWeights, SyncOffset):
    """By how many frames the sound is late or early; 0 is best."""
