"""Where plugins come from: three doors, one kind of declaration.

1. A folder in the package: each ``talkingface/models/<name>/__init__.py`` holds ``MODEL``, or
   ``MODELS`` where methods share their networks; datasets and metrics stand in
   ``talkingface.data.datasets.DATASETS`` and ``talkingface.metrics.METRICS``.
2. A file given with ``--plugins my_file.py``: its classes are marked with `register_model`,
   `register_dataset` or `register_metric`.
3. An entry point (``talkingface.models``, ``talkingface.datasets``, ``talkingface.metrics``) of an
   installed package, which names a spec or a marked class.
"""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from talkingface.errors import DataError, PluginError
from talkingface.registry import (
    Broken,
    DatasetSpec,
    Found,
    MetricSpec,
    ModelSpec,
    Registry,
    Spec,
)

ENTRY_POINT_GROUPS = ("talkingface.models", "talkingface.datasets", "talkingface.metrics")
MODEL_FOLDERS = "talkingface.models"
DECLARING_MODULES = ("talkingface.data.datasets", "talkingface.metrics")

ClassT = TypeVar("ClassT", bound=type[Any])


def discover(plugin_files: Iterable[Path] = ()) -> Registry:
    """Open all three doors and return what came in. A plugin that fails is noted, not fatal."""
    found: list[Found] = []
    broken: list[Broken] = []
    for origin, load in [*_package(), *_files(plugin_files), *_installed()]:
        try:
            found += [Found(spec, origin) for spec in load()]
        except Exception as error:  # a plugin may fail in any way
            reason = str(error) if isinstance(error, PluginError) else _first_line(error)
            broken.append(Broken(origin, reason))
    return Registry.of(found, broken)


def register_model(name: str, sentence: str, **declared: Any) -> Callable[[ClassT], ClassT]:
    """Mark a class of a plugin file as a model. `declared` are further fields of `ModelSpec`."""
    return _marker(lambda cls: ModelSpec(name, sentence, model=cls, **declared))


def register_dataset(name: str, sentence: str, **declared: Any) -> Callable[[ClassT], ClassT]:
    """Mark a class of a plugin file as a dataset. `declared` are fields of `DatasetSpec`."""
    return _marker(lambda cls: DatasetSpec(name, sentence, dataset=cls, **declared))


def register_metric(
    name: str, sentence: str, *, higher_is_better: bool | None, **declared: Any
) -> Callable[[ClassT], ClassT]:
    """Mark a class of a plugin file as a metric. `declared` are fields of `MetricSpec`."""
    return _marker(lambda cls: MetricSpec(name, sentence, higher_is_better, cls, **declared))


_Source = tuple[str, Callable[[], Iterable[Spec]]]


def _package() -> Iterator[_Source]:
    models = importlib.import_module(MODEL_FOLDERS)
    for module in pkgutil.iter_modules(models.__path__):
        if module.ispkg:
            name = f"{MODEL_FOLDERS}.{module.name}"
            yield name, partial(_declared_in_module, name)
    for name in DECLARING_MODULES:
        yield name, partial(_declared_in_module, name)


def _files(paths: Iterable[Path]) -> Iterator[_Source]:
    for path in paths:
        yield str(path), partial(_declared_in_file, path)


def _installed() -> Iterator[_Source]:
    for group in ENTRY_POINT_GROUPS:
        for point in entry_points(group=group):
            package = point.dist.name if point.dist else point.value
            yield f"{point.name} of the package {package}", partial(_declared_by_entry, point)


def _declared_in_module(name: str) -> list[Spec]:
    return _declared(importlib.import_module(name))


def _declared_in_file(path: Path) -> list[Spec]:
    return _declared(_import_file(path))


def _declared_by_entry(point: EntryPoint) -> list[Spec]:
    target = point.load()
    spec = target if isinstance(target, Spec) else getattr(target, "__talkingface_spec__", None)
    if not isinstance(spec, Spec):
        raise PluginError(f"{point.value} is neither a spec nor a registered class")
    return [spec]


def _import_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise DataError("there is no such file")
    name = f"talkingface_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise DataError("it is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickled workers look their module up by name
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _declared(module: ModuleType) -> list[Spec]:
    """Return the specs that stand in a module: as values, in tuples, and on marked classes."""
    specs: list[Spec] = []
    for value in vars(module).values():
        candidates = value if isinstance(value, tuple) else (value,)
        if isinstance(value, type) and value.__module__ == module.__name__:
            candidates = (vars(value).get("__talkingface_spec__"),)
        specs += [one for one in candidates if isinstance(one, Spec) and one not in specs]
    return specs


def _marker(make: Callable[[type[Any]], Spec]) -> Callable[[ClassT], ClassT]:
    def mark(cls: ClassT) -> ClassT:
        cls.__talkingface_spec__ = make(cls)
        return cls

    return mark


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__
