"""The laws of PD-FGC's own losses, and of what they remember."""

import numpy as np
import torch

from talkingface.models.pd_fgc.losses import decorrelation, eye_contrast
from talkingface.models.pd_fgc.memory import CodeMemory


def test_eyes_are_told_by_the_cosine_of_their_codes():
    rng = np.random.default_rng(0)
    anchors, eyes, rest = rng.standard_normal((3, 4, 6))

    def cosine(a, b):
        return (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)

    own, other = (np.exp(cosine(anchors, one) / 0.1) for one in (eyes, rest))
    expected = -np.log(own / (own + other)).mean()
    ours = eye_contrast(*map(torch.from_numpy, (anchors, eyes, rest)))
    np.testing.assert_allclose(ours, expected, rtol=1e-12)  # float64


def test_eyes_that_are_the_same_are_right_and_eyes_of_the_other_wrong():
    a, b = torch.eye(2)[:1], torch.eye(2)[1:]
    assert eye_contrast(a, a, b) < 1e-3
    assert eye_contrast(a, b, a) > 9


def test_correlation_is_pearsons():
    rng = np.random.default_rng(0)
    first, second = rng.standard_normal((50, 3)), rng.standard_normal((50, 2))
    second[:, 0] += first[:, 1]
    whole = np.corrcoef(first.T, second.T)
    expected = (whole[:3, 3:] ** 2).mean()
    ours = decorrelation(torch.from_numpy(first), torch.from_numpy(second))
    np.testing.assert_allclose(ours, expected, rtol=1e-5)  # a little is added to the variance


def test_correlation_is_one_of_copies_and_has_the_gradient_of_its_value():
    codes = torch.randn(6, 1, dtype=torch.float64, requires_grad=True)
    other = torch.randn(6, 2, dtype=torch.float64)
    torch.testing.assert_close(
        decorrelation(codes, 3 * codes - 1).detach(), torch.tensor(1.0).double(), rtol=1e-4, atol=0
    )
    assert torch.autograd.gradcheck(lambda one: decorrelation(one, other), codes)


def test_a_code_that_never_changes_goes_with_nothing():
    still = torch.ones(5, 2, requires_grad=True)
    loss = decorrelation(still, torch.randn(5, 3))
    loss.backward()
    assert loss == 0
    assert still.grad.isfinite().all()


def test_the_newest_codes_are_kept_and_the_oldest_forgotten():
    memory, batches = CodeMemory(5, 1), torch.arange(8.0).view(4, 2, 1)
    found = [memory.with_past(batch).flatten().tolist() for batch in batches]
    assert found == [[0, 1], [2, 3, 0, 1], [4, 5, 2, 3, 0, 1][:7], [6, 7, 4, 5, 2, 3, 0]]
    memory.eval()
    memory.with_past(batches[0])
    assert memory.codes.flatten().tolist() == [6, 7, 4, 5, 2]


def test_what_is_past_has_no_gradient():
    memory = CodeMemory(4, 1)
    first = torch.ones(2, 1, requires_grad=True)
    memory.with_past(first)
    second = torch.ones(2, 1, requires_grad=True)
    memory.with_past(second).sum().backward()
    assert first.grad is None
    assert second.grad.eq(1).all()
