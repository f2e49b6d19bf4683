"""Adversarial training: a discriminator and both of its losses in one object.

A model owns an `Adversary`, asks it for the losses of either side, and never touches predictions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.nn.patch_discriminator import Judgement, MultiScaleDiscriminator, split

GanMode = Literal["hinge", "clipped_hinge", "least_squares", "logistic", "wasserstein"]
Term = Callable[[Tensor], Tensor]  # from predictions (B, 1, h, w) to a loss


@dataclass(frozen=True)
class Objective:
    """What each side wants of the predictions."""

    real: Term  # of the discriminator, on real pictures
    fake: Term  # of the discriminator, on generated ones
    fool: Term  # of the generator, on generated ones


def _below(margin: Tensor) -> Tensor:
    """Return the mean of what `margin` lacks to 1."""
    return F.relu(1 - margin).mean()


def _square_to(target: float) -> Term:
    return lambda predictions: (predictions - target).square().mean()


def _logistic(predictions: Tensor) -> Tensor:
    return F.softplus(-predictions).mean()  # cross-entropy of the logits with 1


OBJECTIVES: dict[GanMode, Objective] = {
    "hinge": Objective(_below, lambda fake: _below(-fake), lambda fake: -fake.mean()),
    # Rhythmic head motion: a generator that fools by 1 is left in peace.
    "clipped_hinge": Objective(_below, lambda fake: _below(-fake), _below),
    "least_squares": Objective(_square_to(1), _square_to(0), _square_to(1)),
    "logistic": Objective(_logistic, lambda fake: _logistic(-fake), _logistic),
    "wasserstein": Objective(
        lambda real: -real.mean(), lambda fake: fake.mean(), lambda fake: -fake.mean()
    ),
}


class Adversary(nn.Module):
    """A discriminator and what both sides lose by its predictions."""

    def __init__(self, discriminator: MultiScaleDiscriminator, mode: GanMode = "hinge") -> None:
        super().__init__()
        self.discriminator = discriminator
        self.objective = OBJECTIVES[mode]

    def discriminator_losses(self, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        """Return the losses ``real`` and ``fake`` on pictures (B, C, H, W); `fake` is detached."""
        judged_real, judged_fake = self._judge_both(real, fake.detach())
        return {
            "real": mean_over_scales(judged_real, self.objective.real),
            "fake": mean_over_scales(judged_fake, self.objective.fake),
        }

    def generator_losses(self, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        """Return the losses ``gan``, ``features`` and ``pixels`` on pictures (B, C, H, W).

        ``pixels`` is the distance of the pictures themselves, averaged over the sizes at which
        they are judged; the authors count it among the features.
        """
        judged_real, judged_fake = self._judge_both(real, fake)
        return {
            "gan": mean_over_scales(judged_fake, self.objective.fool),
            "features": feature_distance(judged_fake, judged_real),
            "pixels": pixel_distance(judged_fake, judged_real),
        }

    def _judge_both(self, real: Tensor, fake: Tensor) -> tuple[list[Judgement], list[Judgement]]:
        """Judge in one pass, so that both sides meet the same estimate of the spectral norm."""
        return split(self.discriminator(torch.cat([real, fake])), at=len(real))


def mean_over_scales(judgements: Sequence[Judgement], term: Term) -> Tensor:
    """Return a term of the predictions, averaged over the sizes."""
    return torch.stack([term(judged.prediction) for judged in judgements]).mean()


def feature_distance(fake: Sequence[Judgement], real: Sequence[Judgement]) -> Tensor:
    """Return the L1 distance of the hidden layers, summed over layers, averaged over sizes."""
    distances = [
        F.l1_loss(ours, theirs.detach())
        for judged_fake, judged_real in zip(fake, real, strict=True)
        for ours, theirs in zip(judged_fake.features, judged_real.features, strict=True)
    ]
    return torch.stack(distances).sum() / len(fake)


def pixel_distance(fake: Sequence[Judgement], real: Sequence[Judgement]) -> Tensor:
    """Return the L1 distance of the pictures, averaged over the sizes."""
    pairs = zip(fake, real, strict=True)
    return torch.stack([F.l1_loss(ours.picture, theirs.picture) for ours, theirs in pairs]).mean()
