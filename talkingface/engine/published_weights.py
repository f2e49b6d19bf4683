"""From the files that a method's authors published to its networks, or to one file of ours.

A method declares its files as `PublishedWeights`. They are read safely, each is renamed, what no
frame depends on is left out, and everything else must fit.
"""

import dataclasses
import logging
from collections.abc import Iterator, Mapping, Sequence, Set
from fnmatch import fnmatchcase
from pathlib import Path

from torch import Tensor

from talkingface.config.locations import weights_table
from talkingface.config.settings import ModelSettings
from talkingface.errors import CheckpointError
from talkingface.models.base import PublishedFile, PublishedWeights, TalkingFaceModel
from talkingface.registry import ModelSpec, imported_class
from talkingface.storage.catalogue import load_catalogue, of_model
from talkingface.storage.fitting import first_of, let_go, move_into
from talkingface.storage.published import read_published
from talkingface.storage.weights import Weights, WeightsHeader

logger = logging.getLogger(__name__)

UNKNOWN_LICENCE = "as its authors state it"


def published_of(spec: ModelSpec) -> PublishedWeights | None:
    """Return what a method's authors published, where it can be had.

    Raises:
        PluginError: The class of the method cannot be imported.
    """
    kind = imported_class(spec.model, f"The model {spec.name}")
    published: PublishedWeights | None = kind.published
    return published


def files_in(folder: Path, published: PublishedWeights) -> dict[str, Path]:
    """Return which of the published files lie in a folder, by name."""
    found = {}
    for name in published.files:
        as_published = folder / name
        # Who had to convert a file before it could be read has both, and means the safe one.
        for path in (as_published.with_suffix(".safetensors"), as_published):
            if path.is_file():
                found[name] = path
                break
    return found


def model_with_published(
    spec: ModelSpec, settings: ModelSettings, files: Mapping[str, Path]
) -> TalkingFaceModel:
    """Return the method at its published sizes, filled from the published files.

    Raises:
        CheckpointError: A file is missing or refused, or does not fit.
    """
    published = _complete(spec, files)
    kind = imported_class(spec.model, f"The model {spec.name}")
    sizes = published.sizes_with(files)
    model: TalkingFaceModel = kind(dataclasses.replace(settings, network=sizes))  # type: ignore[call-arg]
    for name, file in published.files.items():
        if name not in files:
            continue
        network, source = model.get_submodule(file.network), str(files[name])
        shapes = let_go(network)
        tensors = own_tensors(file, read_published(files[name]), shapes.keys(), source)
        move_into(network, shapes, tensors, source=source)
    return model


def joined(spec: ModelSpec, files: Mapping[str, Path]) -> Weights:
    """Return what published files hold for drawing as one set of weights.

    Raises:
        CheckpointError: A file is missing or refused, or does not fit.
    """
    published = _complete(spec, files)
    model = model_with_published(spec, spec.config(name=spec.name), files)
    entry = of_model(load_catalogue(weights_table()), spec.name)
    licence = entry.licence if entry else UNKNOWN_LICENCE
    sizes = dataclasses.asdict(published.sizes_with(files))
    header = WeightsHeader(spec.name, "published", licence, sizes)
    return Weights(header, model.state_dict())


def _complete(spec: ModelSpec, files: Mapping[str, Path]) -> PublishedWeights:
    """Return what was published, all of which is in `files`."""
    published = published_of(spec)
    if published is None:
        raise CheckpointError(
            f"{spec.name} does not say what its authors published. Models that do have a row with "
            "their name in checkpoints/weights.yaml."
        )
    needed = [name for name in published.files if name not in published.without]
    missing = [name for name in needed if name not in files]
    if missing:
        raise CheckpointError(
            f"The published weights are incomplete: {', '.join(missing)} missing. "
            f"Put all {len(needed)} files into one folder: {', '.join(needed)}."
        )
    return published


def own_tensors(
    file: PublishedFile, published: Mapping[str, Tensor], own_names: Set[str], source: str
) -> dict[str, Tensor]:
    """Return the tensors of a file under our names, without those that drawing does not need.

    Args:
        file: what is in it.
        published: its tensors, by their published names.
        own_names: of all tensors of the network.
        source: what is said of it in messages.

    Raises:
        CheckpointError: Two published names mean the same tensor.
    """
    named = _renamed(file, published, source)
    parts = {_part(name) for name in file.heads}
    strange = [name for name in named if name not in own_names]
    heads = {name: tuple(named[name].shape) for name in strange if _part(name) in parts}
    more = [name for name in strange if name not in heads] if file.may_hold_more else []
    expected = {name: shape for name, shape in file.heads.items() if name not in own_names}
    _tell(source, list(_differences(expected, heads)), more)
    return {name: tensor for name, tensor in named.items() if name not in {*heads, *more}}


def _renamed(
    file: PublishedFile, published: Mapping[str, Tensor], source: str
) -> dict[str, Tensor]:
    named: dict[str, Tensor] = {}
    for name, tensor in published.items():
        own_name = file.own_name(name)
        if any(fnmatchcase(name, pattern) for pattern in file.unused):
            continue
        if own_name in named:
            raise CheckpointError(
                f"{source} holds {own_name} twice, under an old name and a new one. "
                "It is not a file that was published."
            )
        named[own_name] = tensor
    return named


def _part(name: str) -> str:
    """Return the part of a network that a tensor belongs to."""
    return name.partition(".")[0]


def _differences(
    expected: Mapping[str, tuple[int, ...]], found: Mapping[str, tuple[int, ...]]
) -> Iterator[str]:
    """Yield what is not as expected of what training alone uses."""
    for name in {**expected, **found}:
        if name not in found:
            yield f"{name} is missing"
        elif name not in expected:
            yield f"{name} is new"
        elif found[name] != expected[name]:
            yield f"{name} is {found[name]} instead of {expected[name]}"


def _tell(source: str, differences: Sequence[str], more: Sequence[str]) -> None:
    if differences:
        logger.info(
            "In %s, what training alone uses is not as published (%s), which does no harm.",
            source,
            first_of(differences),
        )
    if more:
        logger.info("%s holds more (%s), which is left out.", source, first_of(more))
