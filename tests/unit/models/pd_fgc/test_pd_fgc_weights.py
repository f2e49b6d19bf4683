"""Published names, and what is left out."""

import json

import pytest
import torch

from talkingface.errors import CheckpointError
from talkingface.models.pd_fgc.config import PDFGCSizes
from talkingface.models.pd_fgc.model import network_of
from talkingface.models.pd_fgc.weights import FILES, network_tensors
from talkingface.storage.fitting import load_into
from tests.parity.pd_fgc.published_numbers import GOLDENS


def published(file):
    """Return a published file as names and shapes, without numbers."""
    rows = json.loads((GOLDENS / f"{file.partition('_')[0]}.json").read_text())
    return {row["name"]: torch.empty(row["shape"], device="meta") for row in rows}


@pytest.fixture
def files():
    return {file: published(file) for file in FILES}


@pytest.fixture(scope="module")
def network():
    with torch.device("meta"):
        return network_of(PDFGCSizes())


def held(files, network):
    return network_tensors(files, network.state_dict().keys())


def test_the_published_files_fill_every_tensor(files, network):
    assert load_into(network, held(files, network).tensors, source="checkpoints.tar") == ()


def test_what_nothing_is_computed_from_is_left_out_and_named(files, network):
    found = held(files, network)
    left = {name.partition(".pth: ")[2] for name in found.left_out}
    assert {name for name in left if not name.startswith("style.")} == {
        *("model.fc.weight", "model.fc.bias", "fc.weight", "fc.bias", "input.input"),
        *(name for name in files["generator_model.pth"] if name.endswith(".kernel")),
    }
    numbers = sum(tensor.numel() for tensor in found.tensors.values())
    everything = sum(tensor.numel() for file in files.values() for tensor in file.values())
    # the mapping network, ImageNet's classes and VoxCeleb's, and little else
    assert 53_680_000 + 2_049_000 + 12_283_755 < everything - numbers < 68_050_000


def test_whatever_the_authors_program_leaves_out_is_left_out(files, network):
    extra = {
        "appearance_model.pth": ("fc.bias",),
        "motion_model.pth": (
            *("mouth_fc.1.weight", "headpose_fc.1.bias", "classifier.0.weight"),
            *("to_feature.weight", "to_embed.bias", "anything.new"),
        ),
        "audio_model.pth": (
            *("fc.weight", "model.layer4_exp.0.conv1.weight", "model.attention_exp.0.bias"),
            *("model.fc_exp.weight", "exp_embed.1.bias"),
        ),
        "generator_model.pth": ("style.9.weight", "something.new"),
    }
    for file, names in extra.items():
        files[file] |= {name: torch.empty(7, device="meta") for name in names}
    found = held(files, network)
    assert load_into(network, found.tensors, source="checkpoints.tar") == ()
    expected = {f"{file}: {name}" for file, names in extra.items() for name in names}
    assert expected <= set(found.left_out)


@pytest.mark.parametrize(
    ("file", "name", "ours"),
    [
        ("appearance_model.pth", "model.layer9.weight", r"appearance_encoder\.model\.layer9"),
        ("audio_model.pth", "model.layer9.weight", r"speech_encoder\.model\.layer9"),
    ],
)
def test_what_the_authors_program_refuses_is_refused(files, network, file, name, ours):
    files[file][name] = torch.empty(1, device="meta")
    with pytest.raises(CheckpointError, match=f"1 unknown .{ours}"):
        load_into(network, held(files, network).tensors, source="checkpoints.tar")


def test_a_missing_tensor_is_named_also_where_the_authors_program_says_nothing(files, network):
    del files["motion_model.pth"]["model.m0.b1_4.conv1.weight"]
    with pytest.raises(
        CheckpointError, match=r"1 missing .motion_encoder\.model\.hourglass\.upper"
    ):
        load_into(network, held(files, network).tensors, source="checkpoints.tar")


def test_a_missing_file_is_named(files, network):
    del files["audio_model.pth"]
    with pytest.raises(CheckpointError, match=r"incomplete: audio_model\.pth missing"):
        held(files, network)
