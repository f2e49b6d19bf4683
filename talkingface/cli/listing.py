"""The verb `list`: what can be chosen by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from talkingface.cli.call import Call
from talkingface.config.locations import checkpoints_folder, demo_weights, weights_table
from talkingface.errors import UsageError, did_you_mean
from talkingface.job import CONTROL_NAMES
from talkingface.registry import MetricSpec, ModelSpec, Registry
from talkingface.storage.catalogue import PublishedFile, load_catalogue, of_model
from talkingface.storage.download import Presence, inspect

KINDS = ("models", "datasets", "metrics")


@dataclass(frozen=True)
class ListOptions:
    """What `list` shows beside names."""

    controls: bool = False
    """Show which controls each model has."""


def show(call: Call) -> int:
    """Print the names that can be chosen, one a line, each with its sentence."""
    options = call.options()
    assert isinstance(options, ListOptions)
    kinds = call.arguments.words or list(KINDS)
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(
                f"There is nothing called {kind!r} to list.{did_you_mean(kind, KINDS)} "
                f"Write one of: {', '.join(KINDS)}."
            )
    print("\n\n".join(_block(kind, call.registry, options) for kind in kinds))
    _show_troubles(call.registry)
    return 0


def _block(kind: str, registry: Registry, options: ListOptions) -> str:
    catalogue: Sequence[object] = list(getattr(registry, kind))
    published = load_catalogue(weights_table())
    rows = []
    for spec in catalogue:
        note = ""
        if isinstance(spec, MetricSpec):
            note = " Higher is better." if spec.higher_is_better else " Lower is better."
        elif isinstance(spec, ModelSpec):
            note = (_controls(spec) if options.controls else "") + _weights(spec, published)
            note = note if spec.makes_video else f" It scores videos and makes none.{note}"
        rows.append((getattr(spec, "name", ""), getattr(spec, "sentence", "") + note))
    width = max((len(name) for name, _ in rows), default=0) + 2
    return "\n".join([f"{kind}:", *(f"  {name:<{width}}{text}" for name, text in rows)])


def _controls(spec: ModelSpec) -> str:
    held = [name for name in CONTROL_NAMES if name in spec.controls]
    return f" Controls: {', '.join(held) or 'none'}."


def _weights(spec: ModelSpec, published: tuple[PublishedFile, ...]) -> str:
    """Say which weights of a method are here, and how those of its authors come."""
    here = ["demo"] if demo_weights(spec.name).is_file() else []
    entry, cure = of_model(published, spec.name), ""
    if entry:
        if inspect(entry, checkpoints_folder()).presence is Presence.MISSING:
            cure = f" Its authors' weights: download {entry.name}."
        else:
            here.append("published")
    return (f" Weights here: {', '.join(here)}." if here else "") + cure


def _show_troubles(registry: Registry) -> None:
    conflicts = [
        sentence
        for catalogue in (registry.models, registry.datasets, registry.metrics)
        for sentence in catalogue.conflicts()
    ]
    troubles = [str(broken) for broken in registry.broken] + conflicts
    if troubles:
        print("\n" + "\n".join(troubles))
