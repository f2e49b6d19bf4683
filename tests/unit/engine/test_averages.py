"""Averages of some networks of a model, which leave the others alone."""

import torch
from torch import nn

from talkingface.config.settings import TrainSettings
from talkingface.engine.averages import AveragedWeights
from tests.unit.engine.conftest import Duel, Journal


def moved(model: nn.Module, by: float) -> None:
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(by)


def test_only_the_parts_that_are_named_are_averaged() -> None:
    model = nn.ModuleDict(
        {"encoder": nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)]), "head": nn.Linear(2, 1)}
    )
    inner = model["encoder"][1]  # type: ignore[index]
    averages = AveragedWeights(model, decay=0.75, parts=[inner])
    before = {name: one.clone() for name, one in model.state_dict().items()}
    moved(model, 1.0)
    averages.update(model)
    assert set(averages.state_dict()) == {"encoder.1.weight", "encoder.1.bias"}
    with averages.applied(model):
        for name, tensor in model.state_dict().items():
            by = 0.25 if name.startswith("encoder.1") else 1.0
            torch.testing.assert_close(tensor, before[name] + by)  # float32
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name] + 1.0)


def test_the_trainer_averages_the_networks_that_the_settings_name(make_trainer, clips) -> None:
    train = TrainSettings(steps=2, batch_size=3, ema_decay=0.9, ema_parts=("checker",))
    trainer = make_trainer(train)
    trainer.run(clips, seed=0, watcher=Journal())
    assert set(trainer.averages.state_dict()) == {"checker.weight", "checker.bias"}
    assert isinstance(trainer.model, Duel)
    now = trainer.model.checker.weight
    assert not torch.equal(trainer.averages.state_dict()["checker.weight"], now)


def test_statistics_of_batch_norm_are_averaged_with_the_weights_that_made_them() -> None:
    model = torch.nn.BatchNorm1d(1)
    averages = AveragedWeights(model, decay=0.5)
    model.running_mean.fill_(8.0)
    model.num_batches_tracked.fill_(5)
    averages.update(model)
    with averages.applied(model):
        assert model.running_mean.item() == 4.0  # half of 0 and half of 8
        assert model.num_batches_tracked.item() == 5  # a count has no average
    assert model.running_mean.item() == 8.0
