"""What the profiles exact and fast change."""

import logging

import pytest
import torch

from talkingface.engine import profiles
from talkingface.engine.devices import half_format
from talkingface.engine.profiles import made_ready
from tests.narrow_pc_avs import narrow_pc_avs

CPU = torch.device("cpu")


@torch.inference_mode()
def drawn(model):
    network = model.network
    random = torch.Generator().manual_seed(0)
    faces = torch.rand(2, 3, 112, 112, generator=random) * 2 - 1
    mels = torch.rand(2, 80, 20, generator=random)
    identity = network.identify(faces[None])
    return network.draw(identity, network.mouth_codes(mels), network.pose_codes(faces))


def test_exact_changes_pictures_by_rounding_alone():
    plain = drawn(narrow_pc_avs())
    exact = drawn(made_ready(narrow_pc_avs(), "exact", CPU))
    error = (exact - plain).abs().max() / plain.abs().max()
    assert 0 < error < 1e-5  # float32, a hundred layers


def test_fast_has_half_the_digits_where_the_device_is_faster_so(monkeypatch):
    monkeypatch.setattr(profiles, "half_format", lambda device: torch.bfloat16)
    exact = made_ready(narrow_pc_avs(), "exact", CPU)
    fast = made_ready(narrow_pc_avs(), "fast", CPU)
    formats = {name: one.dtype for name, one in fast.named_parameters()}
    assert formats["network.generator.conv1.conv.conv.weight"] == torch.bfloat16
    assert formats["network.speech_encoder.model.fc.weight"] == torch.float32
    expected = drawn(exact)
    error = (drawn(fast) - expected).abs().max() / expected.abs().max()
    assert 1e-4 < error < 0.1  # bfloat16 has 8 bits


def test_fast_is_exact_where_it_would_be_no_faster(monkeypatch, caplog):
    monkeypatch.setattr(profiles, "half_format", lambda device: None)
    with caplog.at_level(logging.WARNING):
        fast = made_ready(narrow_pc_avs(), "fast", CPU)
    assert {one.dtype for one in fast.parameters()} == {torch.float32}
    assert "so fast is exact" in caplog.text


def test_a_ready_method_is_not_trained_any_more():
    ready = made_ready(narrow_pc_avs().train(), "exact", CPU)
    assert not ready.training
    assert not any(one.requires_grad for one in ready.parameters())


@pytest.mark.parametrize(
    ("instructions", "expected"),
    [({"avx512_bf16": True}, torch.bfloat16), ({"avx2": True}, None), ({}, None)],
)
def test_the_processor_says_whether_it_multiplies_half_digits(monkeypatch, instructions, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: instructions, raising=False)
    assert half_format(CPU) == expected


def test_a_torch_that_does_not_tell_is_not_asked(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)  # 2.10 has none
    assert half_format(CPU) is None
