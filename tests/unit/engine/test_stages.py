"""What a stage says for itself holds in it, and what it leaves out is as the training says."""

from dataclasses import replace

import pytest
from torch import nn

from talkingface.config.settings import StageSettings, TrainSettings
from talkingface.engine.stages import optimizer_of, set_rate, stages_of
from talkingface.errors import ConfigError
from tests.unit.engine.conftest import Duel, Journal, Numbers

TRAIN = TrainSettings(
    batch_size=3,
    learning_rate=0.1,
    schedule="cosine",
    rate_scale={"fitter": 2.0, "checker": 3.0},
    loss_weights={"l1": 4.0, "rule": 5.0},
    stages=(
        StageSettings("as train says", steps=4),
        StageSettings(
            "its own way",
            steps=4,
            learning_rate=0.5,
            schedule="constant",
            rate_scale={"fitter": 0.5},
            loss_weights={"rule": 0.0},
        ),
    ),
)


def rates(stage, phase):
    """Return the rate of a phase at each step of a stage."""
    optimizer = optimizer_of(Duel(), phase, stage, TRAIN)
    found = []
    for step in range(stage.first_step, stage.end):
        set_rate(optimizer, step, stage, TRAIN)
        (group,) = optimizer.param_groups
        found.append(group["lr"])
    return found


def test_a_stage_has_its_own_rate_schedule_and_factors():
    first, second = stages_of(Duel(), TRAIN)
    half_cosine = [1.0, (1 + 0.5**0.5) / 2, 0.5, (1 - 0.5**0.5) / 2]
    assert rates(first, "fit") == pytest.approx([0.1 * 2 * one for one in half_cosine])
    assert rates(first, "check") == pytest.approx([0.1 * 3 * one for one in half_cosine])
    assert rates(second, "fit") == pytest.approx([0.5 * 0.5] * 4)
    assert rates(second, "check") == pytest.approx([0.5 * 3] * 4)  # its factor is not the stage's
    assert first.loss_weights == {"l1": 4.0, "rule": 5.0}
    assert second.loss_weights == {"l1": 4.0, "rule": 0.0}


def test_a_rate_of_zero_is_a_rate():
    (stage,) = stages_of(
        Duel(), replace(TRAIN, stages=(StageSettings("still", learning_rate=0.0),))
    )
    assert stage.learning_rate == 0


class Watched(Duel):
    """Remembers which networks are in training mode, and for which phases examples are drawn."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(1)
        self.modes = []
        self.drawn_for = []

    def losses(self, phase, batch):
        self.modes.append({name: network.training for name, network in self.networks.items()})
        return super().losses(phase, batch)

    def preparation_for(self, phases):
        self.drawn_for.append(tuple(phases))
        return Numbers()


def test_networks_that_rest_are_as_they_will_be_used_later(make_trainer, clips):
    model = Watched()
    train = TrainSettings(
        batch_size=3,
        stages=(
            StageSettings("one", steps=1, phases=("fit",), learns=("fitter",)),
            StageSettings("other", steps=1, phases=("check",), learns=("checker", "norm")),
            StageSettings("all", steps=1, phases=("fit",)),
        ),
    )
    model.eval()  # as a validation leaves it
    make_trainer(train, model).run(clips, seed=0, watcher=Journal())
    assert model.modes == [
        {"fitter": True, "checker": False, "norm": False},
        {"fitter": False, "checker": True, "norm": True},
        {"fitter": True, "checker": True, "norm": True},
    ]


def test_each_stage_draws_the_examples_that_its_phases_need(make_trainer, clips):
    model = Watched()
    train = TrainSettings(
        batch_size=3,
        stages=(
            StageSettings("one", steps=2, phases=("check",)),
            StageSettings("both", steps=1),
        ),
    )
    make_trainer(train, model).run(clips, seed=0, watcher=Journal())
    assert model.drawn_for == [("check",), ("fit", "check")]


@pytest.mark.parametrize(
    ("train", "what"),
    [
        (TrainSettings(loss_weights={"ruel": 2.0}), "train.loss_weights names a loss"),
        (
            TrainSettings(stages=(StageSettings("late", loss_weights={"ruel": 2.0}),)),
            "The stage 'late' names a loss",
        ),
    ],
)
def test_a_weight_of_no_loss_is_answered_with_the_nearest(train, what):
    with pytest.raises(ConfigError) as error:
        stages_of(Duel(), train)
    assert str(error.value).startswith(what)
    assert "Duel has not: 'ruel'. Did you mean 'rule'? Known: l1, rule, guess." in str(error.value)


def test_weights_of_a_method_that_does_not_say_its_losses_are_taken_as_they_are():
    class Terse(Duel):
        loss_names = ()

    (stage,) = stages_of(Terse(), TrainSettings(loss_weights={"anything": 2.0}))
    assert stage.loss_weights == {"anything": 2.0}
