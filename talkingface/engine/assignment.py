"""What somebody asks for, in whatever way: settings, what they name, and the words that repeat it.

The command line, the Python functions and the page each make an `Assignment`; `carry_out` does it.
"""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingface.config.layers import Resolved
from talkingface.config.settings import Settings
from talkingface.config.written import as_file
from talkingface.engine.launch import Launch
from talkingface.engine.run_folder import RunFolder
from talkingface.errors import UsageError
from talkingface.registry import DatasetSpec, ModelSpec, Registry

PROGRAM = "python run_talkingface.py"  # how a command line begins

if TYPE_CHECKING:
    from talkingface.data.base import TalkingFaceDataset
    from talkingface.engine.ranks import Ranks


@dataclass(frozen=True)
class Assignment:
    """One piece of work.

    Attributes:
        registry: what can be chosen by name.
        resolved: its settings.
        command: the words behind the program's name that ask for the same.
        resumed: the run folder in which it goes on, if it does.
        plugins: the files of one's own that the registry was filled from too.
    """

    registry: Registry
    resolved: Resolved
    command: tuple[str, ...]
    resumed: Path | None = None
    plugins: tuple[str, ...] = ()

    @property
    def settings(self) -> Settings:
        """The values of its settings."""
        return self.resolved.settings

    def with_weights(self, file: str) -> "Assignment":
        """Return the same work with other weights."""
        return replace(self, resolved=self.resolved.with_weights(file))

    def model(self) -> ModelSpec:
        """Return the model that must be named.

        Raises:
            UsageError: None is.
        """
        if self.resolved.model is None:
            raise UsageError(_choose("model", self.registry.models))
        return self.resolved.model

    def video_model(self) -> ModelSpec:
        """Return the model that must be named, to make videos with.

        Raises:
            UsageError: None is, or one that makes no videos.
        """
        spec = self.model()
        if not spec.makes_video:
            raise UsageError(
                f"{spec.name} scores videos and makes none. Choose a model that makes them, or "
                f"train {spec.name}: train --model={spec.name}."
            )
        return spec

    def dataset(self) -> DatasetSpec:
        """Return the dataset that must be named.

        Raises:
            UsageError: None is.
        """
        if self.resolved.dataset is None:
            raise UsageError(_choose("dataset", self.registry.datasets))
        return self.resolved.dataset

    def prepared_dataset(self, ranks: "Ranks") -> "TalkingFaceDataset":
        """Return the dataset with all that its clips need, made by the first rank."""
        from talkingface.engine.build import build_dataset
        from talkingface.engine.progress import progress

        dataset = build_dataset(self.dataset(), self.settings)
        with ranks.first_goes_first(), progress("preparing the clips") as step:
            dataset.prepare(step)
        return dataset

    def new_run(self, ranks: "Ranks", purpose: str, **facts: object) -> RunFolder:
        """Return a new folder for this work, the same one for all ranks.

        Args:
            ranks: the processes that do it.
            purpose: the last part of its name, such as the dataset.
            facts: what the manifest says beside the program, the device and the seed.
        """
        made = self._new_run(purpose, facts) if ranks.is_first else ""
        return RunFolder(Path(ranks.from_first(made)))

    def generating_with(self, weights: Path) -> str:
        """Return the command line that makes a video by this method with other weights."""
        spec = self.model()
        words = ["generate", f"--model={spec.name}", f"--evaluate_model_file={weights}"]
        given = ["--source", "face.jpg"] if spec.needs_portrait else []
        plugins = ["--plugins", *self.plugins] if self.plugins else []
        return shlex.join([*PROGRAM.split(), *words, *given, "--audio", "speech.wav", *plugins])

    def _new_run(self, purpose: str, facts: dict[str, Any]) -> str:
        from talkingface.engine.devices import choose_device
        from talkingface.engine.provenance import provenance

        settings = self.settings
        manifest = {
            **provenance([*PROGRAM.split(), *self.command]),
            "device": str(choose_device(settings.device)),
            "seed": settings.seed,
            "job": Launch.of_this_process().job,
            **facts,
        }
        run = RunFolder.create(
            Path(settings.runs_folder),
            settings.model.name,
            purpose,
            config=as_file(self.resolved),
            manifest=manifest,
        )
        return str(run.path)


def _choose(kind: str, catalogue: Iterable[ModelSpec] | Iterable[DatasetSpec]) -> str:
    known = ", ".join(spec.name for spec in catalogue)
    return f"Choose a {kind} with --{kind}=NAME. Known: {known or 'none'}."
