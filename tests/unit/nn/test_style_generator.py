"""The laws of the generator; the authors' numbers are met in tests/parity/pc_avs."""

import pytest
import torch

from talkingface.nn.style_generator import StyleGenerator

CHANNELS = (16, 12, 8, 8, 4)  # 7 to 112 px


@pytest.fixture(scope="module")
def generator():
    torch.manual_seed(0)
    generator = StyleGenerator(10, CHANNELS, learned_start=True)
    for name, parameter in generator.named_parameters():
        if name.endswith("noise.weight"):
            parameter.data.fill_(0.5)  # a fresh network takes no notice of noise
    return generator.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def style():
    return torch.randn(3, 10, generator=torch.Generator().manual_seed(1))


def test_each_width_doubles_the_picture(generator, style):
    skips = list(generator.skips(style))
    assert [skip.shape for skip in skips] == [(3, 3, side, side) for side in (7, 14, 28, 56, 112)]
    picture = generator(style)
    assert picture.equal(skips[-1].tanh())


def test_whoever_stops_early_computes_no_larger_picture(generator, style):
    widest = []
    hook = generator.convs[-1].register_forward_hook(lambda *_: widest.append(1))
    small = next(generator.skips(style))
    hook.remove()
    assert small.shape[-1] == 7
    assert not widest


def test_pictures_of_a_batch_do_not_meet(generator, style):
    together = generator(style)
    alone = torch.cat([generator(style[index : index + 1]) for index in range(3)])
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-5)  # other order of sums


def test_the_start_map_that_is_given_takes_the_place_of_the_learned_one(generator, style):
    given = torch.zeros_like(generator.input.input)
    assert not generator(style, given).equal(generator(style))
    own = generator.input.input.expand(3, -1, -1, -1)
    torch.testing.assert_close(generator(style, own), generator(style))


def test_noise_is_drawn_by_the_seed_and_changes_the_picture(generator, style):
    first, again, other = (
        generator.draw_noise(torch.Generator().manual_seed(seed)) for seed in (4, 4, 5)
    )
    assert [noise.shape[-1] for noise in first] == list(generator.noise_sizes)
    picture = generator(style, noise=first)
    assert picture.equal(generator(style, noise=again))
    assert not picture.equal(generator(style, noise=other))
    assert not picture.equal(generator(style))


def test_noise_of_zeros_is_no_noise(generator, style):
    silence = [torch.zeros_like(noise) for noise in generator.kept_noise()]
    assert generator(style, noise=silence).equal(generator(style))


def test_colours_begin_within_reach_of_the_tanh():
    torch.manual_seed(0)
    generator = StyleGenerator(64, (64, 64, 48, 24, 16))
    *_, last = generator.skips(torch.randn(4, 64), torch.randn(4, 64, 7, 7))
    assert (last.abs() > 2).float().mean() < 0.02


def test_a_network_that_is_given_its_start_maps_has_none_of_its_own():
    generator = StyleGenerator(10, CHANNELS)
    assert not any(name.startswith("input") for name in generator.state_dict())
    with pytest.raises(AssertionError, match="no start map"):
        generator(torch.zeros(1, 10))
