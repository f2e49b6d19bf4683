"""What can be chosen by name: models, datasets and metrics.

Each plugin is declared by a small frozen *spec*. The class itself is named by a string
(``"package.module:Class"``) and imported only when it is asked for, so that the whole catalogue can
be listed without importing torch. How specs are found is `plugins`' subject.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, TypeVar

from talkingface.config.settings import DatasetSettings, ModelSettings
from talkingface.errors import PluginError, did_you_mean, normalized
from talkingface.job import ControlName


@dataclass(frozen=True)
class ModelSpec:
    """Declares a method."""

    name: str
    sentence: str
    model: str | type[Any] = ""
    config: type[ModelSettings] = ModelSettings
    controls: frozenset[ControlName] = frozenset()
    angles: frozenset[ControlName] = frozenset()  # controls that can be held at angles
    paper: str = ""
    makes_video: bool = True  # else it is trained to score videos
    needs_portrait: bool = True  # else it finds a face of its own
    look_ahead_ms: int | None = None  # of a stream, beyond a frame's own sound; None: it has none


@dataclass(frozen=True)
class DatasetSpec:
    """Declares a source of clips."""

    name: str
    sentence: str
    dataset: str | type[Any] = ""
    config: type[DatasetSettings] = DatasetSettings
    licence: str = ""


@dataclass(frozen=True)
class MetricSpec:
    """Declares a score, its direction and what it must be given."""

    name: str
    sentence: str
    higher_is_better: bool | None  # None: best at 0, and worse on either side
    metric: str | type[Any] = ""
    unit: str = ""
    needs: frozenset[str] = frozenset({"frames"})  # also: sound, weights,
    # speech_segments, landmarks, pose, gaze, emotion, expression, the meshes of THEval, and
    # elsewhere: a network that is no part of this toolkit
    weights: tuple[str, ...] = ()  # published files, as the list of weights names them


Spec = ModelSpec | DatasetSpec | MetricSpec
SpecT = TypeVar("SpecT", ModelSpec, DatasetSpec, MetricSpec)


@dataclass(frozen=True)
class Found:
    """A spec and where it was found."""

    spec: Spec
    origin: str


@dataclass(frozen=True)
class Broken:
    """A plugin that could not be imported, and why."""

    origin: str
    reason: str

    def __str__(self) -> str:
        return f"The plugin {self.origin} could not be imported ({self.reason})."


class Catalogue(Generic[SpecT]):
    """The specs of one kind, found by name without regard to case, ``-`` and ``_``."""

    def __init__(self, kind: str, found: Iterable[Found], broken: tuple[Broken, ...]) -> None:
        self.kind = kind
        self._broken = broken
        self._by_plain_name: dict[str, list[Found]] = {}
        for one in found:
            self._by_plain_name.setdefault(normalized(one.spec.name), []).append(one)

    def __iter__(self) -> Iterator[SpecT]:
        """Yield the specs whose name is theirs alone, in alphabetical order."""
        for name in sorted(self._by_plain_name):
            candidates = self._by_plain_name[name]
            if len(candidates) == 1:
                yield candidates[0].spec  # type: ignore[misc]  # a catalogue holds one kind

    def conflicts(self) -> list[str]:
        """Return one sentence for each name that is taken twice."""
        return [
            self._conflict(candidates)
            for candidates in self._by_plain_name.values()
            if len(candidates) > 1
        ]

    def get(self, name: str) -> SpecT:
        """Return the spec called `name`.

        Raises:
            PluginError: No plugin, or more than one, has this name.
        """
        candidates = self._by_plain_name.get(normalized(name), [])
        if not candidates:
            raise PluginError(self._unknown(name))
        if len(candidates) > 1:
            raise PluginError(self._conflict(candidates))
        return candidates[0].spec  # type: ignore[return-value]  # a catalogue holds one kind

    def _unknown(self, name: str) -> str:
        known = [spec.name for spec in self]
        parts = [f"There is no {self.kind} called {name!r}.{did_you_mean(name, known)}"]
        parts.append(f"Known: {', '.join(known) or 'none'}.")
        parts.append("One of your own is brought by --plugins FILE.py.")
        parts.extend(str(broken) for broken in self._broken)
        return " ".join(parts)

    def _conflict(self, candidates: list[Found]) -> str:
        origins = " and ".join(candidate.origin for candidate in candidates)
        return (
            f"The {self.kind} name {candidates[0].spec.name!r} is taken twice: by {origins}. "
            "Rename one, or leave one out."
        )


@dataclass(frozen=True)
class Registry:
    """Everything that can be chosen by name in one call of the program."""

    models: Catalogue[ModelSpec]
    datasets: Catalogue[DatasetSpec]
    metrics: Catalogue[MetricSpec]
    broken: tuple[Broken, ...] = field(default=())

    @classmethod
    def of(cls, found: Iterable[Found], broken: Iterable[Broken] = ()) -> "Registry":
        """Sort specs by kind into catalogues."""
        found, broken = list(found), tuple(broken)

        def of_kind(kind: type[Spec]) -> list[Found]:
            return [one for one in found if isinstance(one.spec, kind)]

        return cls(
            Catalogue("model", of_kind(ModelSpec), broken),
            Catalogue("dataset", of_kind(DatasetSpec), broken),
            Catalogue("metric", of_kind(MetricSpec), broken),
            broken,
        )


def imported_class(target: str | type[Any], declared_by: str) -> type[Any]:
    """Return the class that a spec names as ``"package.module:Class"`` (or holds already).

    Raises:
        PluginError: The module or the class cannot be imported.
    """
    if not isinstance(target, str):
        return target
    module_name, _, class_name = target.partition(":")
    try:
        found: type[Any] = getattr(import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise PluginError(
            f"{declared_by} names the class {target!r}, which cannot be imported: {error}. "
            "Install what it needs, or mend the name."
        ) from error
    return found
