"""The trunk of the motion encoders; the authors' numbers are met in tests/parity/pc_avs."""

import pytest
import torch

from talkingface.nn.face_alignment_network import FaceAlignmentNetwork, Hourglass, own_name


@pytest.mark.parametrize("size", [112, 224])
def test_pictures_of_any_size_that_the_network_was_made_for_give_a_feature(size):
    network = FaceAlignmentNetwork(size, out_features=6, channels=4).eval()
    assert network(torch.zeros(2, 3, size, size)).shape == (2, 6)


def test_sizes_that_do_not_halve_are_met_exactly():
    hourglass = Hourglass(depth=2, channels=4, dropout=0.5).eval()
    assert hourglass(torch.zeros(1, 4, 7, 5)).shape == (1, 4, 7, 5)


def test_the_upper_branches_drop_out_in_training_alone():
    torch.manual_seed(0)
    network = FaceAlignmentNetwork(112, out_features=6, channels=4)
    x = torch.rand(2, 3, 112, 112)
    assert not network.train()(x).equal(network(x))
    assert network.eval()(x).equal(network(x))


@pytest.mark.parametrize(
    ("published", "own"),
    [
        ("m0.b2_4.bn1.weight", "hourglass.before.bn1.weight"),
        ("m0.b3_1.conv2.weight", "hourglass.inner.inner.inner.after.conv2.weight"),
        ("m0.b2_plus_1.bn3.bias", "hourglass.inner.inner.inner.inner.bn3.bias"),
        ("top_m_0.downsample.0.bias", "after_hourglass.downsample.0.bias"),
        ("conv2.downsample.2.weight", "conv2.downsample.2.weight"),
        ("fc.bias", "to_feature.bias"),
    ],
)
def test_published_names_are_found(published, own):
    assert own_name(published) == own
