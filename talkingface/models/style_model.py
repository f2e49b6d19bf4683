"""Methods whose pictures are drawn by one generator, from codes side by side as its style.

Encoders see or hear what the codes say. All learn with a class for each person of the clips, and
the generator at last against a discriminator.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor, nn

from talkingface.clip import Clip
from talkingface.config.settings import ModelSettings
from talkingface.data.examples.moments import numbered
from talkingface.models.base import Batch, Preparation, TalkingFaceModel


class Learning(Protocol):
    """What training adds to the networks of such a method: a module."""

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """Its networks by name; one is the ``discriminator``."""
        ...

    def losses(self, network: Any, phase: str, batch: Batch) -> dict[str, Tensor]:  # noqa: ANN401
        """Return the losses of a phase by name. `network` is the method's own."""
        ...


class StyleModel(TalkingFaceModel):
    """Has `network`, and while it learns `learning`."""

    training_only: ClassVar[tuple[str, ...]] = ("learning.*",)

    def __init__(self, settings: ModelSettings, network: nn.Module) -> None:
        super().__init__(settings)
        self.network = network
        self.learning: Learning | None = None
        self._people: Mapping[str, int] = {}

    @property
    @abstractmethod
    def own_networks(self) -> Mapping[str, nn.Module]:
        """The networks that draw, by name; an encoder of several factors in its parts."""

    @abstractmethod
    def new_learning(self, num_people: int, teachers: Mapping[str, nn.Module]) -> Learning:
        """Return what training has beside the networks."""

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """All networks by name."""
        added = {} if self.learning is None else self.learning.networks
        return {**self.own_networks, **added}

    def start_training(self, clips: Sequence[Clip], teachers: Mapping[str, nn.Module]) -> None:
        """Add the discriminator, a class for each person, and what reads the codes."""
        self._people = numbered(clips)
        self.learning = self.new_learning(len(self._people), teachers)
        for name, part in self.networks.items():
            if not name.endswith("generator"):  # its filters have a fifth axis
                part.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def preparation(self) -> Preparation:
        """What is made of a clip before the networks see it."""
        return self.preparation_for(self.phases)

    def losses(self, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase by name."""
        assert self.learning is not None, "training begins with start_training"
        return self.learning.losses(self.network, phase, batch)

    def parameters_of(self, phase: str) -> Iterator[nn.Parameter]:
        """Yield the discriminator's parameters for its phase, all others for the others."""
        rivals = {id(one) for one in self.networks["discriminator"].parameters()}
        for parameter in self.parameters():
            if (id(parameter) in rivals) == (phase == "discriminator"):
                yield parameter
