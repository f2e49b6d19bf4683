"""The verb `list`: what can be chosen by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from talkingface.cli.call import Call
from talkingface.config.locations import checkpoints_folder, demo_weights, weights_table
from talkingface.errors import UsageError, did_you_mean
from talkingface.job import CONTROL_NAMES
from talkingface.registry import DatasetSpec, MetricSpec, ModelSpec, Registry, Spec
from talkingface.storage.catalogue import PublishedFile, load_catalogue, of_model
from talkingface.storage.download import Presence, inspect

KINDS = ("models", "datasets", "metrics")
BETTER = {True: " Higher is better.", False: " Lower is better.", None: ""}
ELSEWHERE = frozenset({"elsewhere", "expression"})  # what no score here can be given
UNUSABLE = frozenset({Presence.MISSING, Presence.WRONG})
PACKAGES = {  # that read what a score needs
    "mediapipe": frozenset({"mesh", "mesh_of_square", "mesh_of_swapped"}),
    "silero_vad": frozenset({"speech_segments"}),
}


@dataclass(frozen=True)
class ListOptions:
    """What `list` shows beside names."""

    controls: bool = False
    """Show which controls each model has."""


def show(call: Call) -> int:
    """Print the names that can be chosen, each with its sentence and a method's weights."""
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
    catalogue: Sequence[Spec] = list(getattr(registry, kind))
    published = load_catalogue(weights_table())
    width = max((len(spec.name) for spec in catalogue), default=0) + 2
    lines = [f"{kind}:"]
    for spec in catalogue:
        first, *more = _said_of(spec, options, published)
        lines += [f"  {spec.name:<{width}}{first}", *(" " * (width + 2) + line for line in more)]
    return "\n".join(lines)


def _said_of(
    spec: Spec, options: ListOptions, published: tuple[PublishedFile, ...]
) -> Iterator[str]:
    """Yield the lines beside a name."""
    if isinstance(spec, MetricSpec):
        yield f"{spec.sentence}{BETTER[spec.higher_is_better]}"
        if lacking := _lacking(spec, published):
            yield f"not here: {lacking}"
        return
    if isinstance(spec, DatasetSpec):
        yield spec.sentence
        return
    yield spec.sentence if spec.makes_video else f"{spec.sentence} It scores videos and makes none."
    if options.controls:
        yield f"controls: {', '.join(_controls(spec)) or 'none'}"
    if weights := _weights(spec, published):
        yield f"weights: {'; '.join(weights)}"


def _controls(spec: ModelSpec) -> list[str]:
    held = [name for name in CONTROL_NAMES if name in spec.controls]
    return [f"{name} (also at angles)" if name in spec.angles else name for name in held]


def _weights(spec: ModelSpec, published: tuple[PublishedFile, ...]) -> list[str]:
    """Say which weights of a method are here, and how those of its authors come."""
    has_demo, entry = demo_weights(spec.name).is_file(), of_model(published, spec.name)
    said = ["demo here" if has_demo else "no demo"] if has_demo or entry else []
    if entry:
        is_missing = inspect(entry, checkpoints_folder()).presence is Presence.MISSING
        cure = f"not here (download {entry.name})" if is_missing else "here"
        said.append(f"published {cure}")
    return said


def _lacking(spec: MetricSpec, published: tuple[PublishedFile, ...]) -> str:
    """Say what a score needs that this machine has not, and how it comes."""
    if spec.needs & ELSEWHERE:
        return "its network is no part of this toolkit; give the score with --plugins FILE"
    files = [entry for entry in published if entry.name in spec.weights]
    missing = [one.name for one in files if inspect(one, checkpoints_folder()).presence in UNUSABLE]
    if missing:
        return f"download {' '.join(missing)}"
    packages = [
        name for name, reads in PACKAGES.items() if reads & spec.needs and find_spec(name) is None
    ]
    if packages:
        said = f"{' and '.join(packages)} {'is' if len(packages) == 1 else 'are'} not installed"
        return f"{said}; evaluate --metrics={spec.name} says how"
    return ""


def _show_troubles(registry: Registry) -> None:
    conflicts = [
        sentence
        for catalogue in (registry.models, registry.datasets, registry.metrics)
        for sentence in catalogue.conflicts()
    ]
    troubles = [str(broken) for broken in registry.broken] + conflicts
    if troubles:
        print("\n" + "\n".join(troubles))
