"""Published names, old and new, and what is left out."""

import json

import pytest
import torch

from talkingface.errors import CheckpointError
from talkingface.models.pc_avs.identity_encoder import IdentityEncoder
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.models.pc_avs.non_identity_encoder import NonIdentityEncoder
from talkingface.models.pc_avs.speech_encoder import SpeechEncoder
from talkingface.models.pc_avs.voice_identity_encoder import VoiceIdentityEncoder
from talkingface.models.pc_avs.weights import (
    OLD_NAMES,
    PC_AVS,
    SPEECH2TALKING_FACE,
    TRAINING_HEADS,
    network_tensors,
)
from talkingface.nn.style_generator import StyleGenerator
from talkingface.storage.fitting import load_into
from tests.parity.pc_avs.published_numbers import GOLDENS


def published(label):
    """Return a published file as names and shapes, without numbers."""
    rows = json.loads((GOLDENS / f"net{label}.json").read_text())
    return {row["name"]: torch.empty(row["shape"], device="meta") for row in rows}


def files(layout):
    return {label: published(label) for label in layout}


def network(identity_encoder, *, learned_start):
    with torch.device("meta"):
        return PCAVSNetwork(
            identity_encoder(),
            SpeechEncoder(),
            NonIdentityEncoder(),
            StyleGenerator(2560, learned_start=learned_start),
        )


@pytest.mark.parametrize(
    ("layout", "identity_encoder", "learned_start"),
    [
        (PC_AVS, IdentityEncoder, False),
        (SPEECH2TALKING_FACE, VoiceIdentityEncoder, True),
    ],
)
def test_the_published_files_fill_every_tensor_and_only_heads_are_left(
    layout, identity_encoder, learned_start
):
    built = network(identity_encoder, learned_start=learned_start)
    tensors = network_tensors(layout, files(layout))
    remarks = load_into(built, tensors, source="demo.zip", may_differ=TRAINING_HEADS)
    left = {remark.split(".")[0] + "." + remark.split(".")[1] for remark in remarks}
    assert left == {pattern.removesuffix(".*") for pattern in TRAINING_HEADS}
    assert all(remark.endswith("is unknown") for remark in remarks)


def test_the_mapping_network_is_left_out():
    tensors = network_tensors(PC_AVS, files(PC_AVS))
    numbers = sum(tensor.numel() for name, tensor in tensors.items() if "generator" in name)
    whole = sum(tensor.numel() for tensor in published("G").values())
    assert whole - numbers > 52_400_000


def test_old_names_are_understood():
    new = {name: new_name for name, new_name in OLD_NAMES.items() if name.startswith("mapper")}
    assert new == {
        "mapper": "to_mouth",
        "mapper2small": "mouth_embed",
        "mapper_fc": "mouth_fc",
    }
    own_name = PC_AVS["E"].own_name
    back = {ours: old for old, ours in OLD_NAMES.items()}
    for name in published("E"):
        first, dot, rest = name.partition(".")
        assert own_name(back.get(first, first) + dot + rest) == own_name(name)


def test_a_missing_file_is_named():
    without = {label: tensors for label, tensors in files(PC_AVS).items() if label != "A_sync"}
    with pytest.raises(CheckpointError, match=r"incomplete: latest_net_A_sync\.pth missing"):
        network_tensors(PC_AVS, without)


def test_weights_of_other_sizes_are_refused_by_name():
    wrong = files(PC_AVS)
    wrong["V"]["conv1x1.weight"] = torch.empty(256, 2048, 1, 1, device="meta")
    built = network(IdentityEncoder, learned_start=False)
    with pytest.raises(CheckpointError, match=r"identity_encoder\.conv1x1\.weight"):
        load_into(
            built,
            network_tensors(PC_AVS, wrong),
            source="demo.zip",
            may_differ=TRAINING_HEADS,
        )
