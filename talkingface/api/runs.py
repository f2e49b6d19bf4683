"""Training and scoring from Python: the same runs, folders and files as from the command line."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from talkingface.api.asking import PathLike, asked
from talkingface.engine.carry_out import evaluate as carry_out_evaluation
from talkingface.engine.carry_out import train as carry_out_training
from talkingface.engine.evaluation import Evaluation
from talkingface.engine.ranks import Ranks
from talkingface.report.report import FILE, write_report

if TYPE_CHECKING:
    from talkingface.engine.training import Trained


def train(
    model: str | None = None,
    dataset: str | None = None,
    *,
    resume: PathLike | None = None,
    settings: Mapping[str, Any] | None = None,
    config_files: Iterable[PathLike] = (),
    plugins: Iterable[PathLike] = (),
) -> "Trained":
    """Train a method, and return where its weights lie and how it ended.

    >>> import talkingface
    >>> sizes = {"dataset.size": "tiny", "dataset.image_px": 64, "batch_size": 2}
    >>> trained = talkingface.train("Loud_Mouth", "SynthTalk", settings={**sizes, "steps": 2})
    >>> trained.step, trained.weights.name
    (2, 'weights.safetensors')
    >>> animator = talkingface.load("Loud_Mouth", weights=trained.weights)

    Args:
        model: its name in `list_models`.
        dataset: its name in ``list datasets``.
        resume: the folder of a run to go on with, which names both.
        settings: others by key; those of the training need no prefix: ``{"steps": 500}``.
        config_files: settings files.
        plugins: files with models, datasets or metrics of your own.

    Raises:
        TalkingFaceError: The settings do not fit, or the training failed.
    """
    said = {"model": model, "dataset": dataset, "resume": resume, **(settings or {})}
    return carry_out_training(asked("train", said, config_files, plugins))


def evaluate(
    model: str | None = None,
    dataset: str | None = None,
    *,
    weights: PathLike | None = None,
    settings: Mapping[str, Any] | None = None,
    config_files: Iterable[PathLike] = (),
    plugins: Iterable[PathLike] = (),
) -> Evaluation | None:
    """Generate the clips of a split, score them, and write the page of the run.

    >>> import talkingface
    >>> chosen = {"dataset.size": "tiny", "dataset.image_px": 64, "limit": 1, "metrics": "SSIM"}
    >>> done = talkingface.evaluate("Loud_Mouth", "SynthTalk", settings=chosen)
    >>> 0.5 < done.scores["SSIM"] < 1
    True
    >>> print(done)
                 Loud_Mouth  portrait repeated  n
      SSIM ↑ ...

    Args:
        model: its name in `list_models`.
        dataset: its name in ``list datasets``.
        weights: as for `load`.
        settings: others by key; those of the evaluation need no prefix: ``{"limit": 4}``.
            ``{"generated": "my_videos", "reference": "real_videos"}`` scores videos from anywhere,
            without a model or a dataset.
        config_files: settings files.
        plugins: files with models, datasets or metrics of your own.

    Returns:
        The scores, clip by clip, and the folder of the run; None on ranks of torchrun that do not
        write the tables.

    Raises:
        TalkingFaceError: What is needed is not there, or no clip could be scored.
    """
    said = {"model": model, "dataset": dataset, "evaluate_model_file": weights}
    wanted = asked("evaluate", {**said, **(settings or {})}, config_files, plugins)
    done = carry_out_evaluation(wanted, Ranks())
    if done is not None:
        write_report([done.run.path], done.run.path / FILE)
    return done
