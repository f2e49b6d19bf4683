"""What two faces have in common to the reader: what it reads, and how it sees them."""

import pytest
import torch

from talkingface.face.reader.likeness import likeness_losses
from talkingface.face.reader.network import FaceValues, ReaderNetwork

MOUTH = range(48, 68)


class Told(ReaderNetwork):
    """Reads what it was told of dark pictures, and something else of bright ones."""

    def __init__(self, **bright: torch.Tensor) -> None:
        super().__init__(width=2)
        self.bright = bright

    def forward(self, pictures):
        shapes = {"landmarks": (68, 3), "pose": (3,), "emotion": (5,), "gaze": (2,)}
        is_bright = (pictures.mean(dim=(1, 2, 3)) > 0).float()
        read = {}
        for name in FaceValues._fields:
            shape = shapes.get(name, ())
            more = self.bright.get(name, torch.zeros(shape)).expand(shape)
            read[name] = is_bright.view(-1, *[1] * len(shape)) * more
        return FaceValues(**read)


def value_distance(**bright: torch.Tensor) -> float:
    dark = torch.full((2, 3, 112, 112), -0.5)
    with torch.no_grad():
        found = likeness_losses(Told(**bright).eval(), -dark, dark)
    return float(found["reader_values"])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("pose", 0.1, 0.1 / 0.2),
        ("mouth_opening", 3.0, 3 / 4),
        ("emotion", 0.2, 0.2 / 0.4),
        ("blink", 0.7, 0.7),
        ("gaze", 0.3, 0.3),
        ("presence", 5.0, 0.0),  # both are faces: that is not asked
    ],
)
def test_each_reading_counts_in_its_own_unit(name, value, expected):
    assert value_distance(**{name: torch.tensor(value)}) == pytest.approx(expected, rel=1e-6)


def test_the_points_of_the_mouth_count_four_times_more_beside_all_points():
    everywhere = torch.full((68, 3), 2.0)
    only_mouth = torch.zeros(68, 3)
    only_mouth[list(MOUTH)] = 2.0
    assert value_distance(landmarks=everywhere) == pytest.approx(2 / 8 + 4 * 2 / 8)
    assert value_distance(landmarks=only_mouth) == pytest.approx(20 / 68 * 2 / 8 + 4 * 2 / 8)


@pytest.fixture
def reader():
    torch.manual_seed(0)
    return ReaderNetwork(width=2).eval().requires_grad_(False)


def test_maps_are_compared_in_shares_of_the_true_ones(reader):
    fake, real = torch.rand(2, 2, 3, 112, 112) * 2 - 1
    seen = []
    hooks = [
        reader.trunk[index].register_forward_hook(lambda *given: seen.append(given[2]))
        for index in (1, 3, 5)
    ]
    for one in (fake, real):
        reader(one)
    for hook in hooks:
        hook.remove()
    assert [len(one[0, 0]) for one in seen[:3]] == [28, 14, 7]
    pairs = zip(seen[:3], seen[3:], strict=True)
    expected = sum((ours - true).abs().mean() / true.abs().mean() for ours, true in pairs) / 3
    torch.testing.assert_close(likeness_losses(reader, fake, real)["reader_maps"], expected)


def test_equal_pictures_are_alike_and_only_the_fake_one_is_pulled(reader):
    real = (torch.rand(1, 3, 112, 112) * 2 - 1).requires_grad_()
    same = likeness_losses(reader, real.detach().clone(), real)
    assert {name: float(loss) for name, loss in same.items()} == {
        "reader_values": 0,
        "reader_maps": 0,
    }
    for name in same:
        fake = (torch.rand(1, 3, 112, 112) * 2 - 1).requires_grad_()
        likeness_losses(reader, fake, real)[name].backward()
        assert fake.grad is not None, name
        assert fake.grad.abs().max() > 0, name
    assert real.grad is None


def test_pictures_of_another_size_are_judged_at_the_readers_size(reader):
    fake, real = torch.rand(2, 1, 3, 112, 112) * 2 - 1
    twice = [one.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3) for one in (fake, real)]
    twice[0][..., ::2] += 0.2  # what shrinking takes away again
    twice[0][..., 1::2] -= 0.2
    found, expected = likeness_losses(reader, *twice), likeness_losses(reader, fake, real)
    for name, loss in expected.items():
        torch.testing.assert_close(found[name], loss, rtol=1e-4, atol=1e-5)  # means in float32
