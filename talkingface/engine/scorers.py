"""The scores that can be had here, each with its networks, and why the others cannot."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from talkingface.config.locations import demo_weights
from talkingface.engine.build import published_files
from talkingface.errors import UsageError, normalized
from talkingface.metrics import PRESETS
from talkingface.metrics.base import Compared, Metric, MetricUnavailableError, Networks
from talkingface.registry import Catalogue, MetricSpec, imported_class
from talkingface.storage.digest import sha256_of
from talkingface.storage.published import read_published


@dataclass(frozen=True)
class Scorer:
    """A score that can be computed."""

    spec: MetricSpec
    kind: type[Metric]
    make: Callable[[], Metric]  # one object for each clip and subject
    weights: Mapping[str, str]  # SHA-256 of each file of its networks, by name

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.spec.name


@dataclass(frozen=True)
class Unavailable:
    """Why a score cannot be had, and the words behind the program's name that cure it."""

    reason: str
    download: str = ""


def named_metrics(names: Sequence[str], known: Catalogue[MetricSpec]) -> list[MetricSpec]:
    """Return the scores that names mean, each once; some names stand for several.

    Raises:
        UsageError: There are no names.
        PluginError: A name is unknown; the nearest one is said.
    """
    if not names:
        raise UsageError("Name at least one score: --evaluate.metrics=SSIM,PSNR. See list metrics.")
    presets = {normalized(name): members for name, members in PRESETS.items()}
    every = [one for name in names for one in presets.get(normalized(name), (name,))]
    return list(dict.fromkeys(known.get(name) for name in every))


def scorers_of(
    specs: Sequence[MetricSpec], device: str = "cpu", compared: Set[Compared] | None = None
) -> tuple[list[Scorer], dict[str, Unavailable]]:
    """Return the scores that can be had here, and why each of the others cannot.

    Args:
        specs: the scores that are asked for.
        device: where their networks run.
        compared: what of a clip there is something to compare with; None for everything.

    Raises:
        PluginError: The class of a score cannot be imported.
    """
    kinds: dict[str, type[Metric]] = {
        spec.name: imported_class(spec.metric, f"The metric {spec.name}") for spec in specs
    }
    files = published_files({file for kind in kinds.values() for file in kind.weights})
    networks = Networks({name: read_published(path) for name, path in files.items()}, device)
    scorers: list[Scorer] = []
    unavailable: dict[str, Unavailable] = {}
    for spec in specs:
        kind = kinds[spec.name]
        if compared is not None and kind.compares not in {*compared, "nothing"}:
            unavailable[spec.name] = Unavailable(_no_like(kind.compares))
            continue
        try:
            make = kind.maker(networks)
        except MetricUnavailableError as error:
            unavailable[spec.name] = Unavailable(str(error), _download(kind, networks))
            continue
        scorers.append(Scorer(spec, kind, make, _digests(kind, files)))
    return scorers, unavailable


def _no_like(factor: Compared) -> str:
    if factor == "pictures":
        return "It compares with the same picture, and this protocol has no such truth."
    return f"It compares the {factor}, which nobody shows in this protocol."


def _digests(kind: type[Metric], files: Mapping[str, Path]) -> dict[str, str]:
    published = {name: sha256_of(files[name]) for name in kind.weights}
    own = {f"{model}/demo": sha256_of(demo_weights(model)) for model in kind.own_weights}
    return published | own


def _download(kind: type[Metric], networks: Networks) -> str:
    missing = [name for name in kind.weights if name not in networks.files]
    return " ".join(["download", *missing]) if missing else ""
