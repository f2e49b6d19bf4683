"""What both methods share whose faces act: the networks of lips and head, and how these learn."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from talkingface.clip import Clip
from talkingface.errors import ConfigError, DataError
from talkingface.models.base import Batch, Preparation, TalkingFaceModel
from talkingface.models.rhythmic_head_motion.acting import Actor
from talkingface.models.rhythmic_head_motion.acting_examples import ActingPreparation
from talkingface.models.rhythmic_head_motion.acting_learning import ActingLearning
from talkingface.models.rhythmic_head_motion.config import ActingSettings, ActingSizes
from talkingface.models.rhythmic_head_motion.head_motion import HeadMotion
from talkingface.models.rhythmic_head_motion.hearing import WINDOW_SHAPES
from talkingface.models.rhythmic_head_motion.lip_network import LipNetwork
from talkingface.models.rhythmic_head_motion.seeing import fronts_seen, motions_seen

ACTING_PHASES = ("lips", "head", "head_critic")
ACTING_LOSSES = ("points", "opening", "velocity", "motion", "natural", "true", "made_up")
Network = TypeVar("Network", bound=nn.Module)
MOST_CLIPS = 128  # from which the components of movement are taken

logger = logging.getLogger(__name__)


class ActingModel(TalkingFaceModel):
    """A method whose faces act. It still has to show them."""

    phases: ClassVar[tuple[str, ...]] = ACTING_PHASES
    loss_names: ClassVar[tuple[str, ...]] = ACTING_LOSSES
    training_only: ClassVar[tuple[str, ...]] = ("critics.*",)
    settings: ActingSettings

    def __init__(self, settings: ActingSettings) -> None:
        super().__init__(settings)
        sizes = settings.network
        self.lips = lips_of(sizes) if sizes.lips == "learned" else None
        self.head = head_of(sizes) if sizes.head == "learned" else None
        self.critics: ActingLearning | None = None

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """The networks by name, those that there are."""
        parts: dict[str, nn.Module | None] = {"lips": self.lips, "head": self.head}
        if self.critics is not None:
            parts["head_critic"] = self.critics.critic
        return {name: part for name, part in parts.items() if part is not None}

    @property
    def actor(self) -> Actor:
        """Lets faces do what jobs ask for."""
        return Actor(self.lips, self.head, self.settings)

    def start_training(self, clips: Sequence[Clip], teachers: Mapping[str, nn.Module]) -> None:
        """Add the critic of motion, and give the lips the components of the clips' movements."""
        del teachers
        self.critics = ActingLearning(self.settings.network.head_history)
        if self.lips is not None:
            prepares = self.acting_preparation(("lips",))
            self.lips.take_components(torch.from_numpy(_movements_in(clips, prepares)))

    @property
    def preparation(self) -> Preparation:
        """What is made of a clip before the networks see it."""
        return self.preparation_for(self.phases)

    def preparation_for(self, phases: Sequence[str]) -> Preparation:
        """Return what draws the examples that these phases learn from."""
        return self.acting_preparation(phases)

    def acting_preparation(self, phases: Sequence[str]) -> ActingPreparation:
        """Return what draws examples for lips and head."""
        chosen = self.settings
        return ActingPreparation(
            frozenset(phases), chosen.network, chosen.lip_frames, chosen.landmarks
        )

    def losses(self, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase by name.

        Raises:
            ConfigError: What the phase teaches goes by rules.
        """
        assert self.critics is not None, "training begins with start_training"
        if phase == "lips":
            return self.critics.lip_losses(_there(self.lips, "lips"), batch)
        head = _there(self.head, "head")
        if phase == "head":
            return self.critics.head_losses(head, batch)
        return self.critics.critic_losses(head, batch)

    def parameters_of(self, phase: str) -> Iterator[nn.Parameter]:
        """Yield what a phase updates.

        Raises:
            ConfigError: What the phase teaches goes by rules.
        """
        if phase == "head_critic":
            yield from self.networks["head_critic"].parameters()
        else:
            network = self.lips if phase == "lips" else self.head
            yield from _there(network, phase).parameters()

    def motion_of(self, clip: Clip) -> Mapping[str, NDArray[np.float32]]:
        """Return what a clip must know to drive without its pictures, each array by its name."""
        found = self.settings.landmarks
        return {
            "head_motion": motions_seen(clip, found).astype(np.float32),
            "frontal_landmarks": fronts_seen(clip, found).astype(np.float32),
        }


def lips_of(sizes: ActingSizes) -> LipNetwork:
    """Return a new network that hears what lips do."""
    return LipNetwork(sizes.lip_channels, sizes.lip_components)


def head_of(sizes: ActingSizes) -> HeadMotion:
    """Return new networks that hear how the head moves."""
    first, second = sizes.head_channels
    return HeadMotion(
        window_shape=WINDOW_SHAPES[sizes.head_hearing],
        conv_channels=(first, second),
        hidden_size=sizes.head_hidden,
        feature_size=sizes.head_features,
        motion_hidden_size=sizes.head_motion_hidden,
    )


def _there(network: Network | None, name: str) -> Network:
    if network is None:
        raise ConfigError(
            f"The phase {name!r} teaches a network, and model.network.{name} is rules. Write "
            f"--model.network.{name}=learned, as properties/demo/Mesh_Warp.yaml does, or leave the "
            "phase out of the stages."
        )
    return network


def _movements_in(clips: Sequence[Clip], prepares: ActingPreparation) -> NDArray[np.float32]:
    """Return the movements (N, 37, 3) in some of the clips, evenly taken.

    Raises:
        DataError: None can be read.
    """
    chosen = np.unique(np.linspace(0, len(clips) - 1, MOST_CLIPS).round().astype(int))
    found, reasons = [], []
    for index in chosen:
        try:
            found.append(prepares.prepare(clips[index])["movements"])
        except DataError as error:
            reasons.append(str(error))
    if not found:
        raise DataError(f"No clip shows how lips move. The first: {reasons[0]}")
    if reasons:
        logger.warning(
            "%d clips do not show how lips move. The first: %s", len(reasons), reasons[0]
        )
    return np.concatenate(found)
