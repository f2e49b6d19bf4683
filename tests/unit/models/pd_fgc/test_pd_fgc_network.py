"""The joined networks at a size of milliseconds; the authors' numbers are met in tests/parity."""

import torch

from tests.unit.models.pd_fgc.narrow import SIZES, narrow_model

LIP, EMOTION = SIZES.lip_width, SIZES.emotion_width


def drawn(network):
    """Return pictures of two people, lips heard and the rest seen."""
    frames, mels = torch.rand(2, 3, 64, 64), torch.rand(2, 80, 20)
    appearance = network.appearance_encoder(torch.rand(2, 1, 3, 64, 64))
    seen = network.motion_encoder.motion(network.motion_encoder(frames))
    heard = network.speech_encoder.lip_codes(network.speech_encoder(mels))
    return network.draw(appearance, torch.cat([heard, seen[:, LIP:]], dim=1))


def test_a_narrow_network_draws_small_pictures_and_all_of_it_learns():
    network = narrow_model().network.train()
    pictures = drawn(network)
    assert pictures.shape == (2, 3, 64, 64)
    pictures.square().mean().backward()
    idle = {name for name, p in network.named_parameters() if p.grad is None or not p.grad.any()}
    seen_lips = {
        name for name in idle if "to_mouth" in name or name.startswith("motion_encoder.mouth")
    }
    without_noise = {name for name in idle if name.endswith("noise.weight")}
    assert seen_lips
    assert idle == seen_lips | without_noise


def test_each_factor_is_read_by_its_own_head():
    encoder = narrow_model().network.motion_encoder
    features = encoder(torch.rand(1, 3, 64, 64))
    before = encoder.motion(features)
    encoder.eye_embed[1].bias.data += 1
    moved = (encoder.motion(features) - before)[0]
    assert moved.nonzero().ravel().tolist() == list(range(LIP + EMOTION, LIP + EMOTION + 6))


def test_one_appearance_serves_all_frames_and_comes_first_in_the_style():
    network = narrow_model().network
    appearance = network.appearance_encoder(torch.rand(1, 1, 3, 64, 64))
    motion = torch.rand(3, LIP + EMOTION + 12)
    together = network.draw(appearance, motion)
    style = torch.cat([appearance.vector.expand(3, -1), motion], dim=1)
    torch.testing.assert_close(together, network.generator(style, appearance.start))
