"""The joined networks at a size of seconds; the authors' numbers are met in tests/parity."""

import pytest
import torch

from talkingface.models.pc_avs.network import PCAVSNetwork, style_of
from talkingface.models.pc_avs.non_identity_encoder import NonIdentityEncoder
from talkingface.models.pc_avs.speech_encoder import SpeechEncoder
from talkingface.models.pc_avs.voice_identity_encoder import VoiceIdentityEncoder
from talkingface.nn.identity_encoder import Identity, IdentityEncoder
from talkingface.nn.style_generator import StyleGenerator

IDENTITY, MOUTH, POSE = 128, 20, 12
SHALLOW = (1, 1, 1, 1)


def narrow_network(identity_encoder, *, learned_start=False):
    return PCAVSNetwork(
        identity_encoder,
        SpeechEncoder(features=32, channels=8, depths=SHALLOW),
        NonIdentityEncoder(112, features=32, mouth_width=MOUTH, pose_width=POSE, channels=4),
        StyleGenerator(IDENTITY + MOUTH + POSE, (16, 12, 8, 8, 4), learned_start=learned_start),
    )


@pytest.fixture
def network():
    torch.manual_seed(0)
    encoder = IdentityEncoder(4, SHALLOW, groups=4, last_stride=1, map_channels=16)
    return narrow_network(encoder)


def draw(network, references):
    mels, poses = torch.rand(2, 80, 20), torch.rand(2, 3, 112, 112)
    identity = network.identify(references)
    return network.draw(identity, network.mouth_codes(mels), network.pose_codes(poses))


def test_a_narrow_network_draws_small_pictures_and_all_of_it_learns(network):
    drawn = draw(network, torch.rand(2, 3, 3, 112, 112))
    assert drawn.shape == (2, 3, 112, 112)
    drawn.square().mean().backward()
    idle = {name for name, p in network.named_parameters() if p.grad is None or not p.grad.any()}
    seen_mouth = {name for name in idle if "to_mouth" in name}
    without_noise = {name for name in idle if name.endswith("noise.weight")}
    assert seen_mouth
    assert idle == seen_mouth | without_noise


def test_the_variant_draws_from_voices_and_a_start_map_of_its_own():
    torch.manual_seed(0)
    voice = VoiceIdentityEncoder(rows=80, features=IDENTITY, channels=8, depths=SHALLOW)
    network = narrow_network(voice, learned_start=True)
    drawn = draw(network, torch.rand(2, 1, 80, 80))
    assert drawn.shape == (2, 3, 112, 112)
    drawn.square().mean().backward()
    assert network.generator.input.input.grad.any()


def test_windows_of_a_voice_are_averaged_with_no_other_voice():
    voice = VoiceIdentityEncoder(rows=80, features=6, channels=8, depths=SHALLOW).eval()
    windows = torch.rand(2, 3, 80, 80)
    alone = voice(windows.flatten(0, 1).unsqueeze(1)).vector
    torch.testing.assert_close(voice(windows).vector, alone.view(2, 3, 6).mean(dim=1))


def test_portraits_of_a_person_are_averaged_with_no_other_person(network):
    network.eval()
    portraits = torch.rand(2, 3, 3, 112, 112)
    together = network.identify(portraits)
    alone = network.identify(portraits.flatten(0, 1).unsqueeze(1))
    torch.testing.assert_close(together.vector, alone.vector.view(2, 3, -1).mean(dim=1))
    starts = alone.start.view(2, 3, *alone.start.shape[1:])
    torch.testing.assert_close(together.start, starts.mean(dim=1))
    resting = network.resting_pose_code(portraits)
    first, second = (network.resting_pose_code(person[None]) for person in portraits)
    torch.testing.assert_close(resting, torch.cat([first, second]))


def test_one_identity_serves_all_frames_and_the_style_is_in_the_published_order():
    identity = Identity(torch.full((1, 2), 7.0), None)
    style = style_of(identity, torch.full((3, 1), 5.0), torch.full((3, 2), 3.0))
    assert style.tolist() == [[7, 7, 5, 3, 3]] * 3


def test_identities_are_repeated_for_the_frames_of_each_clip():
    identity = Identity(torch.tensor([[1.0], [2.0]]), torch.arange(2.0).view(2, 1, 1, 1))
    vectors, starts = identity.repeated(2)
    assert vectors.ravel().tolist() == [1, 1, 2, 2]
    assert starts.ravel().tolist() == [0, 0, 1, 1]
    assert Identity(torch.zeros(1, 1), None).repeated(3).start is None


def test_the_portraits_mean_pose_is_that_of_their_mean_feature(network):
    network.eval()
    references = torch.rand(1, 2, 3, 112, 112)
    encoder = network.non_identity_encoder
    mean = encoder(references[0]).mean(dim=0, keepdim=True)
    torch.testing.assert_close(network.resting_pose_code(references), encoder.pose_codes(mean))


def test_a_mouth_that_is_heard_is_louder_by_the_gain(network):
    network.eval()
    mels = torch.rand(2, 80, 20)
    heard = network.speech_encoder(mels)
    expected = network.non_identity_encoder.mouth_codes(1.2 * heard)
    torch.testing.assert_close(network.mouth_codes(mels), expected)
