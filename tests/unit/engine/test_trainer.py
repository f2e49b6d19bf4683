"""The trainer does what the algorithm says, and a resumed run is an unbroken one."""

import io
import multiprocessing
import os
import signal
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
import torch

from talkingface.config.settings import StageSettings, TrainSettings
from talkingface.engine.averages import AveragedWeights
from talkingface.engine.schedule import rate_factor
from talkingface.engine.stages import stages_of
from talkingface.errors import ConfigError, DataError, RunError
from tests.unit.engine.conftest import Duel, Journal, Numbers

# Six clips in batches of three: an epoch is two steps.
TRAIN = TrainSettings(
    steps=4,
    batch_size=3,
    learning_rate=0.01,
    ema_decay=0.9,
    schedule="cosine",
    warmup_steps=2,
    clip_norm=1.0,
    loss_weights={"rule": 0.1},
)


def stored(state):
    """Return a state as it comes back from a file."""
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def same(one, other) -> bool:
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize("num_workers", [0, 2])
@pytest.mark.parametrize("broken_after", [2, 3])  # at the border of an epoch, and within one
def test_resume_is_bit_equal_to_an_unbroken_run(
    make_trainer, clips, num_workers: int, broken_after: int
) -> None:
    train = replace(TRAIN, num_workers=num_workers)
    unbroken, whole = make_trainer(train), Journal()
    unbroken.run(clips, seed=5, watcher=whole)

    first, before = make_trainer(train), Journal(until=broken_after)
    first.run(clips, seed=5, watcher=before)
    state = stored(first.state())
    torch.manual_seed(99)  # whatever happens in between
    second, after = make_trainer(train), Journal()
    second.load_state(state)
    second.run(clips, seed=5, watcher=after)

    assert before.losses + after.losses == whole.losses
    assert same(stored(second.state()), stored(unbroken.state()))


@pytest.mark.parametrize("lost", ["model", "averages", "optimizers", "step", "random"])
def test_a_checkpoint_without_any_of_its_parts_does_not_resume(
    make_trainer, clips, lost: str
) -> None:
    whole = Journal()
    unbroken = make_trainer(TRAIN)
    unbroken.run(clips, seed=5, watcher=whole)
    first = make_trainer(TRAIN)
    first.run(clips, seed=5, watcher=Journal(until=2))
    second, after = make_trainer(TRAIN), Journal()
    # A part that is lost is as it was at the start.
    state = {**stored(first.state()), lost: stored(second.state())[lost]}
    second.load_state(state)
    second.run(clips, seed=5, watcher=after)
    assert after.losses != whole.losses[2:] or not same(second.state(), unbroken.state())


def test_two_equal_runs_are_bit_equal(make_trainer, clips) -> None:
    journals = [Journal(), Journal()]
    for journal in journals:
        make_trainer(TRAIN).run(clips, seed=1, watcher=journal)
    assert journals[0].losses == journals[1].losses


@pytest.mark.parametrize("precision", ["bf16-mixed", "32"])
def test_lower_precision_learns_the_same_to_its_own_rounding(
    make_trainer, clips, precision: str
) -> None:
    exact, rounded = Journal(), Journal()
    make_trainer(TRAIN).run(clips, seed=1, watcher=exact)
    make_trainer(replace(TRAIN, precision=precision)).run(clips, seed=1, watcher=rounded)
    for right, near in zip(exact.losses, rounded.losses, strict=True):
        # bfloat16 keeps 8 bits of a number: 1 in 256, through three layers
        assert near == pytest.approx(right, rel=0 if precision == "32" else 0.03)


def test_another_seed_sees_other_examples(make_trainer, clips) -> None:
    journals = [Journal(), Journal()]
    for seed, journal in enumerate(journals):
        make_trainer(TRAIN).run(clips, seed=seed, watcher=journal)
    assert journals[0].losses != journals[1].losses


def test_an_accumulated_batch_equals_a_whole_one(make_trainer, clips) -> None:
    model = Duel()
    model.noise = 0.0
    model.fitter[1].p = 0.0  # without chance, parts of a batch add up to the whole
    journals = []
    start = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for parts in (1, 3):
        model.load_state_dict(start)
        journals.append(Journal())
        train = replace(TRAIN, accumulate=parts)
        make_trainer(train, model).run(clips, seed=2, watcher=journals[-1])
    for whole, sum_of_parts in zip(journals[0].losses, journals[1].losses, strict=True):
        # float32 sums in another order, through four updates
        assert sum_of_parts == pytest.approx(whole, rel=1e-5)


def test_a_step_of_the_trainer_is_a_step_of_a_plain_loop(make_trainer, clips) -> None:
    model, plain = Duel(), Duel()
    for one in (model, plain):
        one.noise, one.fitter[1].p = 0.0, 0.0
    plain.load_state_dict(model.state_dict())
    train = TrainSettings(steps=3, batch_size=6, learning_rate=0.05, loss_weights={"rule": 0.5})
    make_trainer(train, model).run(clips, seed=3, watcher=Journal())

    from talkingface.engine.batches import Slice, batches

    optimizers = [
        torch.optim.AdamW(part.parameters(), lr=0.05, weight_decay=0.0)
        for part in (plain.fitter, plain.checker)
    ]
    for read in batches(clips, Numbers(), Slice(3, 0, 3, 6)):
        for phase, optimizer in zip(plain.phases, optimizers, strict=True):
            losses = plain.losses(phase, read.batch)
            optimizer.zero_grad()
            sum(loss * (0.5 if name == "rule" else 1) for name, loss in losses.items()).backward()
            optimizer.step()
    assert same(model.state_dict(), plain.state_dict())


def test_the_wrong_network_never_learns(make_trainer, clips) -> None:
    model = Duel()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    train = replace(TRAIN, stages=(StageSettings("half", steps=2, phases=("fit",)),))
    make_trainer(train, model).run(clips, seed=0, watcher=Journal())
    after = model.state_dict()
    changed = {name.split(".")[0] for name in after if not torch.equal(after[name], before[name])}
    assert changed == {"fitter"}
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_stages_follow_each_other_each_with_its_own_rules(make_trainer, clips) -> None:
    train = replace(
        TRAIN,
        stages=(
            StageSettings("first", steps=2, phases=("fit",), loss_weights={"rule": 0.0}),
            StageSettings("second", steps=3, learns=("checker",), phases=("check",)),
        ),
    )
    journal = Journal()
    trainer = make_trainer(train)
    trainer.run(clips, seed=0, watcher=journal)
    assert [sorted(losses) for losses in journal.losses] == [["fit/l1", "fit/rule"]] * 2 + [
        ["check/guess"]
    ] * 3
    assert [stage.first_step for stage in trainer.stages] == [0, 2]
    assert dict(trainer.stages[0].loss_weights) == {"rule": 0.0}
    assert dict(trainer.stages[1].loss_weights) == {"rule": 0.1}


def test_a_phase_may_come_only_every_few_steps(make_trainer, clips) -> None:
    journal = Journal()
    make_trainer(replace(TRAIN, every={"check": 2})).run(clips, seed=0, watcher=journal)
    assert ["check/guess" in losses for losses in journal.losses] == [True, False, True, False]


def test_the_rate_of_a_network_can_be_scaled(make_trainer, clips) -> None:
    model = Duel()
    before = model.fitter[0].weight.detach().clone()
    train = replace(TRAIN, rate_scale={"fitter": 0.0}, steps=2)
    make_trainer(train, model).run(clips, seed=0, watcher=Journal())
    assert torch.equal(model.fitter[0].weight, before)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"every": {"chek": 2}}, "'chek'. Did you mean 'check'?"),
        ({"rate_scale": {"fiter": 2.0}}, "Did you mean 'fitter'?"),
        ({"ema_parts": ("chcker",)}, "Did you mean 'checker'?"),
        ({"stages": (StageSettings("s", phases=("fitt",)),)}, "Did you mean 'fit'?"),
        ({"stages": (StageSettings("s", learns=("x",)),)}, "Known: fitter, checker."),
    ],
)
def test_a_wrong_name_in_the_settings_is_a_sentence(change, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        stages_of(Duel(), replace(TRAIN, **change))
    assert sentence in str(error.value)


def test_a_stage_in_which_a_phase_updates_nothing_is_a_sentence(make_trainer, clips) -> None:
    train = replace(TRAIN, stages=(StageSettings("odd", learns=("checker",)),))
    with pytest.raises(ConfigError, match="nothing that the phase 'fit' updates learns"):
        make_trainer(train).run(clips, seed=0, watcher=Journal())


class Exploding(Duel):
    """Its loss is no number from a step on."""

    def losses(self, phase, batch):
        losses = super().losses(phase, batch)
        self.seen = getattr(self, "seen", 0) + (phase == "fit")
        if phase == "fit" and self.seen > 2:
            losses["rule"] = losses["rule"] * float("nan")
        return losses


def test_three_steps_without_a_number_stop_the_training_and_change_no_weight(
    make_trainer, clips
) -> None:
    model, journal = Exploding(), Journal()
    trainer = make_trainer(replace(TRAIN, steps=50), model)
    with pytest.raises(RunError, match="In step 5 the loss rule of the phase 'fit' is not a numb"):
        trainer.run(clips, seed=0, watcher=journal)
    assert len(journal.losses) == 4
    assert all(torch.isfinite(parameter).all() for parameter in model.parameters())


@dataclass
class SignalsReaders(Journal):
    """Sends the reading processes what a terminal or a cluster sends to all processes of a run."""

    number: signal.Signals = signal.SIGTERM

    def after_step(self, trainer, report):
        for reader in multiprocessing.active_children():
            os.kill(reader.pid, self.number)
        return super().after_step(trainer, report)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_reading_processes_ends_no_training(
    make_trainer, clips, number: signal.Signals
) -> None:
    journal = SignalsReaders(number=number)
    train = replace(TRAIN, num_workers=1, steps=12)  # more than a process reads ahead
    make_trainer(train).run(clips, seed=5, watcher=journal)
    assert len(journal.losses) == 12


class SometimesUnreadable(Numbers):
    def prepare(self, clip):
        if clip.name == "clip-3":
            raise DataError("it is torn.")
        return super().prepare(clip)


@pytest.mark.parametrize("num_workers", [0, 2])
def test_an_unreadable_example_is_replaced_and_named(
    make_trainer, clips, monkeypatch, num_workers: int
) -> None:
    monkeypatch.setattr(Duel, "preparation", SometimesUnreadable())
    journals = []
    for _ in range(2):
        journals.append(Journal())
        train = replace(TRAIN, num_workers=num_workers)
        make_trainer(train).run(clips, seed=0, watcher=journals[-1])
    assert set(journals[0].bad) == {"clip-3: it is torn."}
    assert len(journals[0].bad) >= 2  # once in each of two epochs, or more where drawn again
    assert journals[0].losses == journals[1].losses  # the replacement is drawn from the seed


def test_clips_that_are_all_unreadable_end_the_training(make_trainer, clips, monkeypatch) -> None:
    monkeypatch.setattr(Duel, "preparation", SometimesUnreadable())
    with pytest.raises(DataError, match="20 clips in a row cannot be read"):
        make_trainer(TRAIN).run([clips[3]], seed=0, watcher=Journal())


def test_the_average_is_the_closed_form() -> None:
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(model.weight, 1.0)
    averages = AveragedWeights(model, decay=0.75)
    for value in (2.0, 3.0):
        torch.nn.init.constant_(model.weight, value)
        averages.update(model)
    expected = 0.75**2 * 1 + 0.25 * 0.75 * 2 + 0.25 * 3
    with averages.applied(model):
        assert model.weight.item() == pytest.approx(expected)
    assert model.weight.item() == 3.0


def test_no_average_is_kept_where_none_is_asked_for() -> None:
    assert AveragedWeights(torch.nn.Linear(1, 1), decay=0.0).state_dict() == {}


def test_the_rate_rises_then_falls_along_a_cosine() -> None:
    rates = [rate_factor(step, 12, warmup_steps=4, schedule="cosine") for step in range(12)]
    assert rates[:4] == [0.25, 0.5, 0.75, 1.0]
    assert rates[4] == 1.0
    assert rates[8] == pytest.approx(0.5)
    assert all(later < earlier for earlier, later in pairwise(rates[4:]))
