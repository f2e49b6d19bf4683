"""Who is in portraits; the authors' numbers are met in tests/parity."""

import pytest
import torch

from talkingface.nn.identity_encoder import Identity, IdentityEncoder


@pytest.fixture
def encoder():
    return IdentityEncoder(4, (1, 1, 1, 1), groups=4, last_stride=1, map_channels=16).eval()


def test_portraits_of_a_person_are_averaged_with_no_other_person(encoder):
    portraits = torch.rand(2, 3, 3, 112, 112)
    together = encoder(portraits)
    alone = encoder(portraits.flatten(0, 1).unsqueeze(1))
    torch.testing.assert_close(together.vector, alone.vector.view(2, 3, -1).mean(dim=1))
    starts = alone.start.view(2, 3, *alone.start.shape[1:])
    torch.testing.assert_close(together.start, starts.mean(dim=1))


def test_the_start_map_is_as_large_as_it_was_asked_for():
    encoder = IdentityEncoder(4, (1, 1, 1, 1), groups=4, map_channels=8, map_size=4).eval()
    assert encoder(torch.rand(1, 1, 3, 64, 64)).start.shape == (1, 8, 4, 4)


def test_identities_are_repeated_for_the_frames_of_each_clip():
    identity = Identity(torch.tensor([[1.0], [2.0]]), torch.arange(2.0).view(2, 1, 1, 1))
    vectors, starts = identity.repeated(2)
    assert vectors.ravel().tolist() == [1, 1, 2, 2]
    assert starts.ravel().tolist() == [0, 0, 1, 1]
    assert Identity(torch.zeros(1, 1), None).repeated(3).start is None
