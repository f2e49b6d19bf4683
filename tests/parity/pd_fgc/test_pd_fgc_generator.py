"""The generator of PD-FGC against the authors', at full size; the default suite has one picture.

That one is in `test_pd_fgc_end_to_end`; the shared generator is met daily by PC-AVS's goldens.
"""

import numpy as np
import pytest
import torch

from talkingface.nn.style_generator import StyleGenerator
from tests.parity.pd_fgc.conftest import STYLE_WIDTH, filled
from tests.parity.pd_fgc.published_numbers import (
    PICTURE_TOLERANCE,
    assert_close,
    assert_figures,
    golden,
    layer_noise,
    numbers,
)
from tests.parity.pd_fgc.recorded_layers import recorded

pytestmark = pytest.mark.slow  # seconds for each pair of pictures at full size


@pytest.fixture(scope="module", params=["generator_native", "generator"])
def goldens(request):
    return golden(request.param)


@pytest.fixture(scope="module")
def own_generator(goldens, generator, plain_generator_tensors):
    """Return the generator that the goldens are of."""
    if "generator_native" in goldens.fid.name:
        return generator
    return filled(lambda: StyleGenerator(STYLE_WIDTH, learned_start=True), plain_generator_tensors)


@pytest.fixture(scope="module")
def style():
    return numbers("style", (2, STYLE_WIDTH))


def assert_pixels(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=PICTURE_TOLERANCE)


def test_the_generator_draws_the_authors_pictures_layer_by_layer(own_generator, goldens, style):
    convs = {f"convs{index}": conv for index, conv in enumerate(own_generator.convs)}
    with recorded(conv1=own_generator.conv1, **convs) as layers:
        start = numbers("identity", (2, 512, 7, 7))
        drawn = own_generator(style, start, layer_noise(own_generator))
    assert_pixels(drawn[:, :, ::4, ::4], goldens["image_s4"])
    assert_pixels(drawn[:, :, 96:128, 96:128], goldens["image_crop"])
    assert_figures(drawn, goldens["image_stats"])
    for name, output in layers.items():
        assert_figures(output, goldens[f"{name}_stats"])
    assert_close(layers["conv1"][:, ::16], goldens["conv1_s"])
    assert_close(layers["convs0"][:, ::32], goldens["convs0_s"])
    assert_close(layers["convs9"][:, ::16, ::16, ::16], goldens["convs9_s"])


def test_the_colours_are_modulated_as_the_authors_are(own_generator, goldens, style):
    for index, to_rgb in enumerate((own_generator.to_rgb1, *own_generator.to_rgbs)):
        assert_close(to_rgb.conv.modulation(style), goldens[f"rgb_style{index}"])


def test_the_generator_grows_the_authors_pictures_from_its_own_start_map(
    own_generator, goldens, style
):
    drawn = own_generator(style, noise=layer_noise(own_generator))
    assert_pixels(drawn[:, :, ::8, ::8], goldens["const_input_image_s8"])


def test_another_noise_is_seen_at_these_tolerances(own_generator, goldens, style):
    other = own_generator.draw_noise(torch.Generator().manual_seed(0))
    drawn = own_generator(style, noise=other)
    with pytest.raises(AssertionError):
        assert_pixels(drawn[:, :, ::8, ::8], goldens["const_input_image_s8"])
