"""What a method declares of its authors' files is all that is needed to use them."""

import logging
from dataclasses import replace

import pytest
import torch

from talkingface.engine.published_weights import joined, model_with_published
from talkingface.errors import CheckpointError
from talkingface.registry import ModelSpec
from talkingface.storage.published import convert_trusted
from tests.unit.engine.toy_method import (
    ROW,
    SPEC,
    Toy,
    ToySettings,
    ToySizes,
    published_tensors,
    write_published,
)

OWN_NAMES = {"drawer.line.weight", "drawer.line.bias", "seer.weight", "seer.bias"}


@pytest.fixture
def files(tmp_path):
    return write_published(tmp_path / "toy")


def changed(tmp_path, name, **tensors):
    """Return the files, of which one has other tensors; None takes one away."""
    held = published_tensors()
    changes = {key.replace("__", "."): value for key, value in tensors.items()}
    held[name] = {key: one for key, one in (held[name] | changes).items() if one is not None}
    return write_published(tmp_path / "changed", held)


def refused(files):
    with pytest.raises(CheckpointError) as caught:
        model_with_published(SPEC, ToySettings("Toy"), files)
    return str(caught.value)


def test_the_networks_get_the_published_sizes_and_numbers_by_old_names_and_new(files, tmp_path):
    model = model_with_published(SPEC, ToySettings("Toy"), files)
    assert torch.equal(model.drawer["line"].weight, torch.tensor([[1.0, 2.0, 3.0]]))
    assert torch.equal(model.seer.bias, torch.tensor([8.0, 9.0, 10.0]))
    new = {"mapper__weight": None, "line__weight": torch.tensor([[7.0, 7.0, 7.0]])}
    model = model_with_published(SPEC, ToySettings("Toy"), changed(tmp_path, "net_G.pth", **new))
    assert torch.all(model.drawer["line"].weight == 7)


def test_what_drawing_needs_becomes_one_set_of_weights_with_its_licence(files, checkpoints):
    with (checkpoints / "weights.yaml").open("a") as table:
        table.write(ROW)
    weights = joined(SPEC, files)
    assert set(weights.tensors) == OWN_NAMES
    assert (weights.header.model, weights.header.kind) == ("Toy", "published")
    assert weights.header.licence == "as toys are"
    assert weights.header.architecture == {"width": 3}


def test_files_as_published_are_taken_without_a_word(files, caplog):
    with caplog.at_level(logging.INFO, "talkingface"):
        model_with_published(SPEC, ToySettings("Toy"), files)
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({"head__weight": None}, "head.weight is missing"),
        ({"head__weight": torch.zeros(2, 3)}, "head.weight is (2, 3) instead of (5, 3)"),
        ({"head__bias": torch.zeros(5)}, "head.bias is new"),
    ],
)
def test_heads_of_training_that_differ_are_reported_and_do_no_harm(tmp_path, caplog, tensors, said):
    files = changed(tmp_path, "net_G.pth", **tensors)
    with caplog.at_level(logging.INFO, "talkingface"):
        model_with_published(SPEC, ToySettings("Toy"), files)
    assert caplog.messages == [
        f"In {files['net_G.pth']}, what training alone uses is not as published ({said}), "
        "which does no harm."
    ]


def test_a_file_that_may_hold_more_says_what_is_left_out(tmp_path, caplog):
    files = changed(tmp_path, "net_E.pth", decoder__weight=torch.zeros(1))
    with caplog.at_level(logging.INFO, "talkingface"):
        model_with_published(SPEC, ToySettings("Toy"), files)
    assert caplog.messages == [
        f"{files['net_E.pth']} holds more (decoder.weight), which is left out."
    ]


def test_what_drawing_needs_must_be_there_in_its_size_and_alone(tmp_path):
    file = tmp_path / "changed" / "net_G.pth"
    message = refused(changed(tmp_path, "net_G.pth", mapper__bias=None))
    assert message.startswith(f"{file} does not fit ModuleDict: of its tensors 1 missing (line.b")
    message = refused(changed(tmp_path, "net_G.pth", mapper__weight=torch.zeros(1, 2)))
    assert "1 of another shape (line.weight (1, 2) instead of (1, 3))" in message
    message = refused(changed(tmp_path, "net_G.pth", extra__weight=torch.zeros(1)))
    assert "1 unknown (extra.weight)" in message
    message = refused(changed(tmp_path, "net_G.pth", line__bias=torch.zeros(1)))
    assert "holds line.bias twice, under an old name and a new one" in message


def test_a_missing_file_is_named_with_all_that_are_needed(files):
    del files["net_E.pth"]
    assert refused(files) == (
        "The published weights are incomplete: net_E.pth missing. "
        "Put all 2 files into one folder: net_G.pth, net_E.pth."
    )


def test_a_file_that_can_be_done_without_decides_about_the_sizes(files, tmp_path, monkeypatch):
    lesser = replace(Toy.published, without={"net_E.pth": ToySizes(4)})
    monkeypatch.setattr(Toy, "published", lesser)
    whole = joined(SPEC, files)
    assert whole.header.architecture == {"width": 3}
    assert torch.equal(whole.tensors["seer.bias"], torch.tensor([8.0, 9.0, 10.0]))
    four = {"mapper__weight": torch.tensor([[1.0, 2.0, 3.0, 4.0]])}
    alone = {"net_G.pth": changed(tmp_path, "net_G.pth", **four)["net_G.pth"]}
    weights = joined(SPEC, alone)
    assert weights.header.architecture == {"width": 4}
    assert torch.equal(weights.tensors["drawer.line.weight"], four["mapper__weight"])
    assert refused({"net_E.pth": files["net_E.pth"]}).endswith(
        "net_G.pth missing. Put all 1 files into one folder: net_G.pth."
    )


def test_a_file_that_had_to_be_converted_first_stands_for_the_original(files):
    safe = files["net_E.pth"].with_suffix(".safetensors")
    convert_trusted(files["net_E.pth"], safe)
    model = model_with_published(SPEC, ToySettings("Toy"), files | {"net_E.pth": safe})
    assert torch.equal(model.seer.bias, torch.tensor([8.0, 9.0, 10.0]))


def test_a_method_that_declares_nothing_says_so(files):
    spec = ModelSpec(
        "Still_Portrait", "", model="talkingface.models.still_portrait.model:StillPortrait"
    )
    with pytest.raises(CheckpointError, match="does not say what its authors published"):
        joined(spec, files)
