"""PC_AVS in the trainer: it goes on as if unbroken, starts from parts, and leaves its networks."""

from dataclasses import fields, replace

import pytest
import torch
from lightning_fabric import Fabric

from talkingface.config.settings import StageSettings, TrainSettings
from talkingface.engine.build import load_start
from talkingface.engine.stages import stages_of
from talkingface.engine.trainer import Trainer
from talkingface.engine.training import for_generating
from talkingface.errors import CheckpointError
from talkingface.models.pc_avs.config import PCAVSSizes
from talkingface.models.pc_avs.model import PCAVS
from talkingface.storage.weights import Weights, WeightsHeader, write_weights
from tests.unit.engine.conftest import Journal
from tests.unit.engine.test_trainer import same, stored
from tests.unit.models.pc_avs.tiny import SIZES, learner, settings, talking_people

DRAWS = ("identity_encoder", "speech_encoder", "mouth_embed", "generator", "discriminator")
TRAIN = TrainSettings(
    batch_size=2,
    learning_rate=0.002,
    ema_decay=0.9,
    ema_parts=("generator", "to_mouth"),
    clip_norm=5.0,
    every={"discriminator": 2},
    stages=(
        StageSettings(
            "motion",
            steps=2,
            phases=("motion", "disentangling"),
            learns=(
                "speech_encoder",
                "motion_encoder",
                "to_mouth",
                "headpose_embed",
                "people_by_pose",
            ),
            schedule="cosine",
        ),
        StageSettings("drawing", steps=2, phases=("generator", "discriminator"), learns=DRAWS),
    ),
)


def trainer_of() -> Trainer:
    model = learner(mel_noise=0.05)
    fabric = Fabric(accelerator="cpu", devices=1, precision="bf16-mixed")
    return Trainer(fabric, model, stages_of(model, TRAIN), TRAIN)


@pytest.fixture(scope="module")
def unbroken():
    """Return the end of a training, and the losses and states on the way."""
    trainer, journal = trainer_of(), Journal()
    states = {}

    class Keeps:
        def after_step(self, trainer, report):
            states[report.step] = stored(trainer.state())
            return journal.after_step(trainer, report)

    trainer.run(talking_people(), seed=4, watcher=Keeps())
    return journal.losses, states


@pytest.mark.parametrize("broken_after", [1, 3])  # within each stage, before the discriminator's
def test_several_networks_in_several_phases_go_on_as_if_unbroken(unbroken, broken_after) -> None:
    losses, states = unbroken
    torch.manual_seed(99)  # whatever happens in between
    trainer, journal = trainer_of(), Journal()
    trainer.load_state(states[broken_after])
    trainer.run(talking_people(), seed=4, watcher=journal)
    assert journal.losses == losses[broken_after:]
    assert same(stored(trainer.state()), states[4])


def test_what_learns_changes_and_what_rests_stays_to_the_last_statistic(unbroken) -> None:
    """Also the running means of what rests: they belong to what was learnt before."""
    _, states = unbroken
    model = learner()
    places = {id(module): place for place, module in model.named_modules()}
    for first, second, stage in zip((0, 2), (2, 4), TRAIN.stages, strict=True):
        before = model.state_dict() if first == 0 else states[first]["model"]
        after = states[second]["model"]
        for name, network in model.networks.items():
            inside = f"{places[id(network)]}."
            changed = [
                tensor
                for tensor in before
                if tensor.startswith(inside) and not torch.equal(before[tensor], after[tensor])
            ]
            assert bool(changed) == (name in stage.learns), (stage.name, name, changed[:3])


def test_only_named_parts_are_averaged(unbroken) -> None:
    _, states = unbroken
    parts = ("network.generator.", "network.non_identity_encoder.to_mouth.")
    own = {name for name, _ in learner().named_parameters() if name.startswith(parts)}
    assert set(states[4]["averages"]) == own


def test_weights_for_generating_hold_the_networks_alone() -> None:
    model = learner()
    kept = for_generating(model.state_dict(), model.training_only)
    assert kept.keys() == PCAVS(settings()).state_dict().keys()
    assert {name.split(".")[0] for name in model.state_dict()} == {"network", "learning"}
    assert {name.split(".")[0] for name in kept} == {"network"}


def test_tensors_keep_the_names_under_which_weights_are_stored() -> None:
    """Weights that are trained already must load for ever: change `weights` with these."""
    names = PCAVS(settings()).state_dict()
    parts = {".".join(name.split(".")[1:3]) for name in names if "non_identity" in name}
    assert {name.split(".")[1] for name in names} == {
        "identity_encoder",
        "speech_encoder",
        "non_identity_encoder",
        "generator",
    }
    assert {part.split(".")[1] for part in parts} == {
        *("model", "to_mouth", "mouth_embed", "to_headpose", "headpose_embed"),
    }
    assert {
        "network.identity_encoder.conv1x1.weight",
        "network.speech_encoder.model.attention.0.weight",
        "network.non_identity_encoder.model.to_feature.weight",
        "network.non_identity_encoder.headpose_embed.1.weight",
        "network.generator.to_rgbs.2.conv.weight",
        "network.generator.noises.noise_6",
    } <= names.keys()


def write(path, tensors) -> None:
    write_weights(path, Weights(WeightsHeader("PC_AVS", "trained", "none", {}), dict(tensors)))


def test_a_stage_starts_from_those_parts_that_a_file_holds(tmp_path) -> None:
    torch.manual_seed(1)
    other, model = PCAVS(settings()), learner()
    held = ("network.non_identity_encoder.to_mouth.", "network.generator.")
    file = tmp_path / "parts.safetensors"
    write(file, {k: v for k, v in other.state_dict().items() if k.startswith(held)})
    before = {name: one.clone() for name, one in model.state_dict().items()}
    load_start(model, file)
    for name, tensor in model.state_dict().items():
        source = other.state_dict() if name.startswith(held) else before
        assert torch.equal(tensor, source[name]), name


def test_a_part_is_taken_whole_or_not_at_all(tmp_path) -> None:
    file, model = tmp_path / "torn.safetensors", learner()
    torn = {
        name: tensor
        for name, tensor in model.state_dict().items()
        if name.startswith("network.generator.") and not name.endswith("to_rgb1.bias")
    }
    write(file, torn)
    with pytest.raises(CheckpointError, match=r"generator in .*torn.*1 missing \(to_rgb1.bias\)"):
        load_start(model, file)
    write(tmp_path / "none.safetensors", {"elsewhere.weight": torch.zeros(1)})
    with pytest.raises(CheckpointError, match="holds no network of PCAVS to start from"):
        load_start(model, tmp_path / "none.safetensors")


OTHER_SIZES = {
    "image_px": 128,
    "identity_channels": 8,
    "identity_depths": (2, 1, 1, 1),
    "identity_groups": 2,
    "identity_group_width": 32,
    "identity_last_stride": 2,
    "speech_channels": 16,
    "speech_depths": (1, 1, 1, 2),
    "motion_channels": 8,
    "motion_dropout": 0.0,
    "features": 24,
    "mouth_width": 9,
    "pose_width": 7,
    "generator_channels": (8, 8, 8, 4),
}


@pytest.mark.parametrize("name", [field.name for field in fields(PCAVSSizes)])
def test_every_size_reaches_the_networks(name: str) -> None:
    """A size that nothing reads would be kept with the weights, and mean nothing."""
    assert OTHER_SIZES[name] != getattr(SIZES, name)
    changed = PCAVS(settings(network=replace(SIZES, **{name: OTHER_SIZES[name]})))
    assert described(changed) != described(PCAVS(settings()))


def described(model: PCAVS) -> tuple[object, ...]:
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    hourglass = model.network.non_identity_encoder.model.hourglass
    strides = [
        part.stride
        for part in model.network.identity_encoder.modules()
        if isinstance(part, torch.nn.Conv2d | torch.nn.AvgPool2d)
    ]
    return shapes, strides, hourglass.dropout
