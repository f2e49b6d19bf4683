"""Loads the published networks that scores need."""

from typing import TypeVar

import torch
from torch import nn

from talkingface.metrics.base import StateDict
from talkingface.storage.fitting import load_into

Network = TypeVar("Network", bound=nn.Module)


def load_published(network: Network, tensors: StateDict, source: str) -> Network:
    """Return `network` with published weights, strictly, ready to score.

    Files saved before PyTorch counted batches lack the counts; no result depends on them.

    Raises:
        CheckpointError: names or shapes are not those of the network.
    """
    counts = {
        name: torch.zeros((), dtype=torch.int64)
        for name in network.state_dict()
        if name.endswith(".num_batches_tracked")
    }
    load_into(network, counts | dict(tensors), source=source)
    return network.eval()
