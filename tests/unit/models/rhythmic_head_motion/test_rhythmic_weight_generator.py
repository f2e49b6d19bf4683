"""Generated weights and their use, against slow loops and other layers."""

import pytest
import torch
import torch.nn.functional as F

from talkingface.models.rhythmic_head_motion.embedding import LabelEmbedding, PictureEmbedding
from talkingface.models.rhythmic_head_motion.modulation import GeneratedModulation, PointwiseConv
from talkingface.models.rhythmic_head_motion.spade import ActiveSpade, MeanActiveSpade
from talkingface.models.rhythmic_head_motion.weight_generator import LevelHeads, correlation

ROUNDING = 1e-5  # float32, sums of a few dozen products


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def pointwise(batch, out_channels, in_channels):
    return PointwiseConv(
        torch.randn(batch, out_channels, in_channels), torch.randn(batch, out_channels)
    )


def test_correlation_is_a_sum_over_places():
    image, label = torch.randn(2, 3, 4, 5), torch.randn(2, 6, 4, 5)
    expected = torch.zeros(2, 3, 6)
    for b in range(2):
        for y in range(4):
            for x in range(5):
                share = label[b, :, y, x].exp() / label[b, :, y, x].exp().sum()
                expected[b] += torch.outer(image[b, :, y, x], share)
    torch.testing.assert_close(correlation(image, label), expected, rtol=0, atol=ROUNDING)


def test_a_mended_correlation_does_not_grow_with_the_picture():
    image, label = torch.randn(2, 3, 8, 8), torch.randn(2, 6, 8, 8)
    published = correlation(image, label)
    mended = correlation(image, label, "mended")
    torch.testing.assert_close(mended, published, rtol=0, atol=ROUNDING)
    large, doubled = (F.interpolate(one, scale_factor=2.0) for one in (image, label))
    mended = correlation(large, doubled, "mended")
    torch.testing.assert_close(mended, published, rtol=0, atol=ROUNDING)


def test_each_sample_has_a_convolution_of_its_own():
    conv, features = pointwise(2, 4, 3), torch.randn(2, 3, 5, 6)
    for b in range(2):
        weight = conv.weight[b, :, :, None, None]
        expected = F.conv2d(features[b : b + 1], weight, conv.bias[b])
        torch.testing.assert_close(conv(features)[b : b + 1], expected, rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("quirks", ["kept", "mended"])
def test_generated_biases_of_a_modulation_are_used_only_when_mended(quirks):
    scale, shift = pointwise(1, 4, 3), pointwise(1, 4, 3)
    features, condition = torch.randn(1, 4, 5, 5), torch.randn(1, 3, 5, 5)
    made = GeneratedModulation(scale, shift, quirks)(features, condition)
    with_bias = quirks == "mended"
    factor = 1 + torch.einsum("dc,chw->dhw", scale.weight[0], condition[0])
    added = torch.einsum("dc,chw->dhw", shift.weight[0], condition[0])
    if with_bias:
        factor, added = factor + scale.bias[0, :, None, None], added + shift.bias[0, :, None, None]
    torch.testing.assert_close(made[0], features[0] * factor + added, rtol=0, atol=ROUNDING)


@pytest.mark.parametrize(("narrow", "wide"), [(4, 8), (8, 8)])
def test_heads_give_weights_of_the_shapes_that_the_level_needs(narrow, wide):
    level = LevelHeads(narrow, wide, "kept")(torch.randn(2, wide, wide))
    assert level.norm_0.scale.weight.shape == (2, wide, narrow)
    assert level.norm_1.shift.weight.shape == (2, narrow, narrow)
    assert level.norm_1.shift.bias.shape == (2, narrow)
    assert level.embedding.weight.shape == (2, narrow, wide)
    assert level.embedding.bias.shape == (2, narrow)
    assert (level.shortcut is None) == (narrow == wide)


@torch.no_grad()
def test_a_drawing_is_enlarged_as_a_transposed_convolution_does():
    embedding = LabelEmbedding((2, 4, 8), num_adaptive_levels=2)
    levels = [LevelHeads(narrow, 2 * narrow, "kept") for narrow in (2, 4)]
    weights = [heads(torch.randn(2, 2 * heads.narrow, 2 * heads.narrow)) for heads in levels]
    maps = embedding(torch.rand(2, 1, 16, 12), weights)
    assert [tuple(one.shape[1:]) for one in maps] == [(2, 16, 12), (4, 8, 6), (8, 4, 3)]
    for index, level in enumerate(weights):
        for b in range(2):
            expected = F.conv_transpose2d(
                maps[index + 1][b : b + 1],
                level.embedding.weight[b].T[:, :, None, None],
                level.embedding.bias[b],
                stride=2,
                output_padding=1,
            )
            torch.testing.assert_close(maps[index][b : b + 1], expected, rtol=0, atol=ROUNDING)


@torch.no_grad()
def test_a_mended_drawing_is_enlarged_whole():
    embedding = LabelEmbedding((2, 4), num_adaptive_levels=1, quirks="mended")
    weights = LevelHeads(2, 4, "mended")(torch.randn(1, 4, 4))
    large, small = embedding(torch.rand(1, 1, 8, 8), [weights])
    for dy in (0, 1):
        for dx in (0, 1):
            expected = F.leaky_relu(weights.embedding(small), 0.2)
            torch.testing.assert_close(large[:, :, dy::2, dx::2], expected, rtol=0, atol=ROUNDING)


@torch.no_grad()
def test_maps_in_sequence_scale_the_shifts_of_earlier_ones():
    norm = ActiveSpade(4, 3, ("label", "ani"), adaptive=False).eval()
    maps = {name: torch.randn(1, 3, 5, 5) for name in ("label", "ani")}
    features = torch.randn(1, 4, 5, 5)
    expected = features / (1 + 1e-5) ** 0.5  # running mean 0, variance 1
    for name in ("label", "ani"):
        convs = norm.learned[name]
        expected = expected * (1 + convs.scale(maps[name])) + convs.shift(maps[name])
    expected = F.leaky_relu(expected, 0.2)
    made = norm(features, dict(reversed(maps.items())), None)
    torch.testing.assert_close(made, expected, rtol=0, atol=ROUNDING)


@torch.no_grad()
def test_the_mean_is_taken_over_the_maps_that_are_present():
    norm = MeanActiveSpade(4, 3, ("label", "reference", "ani"), adaptive=True).eval()
    generated = GeneratedModulation(pointwise(1, 4, 3), pointwise(1, 4, 3))
    maps = {name: torch.randn(1, 3, 5, 5) for name in ("label", "ani")}
    features = torch.randn(1, 4, 5, 5)
    plain = features / (1 + 1e-5) ** 0.5
    convs = norm.each["ani"].learned["ani"]
    by_label = generated(plain, maps["label"])
    by_ani = plain * (1 + convs.scale(maps["ani"])) + convs.shift(maps["ani"])
    expected = (F.leaky_relu(by_label, 0.2) + F.leaky_relu(by_ani, 0.2)) / 2
    torch.testing.assert_close(norm(features, maps, generated), expected, rtol=0, atol=ROUNDING)


def test_a_picture_is_embedded_for_each_composed_level():
    maps = PictureEmbedding((4, 8))(torch.rand(2, 4, 8, 12))
    assert [tuple(one.shape) for one in maps] == [(2, 4, 8, 12), (2, 8, 4, 6)]
