"""The generator against the authors', at full size."""

import math

import numpy as np
import pytest
import torch
from torch.func import functional_call

from talkingface.nn.mapping_network import MappingNetwork
from tests.parity.deterministic import fill, read_manifest
from tests.parity.pc_avs.published_numbers import (
    GOLDENS,
    assert_close,
    assert_pictures,
    explicit_noise,
    golden,
    numbers,
)
from tests.parity.pc_avs.recorded_layers import RecordedLayers

STYLES, START_MAPS = (2, 2560), (2, 512, 7, 7)


@pytest.fixture(scope="module")
def style():
    return numbers("input/style", STYLES)


@pytest.fixture(scope="module")
def start():
    return numbers("input/identity_map", START_MAPS)


def test_the_generator_draws_the_authors_pictures_without_noise(generator, style, start):
    goldens = golden("netG_zero_noise")
    with RecordedLayers(generator, goldens) as layers:
        assert_pictures(generator(style, start), goldens, "zero_noise")
    layers.assert_close(at_least=28)  # all but the five blurs, which are no modules here


def test_the_colours_are_modulated_as_the_authors_are(generator, style):
    goldens = golden("netG_zero_noise")
    assert_close(generator.to_rgb1.conv.modulation(style), goldens["style_rgb_first"])
    assert_close(generator.to_rgbs[-1].conv.modulation(style), goldens["style_rgb_last"])


def test_the_generator_draws_the_authors_pictures_with_given_noise(generator, style, start):
    goldens = golden("netG_explicit_noise")
    with RecordedLayers(generator, goldens) as layers:
        drawn = generator(style, start, explicit_noise(generator, batch=2))
    assert_pictures(drawn, goldens, "explicit_noise")
    layers.assert_close(at_least=12)


def test_the_generator_draws_the_authors_picture_with_the_noise_of_its_weights(
    generator, style, start
):
    drawn = generator(style[:1], start[:1], generator.kept_noise())
    assert_pictures(drawn, golden("netG_buffer_noise"), "buffer_noise")


def test_seeded_noise_is_drawn_in_the_authors_order(generator, style, start):
    noise = generator.draw_noise(torch.Generator().manual_seed(1234), batch=2)
    drawn = generator(style[:1], start[:1], [layer[:1] for layer in noise])
    assert_pictures(drawn, golden("netG_seeded_noise"), "torch_manual_seed_1234")


def test_the_generator_grows_the_authors_picture_from_its_own_start_map(generator, style):
    drawn = generator(style[:1])
    assert_pictures(drawn, golden("netG_constant_input"), "constant_input")


def test_the_generator_draws_the_authors_picture_with_plain_weights(generator, style, start):
    def plain(name, value):
        fan_in = int(np.prod(value.shape[1:])) if value.ndim > 1 else 1
        if name.endswith("modulation.bias"):
            return value - 1
        is_scaled = name.endswith("modulation.weight") or name.endswith("conv.weight")
        return value / math.sqrt(fan_in) if is_scaled else value

    state = {name: plain(name, value) for name, value in generator.state_dict().items()}
    drawn = functional_call(generator, state, (style[:1], start[:1]))
    # These weights hardly move the picture, so it must be met more closely.
    assert_pictures(drawn, golden("netG_plain"), "zero_noise", tolerance=1e-6)


@pytest.mark.slow  # 52 M numbers are drawn for a network that no method runs
def test_the_mapping_network_maps_as_the_authors():
    rows = [r for r in read_manifest(GOLDENS / "netG.json") if r["name"].startswith("style.")]
    layers = fill(rows)
    # `equalised` for this network: weights as large as at a real start of training
    scaled = {
        name.removeprefix("style."): value * (math.sqrt(2560) / 0.01) if value.ndim > 1 else value
        for name, value in layers.items()
    }
    mapping = MappingNetwork(2560)
    mapping.load_state_dict(scaled, strict=True)
    assert_close(mapping(numbers("input/z", (2, 2560))), golden("netG_constant_input")["style_mlp"])
