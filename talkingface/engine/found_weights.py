"""Which weights a call means: a file of ours, a run, what a method's authors published, a demo.

Without a word the demo weights are taken, also where the published ones are here: who has both gets
the result of who has one. Only where a method has no demo weights are published ones taken unasked.
The word ``published`` asks for them.
"""

import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from talkingface.config.locations import checkpoints_folder, demo_weights, weights_table
from talkingface.engine.published_weights import files_in, published_of
from talkingface.errors import CheckpointError
from talkingface.models.base import PublishedWeights
from talkingface.registry import ModelSpec
from talkingface.storage.catalogue import PublishedFile, load_catalogue, of_model
from talkingface.storage.digest import sha256_of, sha256_of_all
from talkingface.storage.download import Presence, inspect

RUN_FILE = "weights.safetensors"  # in the folder of the run that trained them
OLDER_NAME = "simple_model.pth"  # what the older toolkit called the weights that came with it
PUBLISHED = "published"  # asks for the published weights that are here
PICKLES = (".pth", ".pt", ".pkl", ".model")


@dataclass(frozen=True)
class FoundWeights:
    """Where the weights of a call lie."""

    place: Path  # the file, or the folder of the published files
    published: Mapping[str, Path] = field(default_factory=dict)  # by name; none for a file of ours

    def sha256(self) -> str:
        """Return the SHA-256 of the file, or one over those of the published files."""
        return sha256_of_all(self.published.values()) if self.published else sha256_of(self.place)


def find_weights(spec: ModelSpec, given: str | None) -> FoundWeights | None:
    """Return the weights that a call means, or None where it names none and none are here.

    Args:
        spec: the method.
        given: a file, a run folder, a folder of published files or one of them, or ``published``.
            The older toolkit's ``checkpoints/<model>/simple_model.pth`` stands for the demo weights
            where there is no such file.

    Raises:
        CheckpointError: What is given is not there, or is no weights of this method.
    """
    demo = demo_weights(spec.name)
    if given is None:
        return FoundWeights(demo) if demo.is_file() else _taken_in(spec)
    if given == PUBLISHED:
        return _asked_for(spec)
    place = Path(given)
    if place.suffix == ".pt" and place.parent.name == "checkpoints":
        raise CheckpointError(
            f"{place} is a state of training, from which train --resume goes on. The weights to "
            f"evaluate are in {place.parent.parent / RUN_FILE}."
        )
    if place.is_dir():
        return _in_folder(spec, place)
    if place.is_file():
        return _of_file(spec, place)
    if place.name == OLDER_NAME and demo.is_file():
        return FoundWeights(demo)
    hint = f" The demo weights are in {demo}." if demo.is_file() else ""
    raise CheckpointError(f"There is no file {given} to take weights from.{hint}")


def published_entry(model: str) -> PublishedFile | None:
    """Return the row of a method's published weights in the table, if there is one."""
    return of_model(load_catalogue(weights_table()), model)


def _taken_in(spec: ModelSpec) -> FoundWeights | None:
    """Return the published weights that `download` or a hand has put in their place."""
    entry = published_entry(spec.name)
    there = inspect(entry, checkpoints_folder()) if entry else None
    if there is None or there.presence is Presence.MISSING:
        return None
    if there.presence is Presence.WRONG:
        raise CheckpointError(there.remark)
    published, first = published_of(spec), there.paths[0]
    if published is None or first.name not in published.files:
        return FoundWeights(first)  # joined to one file
    return FoundWeights(first.parent, files_in(first.parent, published))


def _asked_for(spec: ModelSpec) -> FoundWeights:
    found = _taken_in(spec)
    if found is None:
        entry = published_entry(spec.name)
        if entry is None:
            raise CheckpointError(f"There are no published weights of {spec.name} to be had.")
        raise CheckpointError(inspect(entry, checkpoints_folder()).remark)
    return found


def _in_folder(spec: ModelSpec, folder: Path) -> FoundWeights:
    """Return the weights of a run folder, or the published files in a folder or just below it."""
    if (folder / RUN_FILE).is_file():
        return FoundWeights(folder / RUN_FILE)
    published = published_of(spec)
    if published is None:
        raise CheckpointError(f"{folder} is no folder of a run: there is no {RUN_FILE} in it.")
    # Archives have their files in folders, such as checkpoints/demo/.
    for places in ([folder], sorted(folder.glob("*/")), sorted(folder.glob("*/*/"))):
        all_found = [FoundWeights(place, files_in(place, published)) for place in places]
        found = [one for one in all_found if one.published]
        if len(found) > 1:
            raise CheckpointError(
                f"{folder} holds published files in more than one place: "
                f"{', '.join(str(one.place) for one in found)}. Give one of these."
            )
        if found:
            return found[0]
    raise CheckpointError(
        f"{folder} holds no weights of {spec.name}: neither {RUN_FILE} of a run nor "
        f"{', '.join(published.files)} as published."
    )


def _of_file(spec: ModelSpec, file: Path) -> FoundWeights:
    """Return the weights in a file of ours, or the published files beside one of them."""
    published = published_of(spec)
    beside = files_in(file.parent, published) if published else {}
    if file in beside.values():
        return FoundWeights(file.parent, beside)
    if file.suffix == ".zip" or (file.suffix == ".tar" and tarfile.is_tarfile(file)):
        raise CheckpointError(
            f"{file} is an archive. Take the weights in it with `download NAME --from {file}`, or "
            "unpack it and give the folder."
        )
    if file.suffix in PICKLES:
        raise CheckpointError(f"{file} is {_no_file_of(spec, published)}.")
    return FoundWeights(file)


def _no_file_of(spec: ModelSpec, published: PublishedWeights | None) -> str:
    if published is None:
        return f"a file of PyTorch; {spec.name} takes its weights from .safetensors files"
    names = ", ".join(published.files)
    return f"none of the files that the authors of {spec.name} published: {names}"
