"""Bad samples are counted, and the notes of a training can be read."""

import json
import logging
from pathlib import Path

import pytest
import torch

from talkingface.config.settings import TrainSettings
from talkingface.engine.checkpoints import Checkpoints, load_checkpoint
from talkingface.engine.curves import Curves
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.trainer import StepReport
from talkingface.engine.watchers import BadSamples, Keeper, Notes, Together
from talkingface.errors import RunError

TRAIN = TrainSettings(steps=4, batch_size=50, log_every=2, save_every=2)


@pytest.fixture
def trainer(make_trainer):
    return make_trainer(TRAIN)


def report(trainer, step: int, bad: tuple[str, ...] = (), loss: float = 1.0) -> StepReport:
    return StepReport(step, trainer.stages[0], {"fit/l1": torch.tensor(loss)}, 0.5, bad)


def test_one_bad_sample_in_a_hundred_is_allowed_and_logged(trainer, caplog) -> None:
    watcher = BadSamples(TRAIN)
    with caplog.at_level(logging.WARNING, logger="talkingface"):
        for step in range(1, 5):
            bad = ("clip.mp4: it is torn.",) if step % 2 else ()
            assert watcher.after_step(trainer, report(trainer, step, bad)) is False
    assert [record.message for record in caplog.records] == [
        "An example was replaced: clip.mp4: it is torn."
    ] * 2


def test_more_than_the_allowed_share_of_bad_samples_stops_the_training(trainer) -> None:
    watcher = BadSamples(TRAIN)
    watcher.after_step(trainer, report(trainer, 1, ("a: torn.",)))
    with pytest.raises(RunError, match=r"3 of 100 examples could not be read.*The last: c: torn\."):
        watcher.after_step(trainer, report(trainer, 2, ("b: torn.", "c: torn.")))


def test_notes_hold_the_mean_of_the_steps_since_the_last_one(trainer, tmp_path: Path) -> None:
    notes = Notes(RunFolder(tmp_path), Curves("none", tmp_path), TRAIN, first=0, last=4)
    for step, loss in enumerate((1.0, 2.0, 5.0, 7.0), start=1):
        notes.after_step(trainer, report(trainer, step, loss=loss))
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [(line["step"], line["fit/l1"]) for line in lines] == [(2, 1.5), (4, 6.0)]
    assert lines[0]["learning_rate"] == pytest.approx(TRAIN.learning_rate / 2)
    assert lines[0]["samples_a_second"] > 0


def keeper(folder: Path, scores: list[float], **changed: int) -> Keeper:
    return Keeper(
        Checkpoints(folder),
        TrainSettings(**{"steps": 4, "save_every": 2, "validate_every": 1, **changed}),
        {"model_name": "Duel"},
        lambda trainer: scores.pop(0),
        higher_is_better=True,
        last=4,
    )


def test_patience_ends_when_nothing_is_gained(trainer, tmp_path: Path) -> None:
    watcher = keeper(tmp_path, [0.5, 0.6, 0.6, 0.4], patience=2)
    answers = [watcher.after_step(trainer, report(trainer, step)) for step in (1, 2, 3, 4)]
    assert answers == [False, False, False, True]


def test_weights_that_are_no_numbers_are_never_saved(trainer, tmp_path: Path) -> None:
    watcher = keeper(tmp_path, [])
    trainer.step = 2
    watcher.save(trainer)
    torch.nn.init.constant_(trainer.model.checker.weight, float("nan"))
    trainer.step = 4
    with pytest.raises(RunError, match=r"the weight checker\.weight is not a number"):
        watcher.save(trainer)
    last = Checkpoints(tmp_path).last
    assert last is not None
    assert load_checkpoint(last)["step"] == 2


def test_a_checkpoint_holds_all_that_a_training_needs_to_go_on(trainer, tmp_path: Path) -> None:
    watcher = keeper(tmp_path, [])
    watcher.save(trainer)
    last = Checkpoints(tmp_path).last
    assert last is not None
    assert load_checkpoint(last).keys() == {
        *("model", "optimizers", "averages", "precision", "step", "random"),
        *("best_score", "num_without_gain", "model_name"),
    }
    assert load_checkpoint(last)["random"][0].keys() == {"python", "numpy", "torch", "cuda"}


def test_every_watcher_sees_a_step_even_when_one_ends_the_training(trainer) -> None:
    seen = []

    class Seeing:
        def __init__(self, answer: bool) -> None:
            self.answer = answer

        def after_step(self, trainer, report) -> bool:
            seen.append(self.answer)
            return self.answer

    assert Together([Seeing(True), Seeing(False)]).after_step(trainer, report(trainer, 1))
    assert seen == [True, False]


def test_a_terminal_shows_a_bar_unless_quiet_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for is_quiet in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        monkeypatch.setattr("talkingface.engine.progress._is_quiet", lambda quiet=is_quiet: quiet)
        logging.getLogger("talkingface").setLevel(logging.INFO)
        Notes(RunFolder(tmp_path), Curves("none", tmp_path), TRAIN, first=0, last=4)
        assert ("0/4" in capsys.readouterr().err) is not is_quiet
