"""Published names, and what is left out."""

import json

import pytest
import torch

from talkingface.engine.published_weights import model_with_published, own_tensors
from talkingface.errors import CheckpointError
from talkingface.models.base import PublishedWeights
from talkingface.models.pd_fgc.config import PDFGCSettings
from talkingface.models.pd_fgc.model import PDFGC
from talkingface.models.pd_fgc.weights import FILES
from talkingface.registry import ModelSpec
from talkingface.storage.fitting import load_into
from tests.parity.deterministic import fill, read_manifest
from tests.parity.pd_fgc.published_numbers import GOLDENS
from tests.unit.models.pd_fgc.narrow import SIZES, job, motion_of, narrow_model

SPEC = ModelSpec("PD_FGC", "", model=PDFGC, config=PDFGCSettings)


def manifest(file):
    return GOLDENS / f"{file.partition('_')[0]}.json"


def published(file):
    """Return a published file as names and shapes, without numbers."""
    rows = json.loads(manifest(file).read_text())
    return {row["name"]: torch.empty(row["shape"], device="meta") for row in rows}


@pytest.fixture(scope="module")
def model():
    with torch.device("meta"):
        return PDFGC(PDFGCSettings(network=PDFGC.published.sizes))


def load(model, file, tensors):
    """Load what a file holds as the engine does, and return the tensors that were taken."""
    network = model.get_submodule(FILES[file].network)
    own = own_tensors(FILES[file], tensors, set(network.state_dict()), file)
    assert load_into(network, own, source=file) == ()
    return own


@pytest.mark.parametrize("file", FILES)
def test_a_published_file_fills_every_tensor(model, file):
    load(model, file, published(file))


def test_what_nothing_is_computed_from_is_left_out(model):
    held = sum(tensor.numel() for file in FILES for tensor in published(file).values())
    taken = sum(
        tensor.numel() for file in FILES for tensor in load(model, file, published(file)).values()
    )
    mapping, classes, people, start = 8 * (2590**2 + 2590), 2049 * 1000, 2049 * 5995, 512 * 49
    kernels = 10 * 16
    assert held - taken == mapping + classes + people + start + kernels
    assert taken == sum(tensor.numel() for tensor in model.state_dict().values())


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("appearance_model.pth", ["fc.bias", "id_fc.weight"]),
        (
            "motion_model.pth",
            [
                *("mouth_fc.1.weight", "headpose_fc.1.bias", "classifier.0.weight"),
                *("to_feature.weight", "to_embed.bias", "anything.new"),
            ],
        ),
        (
            "audio_model.pth",
            [
                *("fc.weight", "model.layer4_exp.0.conv1.weight", "model.attention_exp.0.bias"),
                *("model.fc_exp.weight", "exp_embed.1.bias"),
            ],
        ),
        ("generator_model.pth", ["style.9.weight", "something.new"]),
    ],
)
def test_whatever_the_authors_program_leaves_out_is_left_out(model, file, names):
    plain = published(file)
    extra = {name: torch.empty(7, device="meta") for name in names}
    assert load(model, file, plain | extra).keys() == load(model, file, plain).keys()


@pytest.mark.parametrize("file", ["appearance_model.pth", "audio_model.pth"])
def test_what_the_authors_program_refuses_is_refused(model, file):
    strange = {"model.layer9.weight": torch.empty(1, device="meta")}
    with pytest.raises(CheckpointError, match=r"1 unknown .model\.layer9"):
        load(model, file, published(file) | strange)


def test_a_missing_tensor_is_named_also_where_the_authors_program_says_nothing(model):
    tensors = published("motion_model.pth")
    del tensors["model.m0.b1_4.conv1.weight"]
    with pytest.raises(CheckpointError, match=r"1 missing .model\.hourglass\.upper"):
        load(model, "motion_model.pth", tensors)


def narrow_files(model):
    """Return published files as deep as the authors', with the widths of a narrow model."""
    files = {}
    for name, file in FILES.items():
        own = model.get_submodule(file.network).state_dict()
        rows = read_manifest(manifest(name))
        for row in rows:
            known = own.get(file.own_name(row["name"]))
            row["shape"] = [3] * len(row["shape"]) if known is None else list(known.shape)
        files[name] = fill(rows)
    return files


def test_published_files_drive_a_face(tmp_path, monkeypatch):
    deep = {"appearance_depths": (3, 4, 6, 3), "speech_depths": (3, 4, 6, 3)}
    sizes = SIZES.__class__(
        **{**vars(SIZES), **deep, "generator_channels": (8, 8, 8, 8, 4, 4), "image_px": 64}
    )
    monkeypatch.setattr(PDFGC, "published", PublishedWeights(FILES, sizes))
    plain = PDFGC(PDFGCSettings(network=sizes)).eval()
    for name, tensors in narrow_files(plain).items():
        torch.save(tensors, tmp_path / name)
    files = {name: tmp_path / name for name in FILES}
    filled = model_with_published(SPEC, PDFGCSettings(), files).eval()
    assert filled.settings.network == sizes
    assert not motion_of(filled, job()).equal(motion_of(plain, job()))
    again = model_with_published(SPEC, PDFGCSettings(), files).eval()
    assert motion_of(again, job()).equal(motion_of(filled, job()))
    del files["audio_model.pth"]
    with pytest.raises(CheckpointError, match=r"incomplete: audio_model\.pth missing"):
        model_with_published(SPEC, PDFGCSettings(), files)


def test_nobody_knows_the_angles_of_the_published_codes():
    assert not PDFGC.published.sizes.angle_codes
    assert narrow_model().settings.network.angle_codes
