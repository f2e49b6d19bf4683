"""What teaches a generator to draw: the true picture, whoever judges, and a discriminator.

H. Zhou et al., CVPR 2021, section 3.4; D. Wang et al., CVPR 2023, section 3.4. Here pictures grow:
a quarter of the size, half of it, all of it, then against a discriminator.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.nn.gan import Adversary
from talkingface.nn.picture_losses import edge_l1, emphasis, patch_l1, shrunk_to, weighted_l1
from talkingface.nn.style_generator import StyleGenerator

LEVELS_LEFT_OUT: Mapping[str, int] = {  # of the generator's sizes, from the largest
    "quarter_size": 2,
    "half_size": 1,
    "full_size": 0,
    "generator": 0,
}
DRAWING_PHASES = frozenset({*LEVELS_LEFT_OUT, "discriminator"})
DRAWING_LOSSES = ("pixels", "patches", "edges", "inner", "gan", "features", "real", "fake")

Judge = Callable[[Tensor, Tensor], dict[str, Tensor]]  # of drawn and of true pictures (B, 3, H, W)


class GrowingPictures(nn.Module):
    """The discriminator, and the losses of the phases that draw.

    Args:
        adversary: the discriminator and what it wants.
        strengths: how much more each place of a picture counts than the rest.
        judge: says more of pictures at full size.
    """

    def __init__(self, adversary: Adversary, strengths: Sequence[float], judge: Judge) -> None:
        super().__init__()
        self.adversary = adversary
        self._strengths = tuple(strengths)
        self._judge = judge

    def drawing_losses(
        self, phase: str, fakes: Sequence[Tensor], real: Tensor, places: Tensor
    ) -> dict[str, Tensor]:
        """Return the losses of a phase that draws.

        Args:
            phase: by its name.
            fakes: the picture (B, 3, h, w) at each size, smallest first, see `grown`.
            real: the true pictures (B, 3, H, W).
            places: (B, P, 4), see `emphasis`.
        """
        found = self._likeness(fakes, real, places)
        if LEVELS_LEFT_OUT[phase] == 0:
            found |= self._judge(fakes[-1], real)
        if phase == "generator":
            judged = self.adversary.generator_losses(real, fakes[-1])
            found |= {"gan": judged["gan"], "features": judged["features"]}
        return found

    def _likeness(self, fakes: Sequence[Tensor], real: Tensor, places: Tensor) -> dict[str, Tensor]:
        """Return how far the largest picture is from the truth, and the smaller ones."""
        fake = fakes[-1]
        real = shrunk_to(real, fake.shape[-1])
        weights = emphasis(places, self._strengths, fake.shape[-1])
        inner = [F.l1_loss(one, shrunk_to(real, one.shape[-1])) for one in fakes[:-1]]
        return {
            "pixels": weighted_l1(fake, real, weights),
            "patches": patch_l1(fake, real),
            "edges": edge_l1(fake, real, weights),
            "inner": torch.stack(inner).mean(),
        }


def grown(
    generator: StyleGenerator, style: Tensor, start: Tensor | None, phase: str
) -> list[Tensor]:
    """Return the pictures (B, 3, h, w) of each size, smallest first, without those too large yet.

    Args:
        generator: what draws.
        style: (B, S).
        start: (B, C, h, w), see `StyleGenerator`.
        phase: by its name; the discriminator judges what is drawn at full size.
    """
    num_sizes = len(generator.sizes) - LEVELS_LEFT_OUT.get(phase, 0)
    skips = islice(generator.skips(style, start), num_sizes)
    return [torch.tanh(one.float()) for one in skips]
