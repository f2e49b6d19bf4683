"""What a training leaves in its file: what generating needs, demo weights at half the size."""

import torch

from talkingface.engine.training import for_generating, halved

TENSORS = {
    "network.generator.weight": torch.tensor([1 / 3]),
    "learning.people.weight": torch.tensor([2.0]),
    "learning_rate": torch.tensor([3.0]),
    "network.norm.num_batches_tracked": torch.tensor(70_000),
}


def test_what_training_alone_needs_is_left_out() -> None:
    kept = for_generating(TENSORS, ("learning.*",))
    assert set(kept) == set(TENSORS) - {"learning.people.weight"}
    assert for_generating(TENSORS, ()) == TENSORS


def test_numbers_are_halved_and_counts_are_not() -> None:
    half = halved(TENSORS)
    assert half["network.generator.weight"].dtype == torch.float16
    assert abs(half["network.generator.weight"].item() - 1 / 3) < 2**-12 / 3  # it has 11 bits
    assert half["network.norm.num_batches_tracked"].item() == 70_000  # beyond float16
