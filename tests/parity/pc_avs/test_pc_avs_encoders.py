"""The encoders of PC-AVS and its variant against the authors', at full size."""

import pytest

from talkingface.models.pc_avs.weights import PC_AVS
from tests.parity.pc_avs.published_numbers import (
    VARIANT,
    assert_close,
    golden,
    mels,
    numbers,
    pictures,
)
from tests.parity.pc_avs.recorded_layers import RecordedLayers


def test_portraits_are_identified_as_the_authors_do(network, portraits):
    encoder, goldens = network.identity_encoder, golden("netV")
    with RecordedLayers(encoder, goldens) as layers:
        identity = encoder(portraits.unsqueeze(1))
    layers.assert_close(at_least=7)  # all but the two poolings, which are no modules here
    assert_close(identity.vector, goldens["vector"])
    assert_close(identity.start, goldens["map"])
    assert_close(encoder.scores(identity.vector), goldens["scores_100"])


def test_two_portraits_of_a_person_are_averaged_as_the_authors_do(identity_of_two):
    goldens = golden("netV")
    assert_close(identity_of_two.vector, goldens["vector_2inputs"])
    assert_close(identity_of_two.start[:, ::4], goldens["map_2inputs_channel_stride4"])


def test_poses_and_mouths_are_seen_as_the_authors_do(network):
    encoder, goldens = network.non_identity_encoder, golden("netE")
    with RecordedLayers(encoder, goldens, PC_AVS["latest_net_E.pth"].own_name) as layers:
        features = encoder(pictures("input/pose", (2, 3, 224, 224)))
    layers.assert_close(at_least=26)
    mouth, pose = encoder.mouth_features(features), encoder.pose_codes(features)
    assert_close(features, goldens["feature"])
    assert_close(mouth, goldens["mouth"])
    assert_close(encoder.to_headpose(features), goldens["headpose"])
    assert_close(encoder.mouth_codes(mouth), goldens["mouth_embed"])
    assert_close(pose, goldens["headpose_embed"])
    assert_close(encoder.classifier(features), goldens["classifier_100"])
    assert_close(encoder.mouth_fc(mouth), goldens["mouth_fc_100"])
    assert_close(encoder.headpose_fc(pose), goldens["headpose_fc_100"])


def test_speech_is_heard_as_the_authors_do(network):
    encoder, goldens = network.speech_encoder, golden("netA_sync")
    with RecordedLayers(encoder, goldens) as layers:
        features = encoder(mels("input/mel", (2, 1, 80, 20)).squeeze(1))
    layers.assert_close(at_least=10)
    assert_close(features, goldens["feature"])
    assert_close(encoder.scores(features), goldens["scores_100"])


def test_voices_are_identified_as_the_authors_do(voice_encoder, two_voices):
    goldens, variant = golden("netA"), golden("netA_identity", VARIANT)
    assert two_voices.start is None
    assert_close(two_voices.vector, goldens["feature"])
    assert_close(two_voices.vector, variant["feature_synthetic"])
    assert_close(voice_encoder.scores(two_voices.vector), variant["scores_synthetic_100"])


def test_the_numbers_that_are_compared_are_not_those_of_other_inputs(network):
    other = network.speech_encoder(mels("input/another_mel", (2, 1, 80, 20)).squeeze(1))
    with pytest.raises(AssertionError):
        assert_close(other, golden("netA_sync")["feature"])
    assert numbers("a", (3,)).ne(numbers("b", (3,))).all()
