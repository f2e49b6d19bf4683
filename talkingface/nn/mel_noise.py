"""A little noise on what is heard in training, so that nothing hangs on a single number of it."""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor


def with_noise(
    batch: Mapping[str, Tensor], heard: Iterable[str], deviation: float
) -> Mapping[str, Tensor]:
    """Return a batch with noise on its spectrograms; without noise, as it is.

    Args:
        batch: tensors by name.
        heard: names of spectrograms, those that are not in the batch left out.
        deviation: of the noise.
    """
    if not deviation:
        return batch
    mels = {name: batch[name] for name in heard if name in batch}
    return {**batch} | {name: mel + deviation * torch.randn_like(mel) for name, mel in mels.items()}
