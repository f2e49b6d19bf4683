"""Every setting that does not belong to one method, with its default, its limits and its help.

A method adds its own below ``model`` by deriving from `ModelSettings`, a dataset its own below
``dataset`` by deriving from `DatasetSettings`. Defaults stand here and nowhere else.
"""

from dataclasses import dataclass, field
from typing import Literal

from talkingface.config.fields import ranged

Split = Literal["train", "val", "test"]


@dataclass(frozen=True)
class ModelSettings:
    """What every method has; a method's own settings derive from it."""

    name: str = ""
    """Method, by its name in `list`."""


@dataclass(frozen=True)
class DatasetSettings:
    """What every dataset has; a dataset's own settings derive from it."""

    name: str = ""
    """Dataset, by its name in `list`."""


@dataclass(frozen=True)
class TrainSettings:
    """Training. It is off by default: the weights that are there are scored."""

    enabled: bool = False
    """Train before the evaluation."""


@dataclass(frozen=True)
class EvaluateSettings:
    """Which clips are generated and how they are scored."""

    split: Split = "test"
    """Part of the dataset that is generated and scored."""

    limit: int | None = ranged(None, minimum=1)
    """At most so many clips, from the first; none for all."""

    metrics: tuple[str, ...] = ("SSIM", "PSNR")
    """Scores to compute, by their names in `list`."""


@dataclass(frozen=True)
class Settings:
    """The whole tree of settings."""

    model: ModelSettings = field(default_factory=ModelSettings)
    dataset: DatasetSettings = field(default_factory=DatasetSettings)
    train: TrainSettings = field(default_factory=TrainSettings)
    evaluate: EvaluateSettings = field(default_factory=EvaluateSettings)

    evaluate_model_file: str | None = None
    """Weights to evaluate or to generate with; none for the demo weights of the method."""

    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where networks run; auto takes a GPU where there is one."""

    seed: int = ranged(0, minimum=0, maximum=2**32 - 1)
    """Start of every random number."""

    runs_folder: str = "runs"
    """Folder in which each run makes a folder of its own."""
