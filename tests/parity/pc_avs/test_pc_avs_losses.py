"""The discriminator and the losses against the authors'."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from talkingface.models.pc_avs.losses import uniformity
from talkingface.nn.contrast import contrastive
from talkingface.nn.gan import OBJECTIVES, feature_distance, mean_over_scales, pixel_distance
from talkingface.nn.patch_discriminator import Judgement, MultiScaleDiscriminator, own_name
from talkingface.nn.perceptual import UNUSED_TENSORS, PerceptualLoss, VGG19Features
from tests.parity.deterministic import fill, read_manifest
from tests.parity.pc_avs.published_numbers import (
    GOLDENS,
    assert_close,
    golden,
    numbers,
    pictures,
)

LOSSES = golden("losses")
RELATIVE = 1e-5  # one number after float32 sums in another order
MODES = {
    "hinge": "hinge",
    "least_squares": "ls",
    "logistic": "original",
    "wasserstein": "w",
}


@pytest.fixture(scope="module")
def discriminator():
    network = MultiScaleDiscriminator()
    state = fill(read_manifest(GOLDENS / "netD.json"))
    own = {own_name(name): tensor for name, tensor in state.items()}
    network.load_state_dict(own, strict=True)
    return network.eval()


def test_pictures_are_judged_as_the_authors_do(discriminator):
    goldens = golden("netD")
    judgements = discriminator(pictures("input/real", (2, 3, 224, 224)))
    shapes = []
    for scale, judged in enumerate(judgements):
        for index, layer in enumerate([judged.picture, *judged.features, judged.prediction]):
            shapes.append(tuple(layer.shape))
            figures = (layer.double().mean(), layer.double().std(correction=0))
            theirs = goldens[f"scale{scale}_map{index}_meanstd"]
            np.testing.assert_allclose(figures, theirs, rtol=0, atol=1e-5 * theirs[1])
            if index:
                step = max(1, layer.shape[1] // 8)
                pixels = 1 if layer.shape[1] == 1 else 4
                sampled = layer[:, ::step, ::pixels, ::pixels]
                assert_close(sampled, goldens[f"scale{scale}_map{index}"])
    assert shapes == [tuple(shape) for shape in goldens["shapes"]]


def judged(name):
    """Return the judgements that the goldens make of lists of three maps at two sizes."""
    maps = [[numbers(f"input/{name}_{i}_{j}", (2, 4, 5, 5)) for j in range(3)] for i in range(2)]
    return [Judgement(first, [second], third) for first, second, third in maps]


@pytest.mark.parametrize("mode", MODES)
def test_predictions_cost_what_they_cost_the_authors(mode):
    objective = OBJECTIVES[mode]
    ours = [
        mean_over_scales(judged("pred"), term)
        for term in (objective.real, objective.fake, objective.fool)
    ]
    np.testing.assert_allclose(ours, LOSSES[f"gan_{MODES[mode]}"], rtol=RELATIVE)


def test_features_and_pixels_are_as_far_apart_as_the_authors_find():
    fake, real = judged("pred"), judged("real")
    ours = 10 * (feature_distance(fake, real) + 1 * pixel_distance(fake, real))
    np.testing.assert_allclose(ours, LOSSES["feature_matching"][0], rtol=RELATIVE)


def test_mouths_and_voices_are_contrasted_as_the_authors_do():
    visual, audio = numbers("input/visual", (6, 48)), numbers("input/audio", (6, 48))
    ours = (contrastive(visual, audio), contrastive(audio, visual))
    theirs = (LOSSES["contrastive_visual_audio"], LOSSES["contrastive_audio_visual"])
    np.testing.assert_allclose(ours, theirs, rtol=RELATIVE)


def test_scores_cost_what_they_cost_the_authors():
    scores = numbers("input/scores", (4, 11))
    np.testing.assert_allclose(uniformity(scores), LOSSES["l2_softmax"], rtol=RELATIVE)
    crossed = F.cross_entropy(scores, torch.tensor([0, 3, 10, 5]))
    np.testing.assert_allclose(crossed, LOSSES["cross_entropy"], rtol=RELATIVE)


@pytest.fixture(scope="module")
def vgg():
    network = VGG19Features()
    rows = read_manifest(GOLDENS / "vgg19_features.json", without=UNUSED_TENSORS)
    network.load_state_dict(fill(rows), strict=True)
    return network


def test_pictures_look_as_different_as_the_authors_find(vgg):
    fake = pictures("input/fake_image", (1, 3, 64, 64))
    real = pictures("input/real_image", (1, 3, 64, 64))
    maps = vgg(fake)
    assert [list(layer.shape) for layer in maps] == LOSSES["vgg_shapes"].tolist()
    figures = [(layer.mean(), layer.std(correction=0)) for layer in maps]
    np.testing.assert_allclose(figures, LOSSES["vgg_meanstd"], rtol=RELATIVE)
    loss = PerceptualLoss(vgg)(fake, real)
    np.testing.assert_allclose(loss, LOSSES["vgg_loss"], rtol=RELATIVE)
    deep = PerceptualLoss(vgg, weights=(0, 0, 1 / 8, 1 / 4, 1))(fake, real)
    np.testing.assert_allclose(deep, LOSSES["vgg_loss_from_layer2"], rtol=RELATIVE)
