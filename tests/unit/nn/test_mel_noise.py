"""Noise is on what is heard and on nothing else."""

import torch

from talkingface.nn.mel_noise import with_noise


def test_noise_is_on_what_is_heard_alone_and_of_the_deviation_that_was_asked_for():
    batch = {"mel": torch.zeros(8, 80, 20), "target": torch.zeros(8)}
    worn = with_noise(batch, ("mel", "voice"), 0.1)
    assert set(worn) == set(batch)
    assert worn["target"] is batch["target"]
    assert not batch["mel"].any()
    assert abs(worn["mel"].std() - 0.1) < 0.003  # five times what 12,800 numbers leave open


def test_no_noise_leaves_the_batch_as_it_is():
    batch = {"mel": torch.ones(1)}
    assert with_noise(batch, ("mel",), 0.0) is batch
