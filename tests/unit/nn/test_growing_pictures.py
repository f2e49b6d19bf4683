"""Pictures grow from phase to phase; what is said of them is said where they are whole."""

import pytest
import torch
import torch.nn.functional as F

from talkingface.nn.gan import Adversary
from talkingface.nn.growing_pictures import LEVELS_LEFT_OUT, GrowingPictures, grown
from talkingface.nn.patch_discriminator import MultiScaleDiscriminator
from talkingface.nn.style_generator import StyleGenerator

SIDES = {"quarter_size": 16, "half_size": 32, "full_size": 64, "generator": 64}
OWN = {"pixels", "patches", "edges", "inner"}


def generator() -> StyleGenerator:
    return StyleGenerator(style_width=3, channels=(4, 4, 4, 4), start_size=8, learned_start=True)


def losses(strengths=(0.0,)) -> GrowingPictures:
    return GrowingPictures(
        Adversary(MultiScaleDiscriminator(channels=4)),
        strengths,
        judge=lambda fake, real: {"judge": (fake - real).square().mean()},
    )


@pytest.mark.parametrize("phase", [*SIDES, "discriminator"])
def test_a_phase_draws_up_to_its_size(phase: str) -> None:
    network, style = generator(), torch.randn(2, 3)
    drawn = grown(network, style, None, phase)
    side = SIDES.get(phase, 64)
    assert [one.shape[-1] for one in drawn] == [one for one in (8, 16, 32, 64) if one <= side]
    if side == 64:
        torch.testing.assert_close(drawn[-1], network(style))


@pytest.mark.parametrize("phase", LEVELS_LEFT_OUT)
def test_whole_pictures_are_judged_and_the_last_ones_meet_the_discriminator(phase: str) -> None:
    real = torch.rand(2, 3, 64, 64) * 2 - 1
    fakes = grown(generator(), torch.randn(2, 3), None, phase)
    found = losses().drawing_losses(phase, fakes, real, torch.full((2, 1, 4), 0.5))
    judged = {"judge"} if SIDES[phase] == 64 else set()
    assert set(found) == OWN | judged | ({"gan", "features"} if phase == "generator" else set())
    small = F.interpolate(real, size=SIDES[phase], mode="area")
    torch.testing.assert_close(found["pixels"], (fakes[-1] - small).abs().mean())


def test_each_place_has_a_strength_of_its_own() -> None:
    real = torch.rand(1, 3, 64, 64)
    fakes = [torch.zeros(1, 3, side, side) for side in (8, 64)]
    places = torch.tensor([[[0.5, 0.6, 0.1, 0.1], [0.3, 0.3, 0.1, 0.1]]])
    pixels = {
        strengths: float(
            losses(strengths).drawing_losses("full_size", fakes, real, places)["pixels"]
        )
        for strengths in ((0.0, 0.0), (2.0, 0.0), (0.0, 3.0), (2.0, 3.0))
    }
    first, second = (pixels[one] - pixels[0.0, 0.0] for one in ((2.0, 0.0), (0.0, 3.0)))
    assert first > 0 < second
    both = pixels[2.0, 3.0] - pixels[0.0, 0.0]
    assert both == pytest.approx(first + second, rel=1e-4)  # float32
