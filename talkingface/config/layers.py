"""Lays the sources of settings over each other and remembers where each value came from.

Later wins: the defaults of the dataclasses, ``properties/overall.yaml``,
``properties/model/<model>.yaml``, ``properties/dataset/<dataset>.yaml``, the files of
``--config_files`` in their order, the command line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from talkingface.config.convert import flatten, instance
from talkingface.config.locations import find_settings_file, properties_folder
from talkingface.config.mistakes import Mistakes
from talkingface.config.settings import Settings
from talkingface.config.yaml_tree import (
    PLAIN_VALUE,
    WITHOUT_VALUE,
    Scalar,
    Section,
    Tree,
    read_file,
)
from talkingface.errors import ConfigError
from talkingface.registry import DatasetSpec, ModelSpec, Registry


@dataclass(frozen=True)
class Resolved:
    """The settings of this call, the specs they name, and the layer that each value came from."""

    settings: Settings
    values: Mapping[str, Any]  # by dotted key; what is not in it is default
    origins: Mapping[str, str]  # by dotted key
    model: ModelSpec | None
    dataset: DatasetSpec | None
    chosen: Mapping[str, type]  # the settings classes of the model and the dataset

    def with_weights(self, file: str) -> "Resolved":
        """Return the same settings with other weights to evaluate, as a later layer would."""
        key = "evaluate_model_file"
        return replace(
            self,
            settings=replace(self.settings, evaluate_model_file=file),
            values={**self.values, key: file},
            origins={**self.origins, key: "this run's training"},
        )


def resolve(
    registry: Registry, command_line: Section, config_files: Sequence[str] = ()
) -> Resolved:
    """Read every layer and return the settings of this call.

    Raises:
        ConfigError: A file or a value cannot be used.
        PluginError: The model or the dataset that is named does not exist.
    """
    overall = [*_shipped("overall.yaml")]
    given = [read_file(find_settings_file(path), path) for path in config_files] + [command_line]

    model = _named("model", [*overall, *given])
    model_spec = registry.models.get(model) if model else None
    of_model = _shipped("model", f"{model_spec.name}.yaml") if model_spec else []

    dataset = _named("dataset", [*overall, *of_model, *given])
    dataset_spec = registry.datasets.get(dataset) if dataset else None
    of_dataset = _shipped("dataset", f"{dataset_spec.name}.yaml") if dataset_spec else []

    chosen: dict[str, type] = {}
    if model_spec:
        chosen["model"] = model_spec.config
    if dataset_spec:
        chosen["dataset"] = dataset_spec.config

    layers = []
    mistakes = Mistakes()
    for tree in [*overall, *of_model, *of_dataset, *given]:
        with mistakes.gathered():
            layers.append(flatten(tree, Settings, chosen))
    mistakes.tell()
    values = {key: value.value for layer in layers for key, value in layer.items()}
    if model_spec:
        values["model.name"] = model_spec.name
    if dataset_spec:
        values["dataset.name"] = dataset_spec.name
    origins = {key: str(value.origin) for layer in layers for key, value in layer.items()}
    settings = instance(Settings, values, chosen)
    return Resolved(settings, values, origins, model_spec, dataset_spec, chosen)


def _shipped(*parts: str) -> list[Section]:
    """Return the settings file that comes with the program, if there is one of this name."""
    path = properties_folder().joinpath(*parts)
    return [read_file(path, "/".join(("properties", *parts)))] if path.is_file() else []


def _named(section: str, layers: Sequence[Section]) -> str:
    """Return the name that the last layer gives which names a `section` at all."""
    named = ""
    for layer in layers:
        name = _plain_value(layer.entries.get(section))
        named = named if name is None else name
    return named


def _plain_value(tree: Tree | None) -> str | None:
    if isinstance(tree, Section):
        tree = tree.entries.get(PLAIN_VALUE, tree.entries.get("name"))
    if tree is None:
        return None
    if not isinstance(tree, Scalar):
        raise ConfigError(f"{tree.origin}: a name is one word.")
    if str(tree.origin).endswith(WITHOUT_VALUE):
        raise ConfigError(f"{tree.origin}: write the name behind it.")
    return tree.text
