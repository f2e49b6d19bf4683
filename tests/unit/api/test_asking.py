"""A Python call asks for the same as the words that its run folder states."""

import shlex
from pathlib import Path

import pytest

from talkingface.api.asking import asked
from talkingface.cli.call import Call
from talkingface.errors import CheckpointError, ConfigError


def test_the_command_of_a_call_gives_the_same_settings(tmp_path: Path) -> None:
    file = tmp_path / "my settings.yaml"
    file.write_text("train.learning_rate: 3e-3\n")
    said = {
        "model": "loud-mouth",
        "dataset": "SynthTalk",
        "steps": 7,
        "dataset.size": "tiny",
        "loss_weights": {"l1": 0.5},
        "betas": (0.5, 0.9),
        "stages": [{"name": "first", "steps": 3}],
        "clip_norm": None,
        "device": "cpu",
    }
    one = asked("train", said, config_files=[file])
    line = shlex.join(one.command)
    other = Call.of(shlex.split(line)).asked
    assert one.settings == other.settings
    assert one.settings.train.steps == 7
    assert one.settings.train.learning_rate == 3e-3
    assert one.settings.train.loss_weights == {"l1": 0.5}
    assert one.settings.train.stages[0].steps == 3
    assert one.model() == other.model()


def test_a_wrong_value_is_said_to_stand_in_the_call() -> None:
    with pytest.raises(ConfigError, match=r"this call: 'train\.steps' takes a whole number"):
        asked("train", {"steps": "many"})
    with pytest.raises(CheckpointError, match="nowhere is no run folder"):
        asked("train", {"resume": "nowhere"})
