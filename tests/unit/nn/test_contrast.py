"""The laws of contrast; the authors' numbers are met in tests/parity/pc_avs."""

import math

import numpy as np
import torch

from talkingface.nn.contrast import brought_together, contrastive, cross_modal


def test_contrast_is_the_cross_entropy_of_one_over_distance():
    rng = np.random.default_rng(0)
    anchors, candidates = rng.standard_normal((2, 4, 3))
    a = anchors / np.linalg.norm(anchors, axis=1, keepdims=True)
    b = candidates / np.linalg.norm(candidates, axis=1, keepdims=True)
    expected = 0.0
    for i in range(4):
        alike = [1 / np.linalg.norm(a[i] - b[j]) for j in range(4)]
        expected -= math.log(math.exp(alike[i]) / sum(map(math.exp, alike))) / 4
    ours = contrastive(torch.from_numpy(anchors), torch.from_numpy(candidates))
    np.testing.assert_allclose(ours, expected, rtol=1e-12)


def test_contrast_has_the_gradient_of_its_value():
    torch.manual_seed(0)
    pair = torch.randn(2, 3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda both: contrastive(both[0], both[1]), pair)


def test_equal_vectors_give_a_finite_loss_and_gradient():
    vectors = torch.eye(3, requires_grad=True)
    loss = contrastive(vectors, torch.eye(3))
    loss.backward()
    assert loss < 1e-3
    assert vectors.grad.isfinite().all()


def test_what_was_seen_does_not_move():
    heard, seen = torch.ones(2, 3, requires_grad=True), torch.zeros(2, 3, requires_grad=True)
    loss = cross_modal(heard, seen)
    loss.backward()
    assert loss == 1
    assert seen.grad is None


def test_each_side_moves_towards_the_other_where_it_is_the_anchor():
    heard, seen = torch.randn(2, 4, 3).requires_grad_().unbind()
    losses = brought_together(heard, seen)
    for name, moved, rests in (
        ("speech_to_mouth", heard, seen),
        ("mouth_to_speech", seen, heard),
        ("cross_modal", heard, seen),
    ):
        gradients = torch.autograd.grad(
            losses[name], (moved, rests), retain_graph=True, allow_unused=True
        )
        assert gradients[0].any()
        assert gradients[1] is None
