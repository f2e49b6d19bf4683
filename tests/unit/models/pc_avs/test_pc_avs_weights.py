"""Published names, old and new, and what is left out."""

import logging

import pytest
import torch

from talkingface.engine.published_weights import own_tensors
from talkingface.models.pc_avs.assembly import network_of
from talkingface.models.pc_avs.config import PCAVSSizes
from talkingface.models.pc_avs.voice_config import Speech2TalkingFaceSizes
from talkingface.models.pc_avs.weights import OLD_NAMES, PC_AVS, SPEECH2TALKING_FACE
from tests.parity.deterministic import read_manifest
from tests.parity.pc_avs.published_numbers import manifest

BOTH = pytest.mark.parametrize(
    ("files", "sizes"),
    [(PC_AVS, PCAVSSizes()), (SPEECH2TALKING_FACE, Speech2TalkingFaceSizes())],
    ids=["PC_AVS", "Speech2Talking_Face"],
)


def published(name):
    """Return a published file as names and shapes, without numbers."""
    rows = read_manifest(manifest(name))
    return {row["name"]: torch.empty(row["shape"], device="meta") for row in rows}


def own(files, sizes):
    """Return the tensors of all files by the names of the network, and those of the network."""
    with torch.device("meta"):
        network = network_of(sizes).state_dict()
    found = {}
    for name, file in files.items():
        place = file.network.removeprefix("network.") + "."
        names = {one.removeprefix(place) for one in network if one.startswith(place)}
        tensors = own_tensors(file, published(name), names, name)
        found |= {place + one: tensor for one, tensor in tensors.items()}
    return found, network


@BOTH
def test_the_published_files_are_all_that_the_networks_need_without_a_remark(files, sizes, caplog):
    with caplog.at_level(logging.INFO, "talkingface"):
        found, network = own(files, sizes)
    assert caplog.messages == []
    shapes = {name: tensor.shape for name, tensor in network.items()}
    assert {name: tensor.shape for name, tensor in found.items()} == shapes


def test_half_of_what_is_published_is_needed():
    found, _ = own(PC_AVS, PCAVSSizes())
    kept = sum(tensor.numel() for tensor in found.values())
    whole = sum(tensor.numel() for name in PC_AVS for tensor in published(name).values())
    mapping = sum(
        one.numel() for name, one in published("latest_net_G.pth").items() if "style" in name
    )
    assert kept / whole == pytest.approx(0.503, abs=0.001)
    assert mapping / whole > 1 / 3


def test_old_names_are_understood():
    new = {name: new_name for name, new_name in OLD_NAMES.items() if name.startswith("mapper")}
    assert new == {
        "mapper": "to_mouth",
        "mapper2small": "mouth_embed",
        "mapper_fc": "mouth_fc",
    }
    own_name = PC_AVS["latest_net_E.pth"].own_name
    back = {ours: old for old, ours in OLD_NAMES.items()}
    for name in published("latest_net_E.pth"):
        first, dot, rest = name.partition(".")
        assert own_name(back.get(first, first) + dot + rest) == own_name(name)
