"""The discriminators' laws; the authors' numbers are met in tests/parity/pc_avs."""

import torch

from talkingface.nn.patch_discriminator import MultiScaleDiscriminator, own_name, split


def test_pictures_of_a_batch_are_judged_alone():
    torch.manual_seed(0)
    discriminator = MultiScaleDiscriminator(channels=4, num_layers=3).eval()
    pictures = torch.rand(3, 3, 64, 64)
    head, tail = split(discriminator(pictures), at=2)
    alone = discriminator(pictures[2:])
    assert [len(judged.prediction) for judged in head] == [2, 2]
    for ours, theirs in zip(tail, alone, strict=True):
        torch.testing.assert_close(ours.prediction, theirs.prediction)
        torch.testing.assert_close(ours.features[1], theirs.features[1])
        assert ours.picture.equal(theirs.picture)


def test_the_last_layer_keeps_the_size_and_widths_end_at_512():
    discriminator = MultiScaleDiscriminator(
        in_channels=8, channels=128, num_layers=5, num_scales=1
    ).eval()
    (judged,) = discriminator(torch.zeros(1, 8, 32, 32))
    assert [layer.shape[1] for layer in judged.features] == [128, 256, 512, 512, 512]
    assert [layer.shape[-1] for layer in judged.features] == [17, 9, 5, 3, 4]
    assert judged.prediction.shape == (1, 1, 5, 5)


def test_every_published_name_of_a_deeper_discriminator_has_its_place():
    discriminator = MultiScaleDiscriminator(8, 4, num_layers=5, num_scales=1)
    published = [
        f"discriminator_0.model{layer}.0.{leaf}" for layer in (0, 5) for leaf in ("weight", "bias")
    ]
    published += [
        f"discriminator_0.model{layer}.0.0.weight_{leaf}"
        for layer in (1, 2, 3, 4)
        for leaf in ("orig", "u", "v")
    ]
    assert {own_name(name, num_layers=5) for name in published} == set(discriminator.state_dict())
