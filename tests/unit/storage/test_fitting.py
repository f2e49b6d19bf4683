"""Tensors enter a network when every name and shape agrees, or not at all."""

import pytest
import torch
from torch import nn

from talkingface.errors import CheckpointError
from talkingface.storage.fitting import first_of, let_go, load_into, move_into


class Reader(nn.Module):
    """Two layers that matter and a head that does not."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
        self.classifier = nn.Linear(3, 4)


def other_weights() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return Reader().state_dict()


def test_everything_that_fits_is_copied() -> None:
    reader, tensors = Reader(), other_weights()
    assert load_into(reader, tensors, source="a.pth") == ()
    assert all(torch.equal(value, tensors[name]) for name, value in reader.state_dict().items())


def test_missing_unknown_and_misshapen_names_are_all_said_and_nothing_is_copied() -> None:
    reader, tensors = Reader(), other_weights()
    before = {name: value.clone() for name, value in reader.state_dict().items()}
    del tensors["layers.0.bias"]
    tensors["layers.9.bias"] = torch.zeros(1)
    tensors["classifier.weight"] = torch.zeros(7, 3)
    with pytest.raises(CheckpointError) as caught:
        load_into(reader, tensors, source="netE.pth")
    assert str(caught.value) == (
        "netE.pth does not fit Reader: of its tensors 1 missing (layers.0.bias), "
        "1 unknown (layers.9.bias), "
        "1 of another shape (classifier.weight (7, 3) instead of (4, 3)). "
        "Give weights made for this network and these sizes."
    )
    assert all(torch.equal(value, before[name]) for name, value in reader.state_dict().items())


def test_of_many_missing_or_unknown_names_the_first_five_are_listed() -> None:
    strange = {f"extra.{index}": torch.zeros(1) for index in range(6)}
    with pytest.raises(CheckpointError) as caught:
        load_into(Reader(), strange, source="a.pth")
    message = str(caught.value)
    assert "9 missing (layers.0.weight, layers.0.bias, layers.1.weight, " in message
    assert "6 unknown (extra.0, extra.1, extra.2, extra.3, extra.4, ...)" in message
    assert "extra.5" not in message
    assert "classifier" not in message  # the eighth and ninth


def test_five_names_are_all() -> None:
    assert first_of("abcde") == "a, b, c, d, e"
    assert first_of("abcdef") == "a, b, c, d, e, ..."


def test_heads_that_may_differ_are_left_alone_and_reported() -> None:
    reader, tensors = Reader(), other_weights()
    before = reader.classifier.weight.clone()
    tensors["classifier.weight"] = torch.zeros(7, 3)
    del tensors["classifier.bias"]
    tensors["mouth_fc.1.bias"] = torch.zeros(1)
    remarks = load_into(reader, tensors, source="a.pth", may_differ=["classifier.*", "mouth_fc.*"])
    assert remarks == (
        "classifier.bias is missing",
        "mouth_fc.1.bias is unknown",
        "classifier.weight is of another shape",
    )
    assert torch.equal(reader.classifier.weight, before)
    assert torch.equal(reader.layers[0].weight, tensors["layers.0.weight"])


def test_a_head_that_may_differ_and_fits_is_copied() -> None:
    reader, tensors = Reader(), other_weights()
    assert load_into(reader, tensors, source="a.pth", may_differ=["classifier.*"]) == ()
    assert torch.equal(reader.classifier.weight, tensors["classifier.weight"])


def test_the_number_of_batches_that_a_norm_has_seen_is_a_tensor_like_any_other() -> None:
    tensors = other_weights()
    del tensors["layers.1.num_batches_tracked"]
    with pytest.raises(CheckpointError, match="num_batches_tracked"):
        load_into(Reader(), tensors, source="syncnet_v2.model")
    load_into(Reader(), tensors, source="syncnet_v2.model", may_differ=["*.num_batches_tracked"])


def test_tensors_are_moved_into_a_module_that_let_its_own_go() -> None:
    reader, tensors = Reader(), other_weights()
    expected = {name: value.clone() for name, value in tensors.items()}
    kept = dict(reader.named_parameters())
    shapes = let_go(reader)
    assert sum(one.numel() for one in reader.state_dict().values()) == 0
    move_into(reader, shapes, tensors, source="a.pth")
    assert not tensors
    assert all(torch.equal(value, expected[name]) for name, value in reader.state_dict().items())
    assert all(kept[name] is one for name, one in reader.named_parameters())  # also for optimisers


def test_what_does_not_fit_is_said_of_moved_tensors_too() -> None:
    reader, tensors = Reader(), other_weights()
    tensors["classifier.weight"] = torch.zeros(7, 3)
    with pytest.raises(CheckpointError, match=r"a.pth does not fit Reader: of its tensors 1 of"):
        move_into(reader, let_go(reader), tensors, source="a.pth")
