"""What a page can offer: the methods whose weights are here, and what can be chosen of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from talkingface.config.fields import field_types
from talkingface.engine.found_weights import PUBLISHED, find_weights, published_entry
from talkingface.engine.published_weights import published_of
from talkingface.errors import CheckpointError
from talkingface.face.align.view import View
from talkingface.job import CONTROL_NAMES, ControlName
from talkingface.models.base import TalkingFaceModel
from talkingface.registry import ModelSpec, Registry, imported_class

FROM_AUTHORS = "published weights"
DEMO = "demo weights"
DRAWN_ALONE = (
    "Demo weights know drawn faces alone: a photograph will look wrong. For one choose published "
    "weights, where they are offered, or Mesh_Warp."
)
NOISE_SEED = "noise_seed"  # what methods call the setting from which their noise is drawn


@dataclass(frozen=True)
class Offer:
    """A method with weights that are here, and what can be chosen of it.

    Attributes:
        name: the method.
        sentence: what it does.
        weights: what `evaluate_model_file` is for them; None for those that are taken unasked.
        kind: what they are called, such as "demo weights".
        controls: those that the method has.
        angles: those of them that take angles.
        needs_portrait: whether somebody must be shown.
        view: how much of a portrait the method sees.
        has_noise: whether its pictures hold noise that has a seed.
    """

    name: str
    sentence: str
    weights: str | None
    kind: str
    controls: tuple[ControlName, ...]
    angles: frozenset[ControlName]
    needs_portrait: bool
    view: View
    has_noise: bool

    @property
    def title(self) -> str:
        """What visitors choose it by."""
        return f"{self.name} ({self.kind})" if self.kind else self.name

    @property
    def can_align(self) -> bool:
        """Whether the method sees a face that can be cut out of a portrait."""
        return self.needs_portrait and self.view != "whole"

    @property
    def about(self) -> str:
        """What it does, and what it does not know."""
        is_warned = self.kind == DEMO and self.can_align
        return f"{self.sentence} **{DRAWN_ALONE}**" if is_warned else self.sentence


def offers(registry: Registry) -> Mapping[str, Offer]:
    """Return what can be chosen, by title; a method without weights is not there.

    Those with the most controls come first.
    """
    found = [one for spec in registry.models if spec.makes_video for one in _offers(spec)]
    return {one.title: one for one in sorted(found, key=lambda one: -len(one.controls))}


def _offers(spec: ModelSpec) -> Iterator[Offer]:
    kind: type[TalkingFaceModel] = imported_class(spec.model, f"The model {spec.name}")
    own_settings: Any = spec.config
    for weights, called in _weights_of(spec):
        yield Offer(
            spec.name,
            spec.sentence,
            weights,
            called,
            tuple(name for name in CONTROL_NAMES if name in spec.controls),
            _angles(spec, kind, called),
            spec.needs_portrait,
            kind.view,
            NOISE_SEED in field_types(own_settings),
        )


def _angles(spec: ModelSpec, kind: type[TalkingFaceModel], called: str) -> frozenset[ControlName]:
    """Return the controls that weights can hold at angles."""
    published = kind.published
    if called == FROM_AUTHORS and published is not None and not published.take_angles:
        return frozenset()
    return spec.angles


def _weights_of(spec: ModelSpec) -> Iterator[tuple[str | None, str]]:
    """Yield the weights of a method that are here, and what they are called."""
    taken = find_weights(spec, None)
    if taken is None:
        if published_of(spec) is None:
            yield None, ""  # it needs none
        return
    is_demo = not taken.published and taken.place.name.startswith("demo")
    yield None, DEMO if is_demo else FROM_AUTHORS
    if is_demo and published_entry(spec.name) is not None:
        try:
            find_weights(spec, PUBLISHED)
        except CheckpointError:
            return
        yield PUBLISHED, FROM_AUTHORS
