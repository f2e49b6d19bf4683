"""Adversarial losses against their definitions, and as a game."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from talkingface.nn.gan import OBJECTIVES, Adversary
from talkingface.nn.patch_discriminator import MultiScaleDiscriminator

PREDICTIONS = torch.tensor([-1.5, 0.25, 3.0])


@pytest.mark.parametrize(
    ("mode", "real", "fake", "fool"),
    [
        ("hinge", (2.5 + 0.75 + 0) / 3, (0 + 1.25 + 4) / 3, -1.75 / 3),
        ("clipped_hinge", (2.5 + 0.75 + 0) / 3, (0 + 1.25 + 4) / 3, (2.5 + 0.75 + 0) / 3),
        (
            "least_squares",
            (6.25 + 0.5625 + 4) / 3,
            (2.25 + 0.0625 + 9) / 3,
            (6.25 + 0.5625 + 4) / 3,
        ),
        ("wasserstein", -1.75 / 3, 1.75 / 3, -1.75 / 3),
    ],
)
def test_each_side_loses_what_the_objective_says(mode, real, fake, fool):
    objective = OBJECTIVES[mode]
    ours = [term(PREDICTIONS) for term in (objective.real, objective.fake, objective.fool)]
    np.testing.assert_allclose(ours, (real, fake, fool), rtol=1e-6)


def test_the_logistic_objective_is_cross_entropy_with_one_and_zero():
    objective = OBJECTIVES["logistic"]
    one, zero = torch.ones(3), torch.zeros(3)
    real = F.binary_cross_entropy_with_logits(PREDICTIONS, one)
    fake = F.binary_cross_entropy_with_logits(PREDICTIONS, zero)
    torch.testing.assert_close(objective.real(PREDICTIONS), real)
    torch.testing.assert_close(objective.fake(PREDICTIONS), fake)
    torch.testing.assert_close(objective.fool(PREDICTIONS), real)


@pytest.fixture
def adversary():
    torch.manual_seed(0)
    return Adversary(MultiScaleDiscriminator(channels=4, num_layers=3))


def test_the_discriminators_losses_do_not_teach_the_generator(adversary):
    real, fake = torch.rand(2, 3, 32, 32), torch.rand(2, 3, 32, 32, requires_grad=True)
    sum(adversary.discriminator_losses(real, fake).values()).backward()
    assert fake.grad is None
    assert all(p.grad is not None for p in adversary.parameters())


def test_the_generators_losses_teach_the_generator_and_leave_the_real_side(adversary):
    real = torch.rand(2, 3, 32, 32, requires_grad=True)
    for name in ("gan", "features", "pixels"):
        fake = torch.rand(2, 3, 32, 32, requires_grad=True)
        adversary.generator_losses(real.detach(), fake)[name].backward()
        assert fake.grad.abs().max() > 0
    adversary.generator_losses(real, torch.rand(2, 3, 32, 32))["features"].backward()
    assert real.grad is None or not real.grad.any()


def test_equal_pictures_have_equal_features_and_pixels(adversary):
    same = torch.rand(2, 3, 32, 32)
    losses = adversary.generator_losses(same, same)
    assert losses["features"] < 1e-6  # instance norm of two halves of one batch, float32
    assert losses["pixels"] == 0


@pytest.mark.parametrize("mode", ["hinge", "least_squares", "logistic"])
def test_a_discriminator_learns_to_tell_stripes_from_noise(mode):
    torch.manual_seed(0)
    adversary = Adversary(MultiScaleDiscriminator(channels=4, num_layers=3, num_scales=1), mode)
    optimizer = torch.optim.Adam(adversary.parameters(), 1e-2)
    stripes = torch.zeros(4, 3, 16, 16)
    stripes[:, :, ::2] = 1
    losses = []
    for _ in range(20):
        loss = sum(adversary.discriminator_losses(stripes, torch.rand(4, 3, 16, 16)).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
