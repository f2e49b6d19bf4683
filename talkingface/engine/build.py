"""Builds what a call names: the model with its weights, and the dataset."""

import dataclasses
import random
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from talkingface.config.convert import instance
from talkingface.config.fields import field_types
from talkingface.config.locations import checkpoints_folder
from talkingface.config.settings import ModelSettings, Settings
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.devices import choose_device
from talkingface.errors import CheckpointError
from talkingface.models.base import TalkingFaceModel
from talkingface.registry import DatasetSpec, ModelSpec, imported_class
from talkingface.storage.catalogue import load_catalogue
from talkingface.storage.download import Presence, inspect
from talkingface.storage.fitting import load_into
from talkingface.storage.weights import Weights, read_tensors, read_weights

DEMO_FILE = "demo.safetensors"
RUN_FILE = "weights.safetensors"  # in the folder of the run that trained them
OLDER_NAME = "simple_model.pth"  # what the older toolkit called the weights that came with it


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
    """A model that is ready to generate, and a sentence part that says with which weights."""

    model: TalkingFaceModel
    weights: str


def build_model(spec: ModelSpec, settings: Settings) -> Built:
    """Return the model with its weights, on its device, in evaluation mode.

    Raises:
        CheckpointError: There are no weights for it, or they do not fit.
        PluginError: Its class cannot be imported.
    """
    kind = imported_class(spec.model, f"The model {spec.name}")
    file = find_weights(spec.name, settings.evaluate_model_file)
    if file is None:
        model: TalkingFaceModel = kind(settings.model)
        if any(True for _ in model.parameters()):
            raise CheckpointError(
                f"{spec.name} has no demo weights here. Give weights with "
                "--evaluate_model_file=FILE, or train it first: train "
                f"--model={spec.name} --dataset=NAME."
            )
        said = "no weights, it needs none"
    else:
        weights = read_weights(file, model=spec.name)
        model = kind(with_architecture(settings.model, weights.header.architecture))
        load_into(model, weights.tensors, source=str(file))
        said = _described(weights, file)
    return Built(model.to(choose_device(settings.device)).eval(), said)


def load_start(model: TalkingFaceModel, file: Path) -> None:
    """Put the weights of a file into the networks of `model` that it holds, each whole.

    Raises:
        CheckpointError: The file cannot be used, holds none of the networks, or one does not fit.
    """
    tensors = read_tensors(file)
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
    for entry in load_catalogue(folder / "weights.yaml"):
        if entry.name in names:
            there = inspect(entry, folder)
            if there.presence in (Presence.RIGHT, Presence.UNVERIFIED):
                found[entry.name] = there.paths[0]
    return found


def find_weights(model: str, given: str | None) -> Path | None:
    """Return the file of weights that a call means: the one given, or the model's demo weights.

    A run folder stands for the weights that were trained in it.

    The older toolkit's ``checkpoints/<model>/simple_model.pth`` stands for the demo weights where
    there is no such file.

    Raises:
        CheckpointError: The file that is given does not exist.
    """
    demo = checkpoints_folder() / model / DEMO_FILE
    if given is None:
        return demo if demo.is_file() else None
    file = Path(given)
    if file.is_dir() and (file / RUN_FILE).is_file():
        return file / RUN_FILE
    if file.suffix == ".pt" and file.parent.name == "checkpoints":
        raise CheckpointError(
            f"{file} is a state of training, from which train --resume goes on. The weights to "
            f"evaluate are in {file.parent.parent / RUN_FILE}."
        )
    if file.is_file():
        return file
    if file.name == OLDER_NAME and demo.is_file():
        return demo
    hint = f" The demo weights are in {demo}." if demo.is_file() else ""
    raise CheckpointError(f"There is no file {given} to take weights from.{hint}")


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


def _described(weights: Weights, file: Path) -> str:
    kinds = {"demo": "demo weights (small, trained on SynthTalk)", "published": "published weights"}
    here = Path.cwd()
    place = file.relative_to(here) if file.is_relative_to(here) else file
    return f"{kinds.get(weights.header.kind, 'weights trained here')}: {place}"
