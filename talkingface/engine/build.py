"""Builds what a call names: the model with its weights, and the dataset."""

import dataclasses
import logging
import random
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from talkingface.config.convert import instance
from talkingface.config.fields import field_types
from talkingface.config.locations import checkpoints_folder, weights_table
from talkingface.config.settings import ModelSettings, Settings
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.devices import choose_device
from talkingface.engine.found_weights import FoundWeights, find_weights, published_entry
from talkingface.engine.memory import give_back_weights
from talkingface.engine.profiles import made_ready
from talkingface.engine.published_weights import model_with_published
from talkingface.errors import CheckpointError
from talkingface.models.base import TalkingFaceModel
from talkingface.registry import DatasetSpec, ModelSpec, imported_class
from talkingface.storage.catalogue import load_catalogue
from talkingface.storage.download import Presence, inspect
from talkingface.storage.fitting import let_go, load_into, move_into
from talkingface.storage.weights import Kind, read_tensors, read_weights

logger = logging.getLogger(__name__)


def new_model(spec: ModelSpec, settings: Settings) -> TalkingFaceModel:
    """Return the model with the weights that its seed gives it."""
    kind = imported_class(spec.model, f"The model {spec.name}")
    seed_everything(settings.seed)
    model: TalkingFaceModel = kind(settings.model)
    return model


def seed_everything(seed: int) -> None:
    """Start every global generator at `seed`; ours have seeds of their own, a plugin's may not."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    torch.manual_seed(seed)


@dataclass(frozen=True)
class Built:
    """A model and its weights."""

    model: TalkingFaceModel
    weights: str  # a sentence part that says which they are
    found: FoundWeights | None = None  # None for a model that needs none
    kind: Kind | None = None

    def warn_of_photographs(self, spec: ModelSpec) -> None:
        """Say so where a portrait is to be drawn by weights that know drawn faces alone."""
        if self.kind == "demo" and spec.needs_portrait and self.model.view != "whole":
            logger.warning(
                "Demo weights know drawn faces alone: a photograph will look wrong. For that take "
                "the authors' weights, where there are some (`list models` says so), or "
                "--model=Mesh_Warp."
            )


def build_model(spec: ModelSpec, settings: Settings) -> Built:
    """Return the model ready to draw on its device, as the profile of the settings says.

    Raises:
        CheckpointError: There are no weights for it, or they do not fit.
        ConfigError: This machine has no such device.
        PluginError: Its class cannot be imported.
    """
    device = choose_device(settings.device)
    give_back_weights()
    loaded = load_model(spec, settings)
    return replace(loaded, model=made_ready(loaded.model, settings.profile, device))


def load_model(spec: ModelSpec, settings: Settings) -> Built:
    """Return the model with its weights as they are trained, on the CPU.

    Raises:
        CheckpointError: There are no weights for it, or they do not fit.
        PluginError: Its class cannot be imported.
    """
    kind = imported_class(spec.model, f"The model {spec.name}")
    found = find_weights(spec, settings.evaluate_model_file)
    what: Kind | None = None
    if found is None:
        model: TalkingFaceModel = kind(settings.model)
        if any(True for _ in model.parameters()):
            raise CheckpointError(_no_weights(spec))
        said = "no weights, it needs none"
    elif found.published:
        model = model_with_published(spec, settings.model, found.published)
        what = "published"
        said = _described(what, found.place)
    else:
        weights = read_weights(found.place, model=spec.name)
        model = kind(with_architecture(settings.model, weights.header.architecture))
        move_into(model, let_go(model), weights.tensors, source=str(found.place))
        what = weights.header.kind
        said = _described(what, found.place)
    return Built(model, said, found, what)


def load_start(model: TalkingFaceModel, file: Path) -> None:
    """Put the weights of a file into the networks of `model` that it holds, each whole.

    Raises:
        CheckpointError: The file cannot be used, holds none of the networks, or one does not fit.
    """
    tensors = model.starting_tensors(read_tensors(file))
    places = {id(module): place for place, module in model.named_modules()}
    found = False
    for name, network in model.networks.items():
        prefix = f"{places[id(network)]}."
        own = {
            key.removeprefix(prefix): one for key, one in tensors.items() if key.startswith(prefix)
        }
        if own:
            heads = [
                one.removeprefix(prefix) for one in model.training_only if one.startswith(prefix)
            ]
            load_into(network, own, source=f"{name} in {file}", may_differ=heads)
            found = True
    if not found:
        raise CheckpointError(f"{file} holds no network of {type(model).__name__} to start from.")


def build_dataset(spec: DatasetSpec, settings: Settings) -> TalkingFaceDataset:
    """Return the dataset; nothing is read or made yet."""
    kind = imported_class(spec.dataset, f"The dataset {spec.name}")
    dataset: TalkingFaceDataset = kind(settings.dataset, settings.seed, spec.licence)
    return dataset


def published_files(names: Set[str]) -> dict[str, Path]:
    """Return where the published files among `names` lie that are here, and are not others."""
    if not names:
        return {}
    folder = checkpoints_folder()
    found = {}
    for entry in load_catalogue(weights_table()):
        if entry.name in names:
            there = inspect(entry, folder)
            if there.presence in (Presence.RIGHT, Presence.UNVERIFIED):
                found[entry.name] = there.paths[0]
    return found


def architecture_of(settings: ModelSettings) -> dict[str, Any]:
    """Return the network sizes that a method's settings state, as its weights carry them."""
    network = getattr(settings, "network", None)
    return {} if network is None else dataclasses.asdict(network)


def with_architecture(settings: ModelSettings, architecture: Mapping[str, Any]) -> ModelSettings:
    """Return a method's settings with the network sizes that its weights were made with."""
    settings_class: Any = type(settings)
    kind = field_types(settings_class).get("network")
    if kind is None:
        return settings
    sizes = {
        name: tuple(size) if isinstance(size, list) else size for name, size in architecture.items()
    }
    return dataclasses.replace(settings, network=instance(kind, sizes))  # type: ignore[call-arg]


def _no_weights(spec: ModelSpec) -> str:
    entry = published_entry(spec.name)
    published = f" `download {entry.name}` brings those of its authors." if entry else ""
    return (
        f"{spec.name} has no demo weights here. Give weights with --evaluate_model_file=FILE, or "
        f"train it first: train --model={spec.name} --dataset=NAME.{published}"
    )


def _described(kind: Kind, place: Path) -> str:
    kinds = {"demo": "demo weights (small, trained on SynthTalk)", "published": "published weights"}
    here = Path.cwd()
    shown = place.relative_to(here) if place.is_relative_to(here) else place
    return f"{kinds.get(kind, 'weights trained here')}: {shown}"
