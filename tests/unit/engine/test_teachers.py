"""Teachers come ready and at rest, or a sentence says how to get them or to do without."""

from pathlib import Path

import pytest
import torch

from talkingface.engine import teachers
from talkingface.engine.teachers import READER_FILE, TEACHERS, open_teachers
from talkingface.errors import CheckpointError
from talkingface.face.reader import write_reader
from talkingface.face.reader.network import ReaderNetwork
from talkingface.nn.perceptual import VGG19Features

CPU = torch.device("cpu")


@pytest.fixture
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that stands for the shipped weights."""
    monkeypatch.setattr(teachers, "checkpoints_folder", lambda: tmp_path)
    return tmp_path


def test_the_reader_comes_with_its_weights_at_rest(checkpoints: Path) -> None:
    own = ReaderNetwork(width=2).half().float()  # as it comes back from half precision
    (checkpoints / READER_FILE).parent.mkdir()
    write_reader(own, checkpoints / READER_FILE)
    (reader,) = open_teachers(["SynthTalkReader"], CPU).values()
    held = reader.state_dict()
    assert all(torch.equal(held[name], tensor) for name, tensor in own.state_dict().items())
    assert not any(part.training for part in reader.modules())
    assert not any(parameter.requires_grad for parameter in reader.parameters())


def test_a_teacher_is_not_the_reader_that_scores() -> None:
    from talkingface.face.reader import reader

    assert Path(READER_FILE).name != reader.WEIGHTS_FILE


def test_a_reader_that_is_missing_is_named(checkpoints: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no file .*demo_teacher\.safetensors"):
        open_teachers(["SynthTalkReader"], CPU)


def test_vgg_without_weights_says_how_to_get_them_and_how_to_do_without(monkeypatch) -> None:
    monkeypatch.setattr(teachers, "published_files", lambda names: {})
    with pytest.raises(CheckpointError) as refusal:
        open_teachers(["VGG19"], CPU)
    assert "`download vgg19`" in str(refusal.value)
    assert "--train.teachers=[]" in str(refusal.value)


def test_vgg_is_read_from_torchvisions_file_without_its_classifier(monkeypatch) -> None:
    own = VGG19Features()
    unread = {"features.34.weight": torch.zeros(1), "classifier.0.weight": torch.zeros(1)}
    monkeypatch.setattr(teachers, "published_files", lambda names: {"vgg19": Path("vgg19.pth")})
    monkeypatch.setattr(teachers, "read_published", lambda path: own.state_dict() | unread)
    (network,) = open_teachers(["VGG19"], CPU).values()
    assert isinstance(network, VGG19Features)
    assert torch.equal(network.features[28].weight, own.features[28].weight)  # type: ignore[arg-type]
    assert not network.training


def test_no_teacher_is_opened_where_none_is_asked_for() -> None:
    assert open_teachers([], CPU) == {}


def test_settings_know_every_teacher_by_name() -> None:
    from typing import get_args

    from talkingface.config.fields import field_types
    from talkingface.config.settings import TrainSettings

    (names, _) = get_args(field_types(TrainSettings)["teachers"])
    assert set(get_args(names)) == set(TEACHERS)
