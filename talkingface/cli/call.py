"""One call of the program: its verb, its words and its settings, resolved when asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from talkingface.cli.arguments import Arguments, parse_arguments
from talkingface.cli.verbs import DEFAULT_VERB, Verb, find_verb
from talkingface.config.convert import flatten, instance
from talkingface.config.fields import field_types
from talkingface.config.layers import Resolved, resolve
from talkingface.config.settings import Settings
from talkingface.config.short_keys import written_out
from talkingface.config.yaml_tree import PLAIN_VALUE, Scalar, Section
from talkingface.engine.assignment import Assignment
from talkingface.engine.launch import Launch
from talkingface.engine.run_folder import (
    EVALUATION,
    TRAINING,
    existing_run,
    newest_run,
    run_of_job,
)
from talkingface.errors import ConfigError, UsageError, did_you_mean
from talkingface.plugins import discover
from talkingface.registry import Registry


@dataclass(frozen=True)
class Call:
    """What a user asked for."""

    verb: Verb
    argv: tuple[str, ...]
    arguments: Arguments

    @classmethod
    def of(cls, argv: Sequence[str]) -> "Call":
        """Take a command line apart.

        Raises:
            UsageError: The verb is unknown, or a word stands where none is expected.
        """
        first = argv[0] if argv and not argv[0].startswith("-") else ""
        verb = find_verb(first) if first else DEFAULT_VERB
        arguments = parse_arguments(argv[1:] if first else argv, _flags(verb))
        if arguments.words and not verb.words:
            raise UsageError(
                f"Unexpected word {arguments.words[0]!r}. Settings are written --key=value; "
                f"the first word may be a verb. See {verb.name} --help.".replace("  ", " ")
            )
        return cls(verb, tuple(argv), arguments)

    @cached_property
    def registry(self) -> Registry:
        """Every model, dataset and metric that can be chosen in this call."""
        return discover(Path(path) for path in self.arguments.plugins)

    @cached_property
    def resolved(self) -> Resolved:
        """The settings of this call."""
        files = list(self.arguments.config_files)
        resumed = self.resumed or self.resumed_evaluation
        if resumed is not None:
            files.insert(0, str(resumed / "config.yaml"))
        return resolve(self.registry, self._keys, files)

    @property
    def asked(self) -> Assignment:
        """What is asked for, to be carried out."""
        plugins = tuple(self.arguments.plugins)
        return Assignment(self.registry, self.resolved, self.argv, plugins=plugins)

    @contextmanager
    def place(self, given: str | None, purpose: str, name: str) -> Iterator[Path]:
        """Yield where files go: to the place that was given, or a name in a new run folder."""
        from talkingface.engine.ranks import Ranks

        if given is not None:
            yield Path(given)
            return
        run = self.asked.new_run(Ranks(), purpose)
        with run.logging():
            yield run.path / name

    @cached_property
    def resumed(self) -> Path | None:
        """The run folder in which this call goes on with training, if it does.

        Raises:
            CheckpointError: There is none, or the one that is named has no settings.
        """
        return self._resumed("train", TRAINING)

    @cached_property
    def resumed_evaluation(self) -> Path | None:
        """The run folder in which this call goes on with an evaluation, if it does.

        Raises:
            CheckpointError: There is none, or the one that is named has no settings.
        """
        return self._resumed("evaluate", EVALUATION)

    def of_each_model(self) -> list["Call"]:
        """Return this call, or one for each model where several are named: ``--model=A,B``.

        Raises:
            UsageError: Something is said of all that can be meant for one only.
        """
        said = self.arguments.keys.entries
        model = said.get("model")
        plain = model.entries.get(PLAIN_VALUE) if isinstance(model, Section) else model
        if not isinstance(plain, Scalar) or "," not in plain.text:
            return [self]
        if isinstance(model, Section) and len(model.entries) > 1:
            raise UsageError("Settings of a model are for one. Name one, or leave them out.")
        if "evaluate_model_file" in said or self.resumed_evaluation is not None:
            raise UsageError(
                "Weights, and a run to go on with, are of one model. Name one, or leave them out."
            )
        calls = [self._with_model(name, plain) for name in plain.text.split(",") if name.strip()]
        for one in calls:
            vars(one)["registry"] = self.registry  # plugin files are read once
        return calls

    def _with_model(self, name: str, said: Scalar) -> "Call":
        keys = self.arguments.keys
        model = replace(said, text=name.strip())
        own = Section({**keys.entries, "model": model}, keys.origin)
        return replace(self, arguments=replace(self.arguments, keys=own))

    def _resumed(self, verb: str, evidence: str) -> Path | None:
        section = self._keys.entries.get(verb)
        wanted = section.entries.get("resume") if isinstance(section, Section) else None
        launch = Launch.of_this_process()
        if launch.restarts and self.verb.name == verb:
            # torchrun starts a job anew with the same words: it is to go on, not to begin again.
            return run_of_job(self._runs, launch.job, evidence)
        if not isinstance(wanted, Scalar) or wanted.text.lower() in ("false", "none", "null"):
            return None
        if wanted.text == "true":
            return newest_run(self._runs, evidence)
        return existing_run(Path(wanted.text), evidence)

    @property
    def _runs(self) -> Path:
        """The folder of runs, before all settings can be resolved."""
        said = self._keys.entries.get("runs_folder")
        return Path(said.text if isinstance(said, Scalar) else Settings.runs_folder)

    @cached_property
    def _keys(self) -> Section:
        if self.verb.reads_settings:
            return _filtered(self.arguments.keys, lambda key: key not in self._option_types)
        return written_out(self.arguments.keys, self.verb.section)

    @cached_property
    def _option_types(self) -> Mapping[str, Any]:
        kind = self.verb.options_class()
        return field_types(kind) if kind else {}

    def options(self) -> object:
        """Return this verb's own options, filled from the command line.

        Raises:
            UsageError: A key belongs to no option of this verb.
        """
        kind = self.verb.options_class()
        if kind is None:
            raise UsageError(f"{self.verb.name} takes no options of its own.")
        own = field_types(kind)
        known = {*own, *(field_types(Settings) if self.verb.reads_settings else ())}
        for key, tree in self.arguments.keys.entries.items():
            if key not in known:
                hint = did_you_mean(key, known)
                raise ConfigError(f"{tree.origin}: {self.verb.name} has no option --{key}.{hint}")
        flat = flatten(_filtered(self.arguments.keys, lambda key: key in own), kind)
        return instance(kind, {key: one.value for key, one in flat.items()})


def _flags(verb: Verb) -> frozenset[str]:
    kind = verb.options_class()
    return (
        frozenset(name for name, one in field_types(kind).items() if one is bool)
        if kind
        else (frozenset())
    )


def _filtered(keys: Section, wanted: Callable[[str], bool]) -> Section:
    return Section({key: tree for key, tree in keys.entries.items() if wanted(key)}, keys.origin)
