"""The settings of Rhythmic_Head_Motion: sizes of its networks, how it draws, how it learns."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from talkingface.config.fields import ranged
from talkingface.errors import ConfigError
from talkingface.models.rhythmic_head_motion.config import ActingSettings, ActingSizes

Hidden = Literal["nothing", "eyes_and_mouth", "eyes_brows_and_mouth"]

FEWEST_LEVELS = 4  # two are composed, and two lie below


@dataclass(frozen=True)
class RhythmicSizes(ActingSizes):
    """Sizes of the networks, at first the published ones; weights carry theirs with them."""

    lips: Literal["rules", "learned"] = "learned"
    """What moves the lips where nobody is followed: rules of the ear, or a network."""

    head: Literal["rules", "learned"] = "learned"
    """What moves the head where nobody is followed: rules, or a network."""

    image_px: int = ranged(256, minimum=32, maximum=512)
    """Side of the pictures."""

    channels: tuple[int, ...] = ranged((32, 64, 128, 256, 512, 1024), minimum=2)
    """Widths of the generator's levels, the largest picture first; each halves it. Where weights
    are made from the references, a width is that of the level above or twice as much."""

    adaptive_levels: int = ranged(4, minimum=1)
    """Levels, from the largest, whose weights are made from the references."""

    references: int = ranged(8, minimum=1)
    """References; a part of the shapes, so weights fit their own number alone."""

    attention_level: int = ranged(2, minimum=1)
    """Level at which the references are compared and become one."""

    warped: tuple[Literal["reference", "ani"], ...] = ("reference", "ani")
    """Pictures that are moved into place: the nearest reference, and the rendered face; leaving one
    out is an ablation."""

    composition: Literal["nonlinear", "linear"] = "nonlinear"
    """How they come in: they modulate what is painted, or are blended into it."""

    embedding: Literal["hybrid", "separate"] = "hybrid"
    """How references are read: pictures and drawings know of each other, or each for itself."""

    attention: Literal["learned", "uniform"] = "learned"
    """How references become one: by looking where it matters, or as their mean."""

    warping: Literal["moved", "still"] = "moved"
    """Whether these pictures are moved at all; still is an ablation."""

    flow_channels: tuple[int, ...] = ranged((32, 64, 128, 256), minimum=2)
    """Widths of the levels of each network that moves a picture."""

    flow_blocks: int = ranged(6, minimum=0)
    """Residual blocks in its middle."""

    upper_face: bool = True
    """Whether drawings close the line of the jaw over the brows."""

    quirks: Literal["kept", "mended"] = "kept"
    """Slips of the published program: kept, as its weights need, or mended, for weights of one's
    own."""

    def __post_init__(self) -> None:
        super().__post_init__()
        smallest = 2 ** max(len(self.channels) - 1, len(self.flow_channels) - 1)
        if len(self.channels) < FEWEST_LEVELS or self.image_px % smallest:
            raise ConfigError(
                f"Pictures of {self.image_px} px cannot be halved {len(self.channels) - 1} times "
                f"by the generator and {len(self.flow_channels) - 1} times by the flow. Give "
                f"model.network.channels {FEWEST_LEVELS} widths or more, and model.network.image_px"
                f" as a multiple of {smallest}."
            )
        if max(self.adaptive_levels, self.attention_level) >= len(self.channels):
            raise ConfigError(
                f"A generator of {len(self.channels)} levels has no {self.adaptive_levels} levels "
                f"above its last one, or no level {self.attention_level}. Lower "
                "model.network.adaptive_levels or model.network.attention_level."
            )
        for narrow, wide in pairwise(self.channels[: self.adaptive_levels + 1]):
            if 2 * narrow * (narrow + 1) % wide:
                raise ConfigError(
                    f"Weights for {narrow} channels cannot be made in {wide} rows. Give "
                    f"model.network.channels {2 * narrow} or {narrow} after {narrow}."
                )


@dataclass(frozen=True)
class RhythmicSettings(ActingSettings):
    """Rhythmic_Head_Motion has sizes, choices for drawing, and choices for learning."""

    network: RhythmicSizes = field(default_factory=RhythmicSizes)

    reference_frames: tuple[int, ...] = ranged((0,), minimum=0)
    """Frames of the person's clip that are the references, over and over until there are as many
    as the network takes; where there is no clip, the portraits are."""

    reference_choice: Literal["named", "most_open"] = "named"
    """Which frames are taken: those named, or those with the most open mouths."""

    hidden: Hidden = "nothing"
    """What is covered in the pictures that are moved, so that it cannot be copied."""

    head_motion: Literal["moving", "still"] = "moving"
    """Whether the head moves; still shows it from the front, by the most frontal reference."""

    frames_at_once: int | None = ranged(None, minimum=1)
    """Frames that are drawn together; none for as many as suit the device."""

    initialization: Literal["published", "torch"] = "published"
    """How the generator's weights begin: as published, very small, or as PyTorch draws them."""

    reference_share: float = ranged(0.25, minimum=0.0, maximum=1.0)
    """Share of a clip, from its start, from which training takes references."""

    farthest_share: float = ranged(0.75, minimum=0.0, maximum=1.0)
    """How often training moves the reference whose head is farthest from the target's, not any."""

    augmentation: Literal["crops_and_flips", "none"] = "crops_and_flips"
    """How training changes its pictures: cut out at random and mirrored, or not at all."""

    judges_raw: bool = True
    """Whether training also judges the image that is painted without the moved pictures."""

    personal_frames: int = ranged(32, minimum=1)
    """Frames of a clip, from its start, from which the phase personal learns one person."""

    discriminator_channels: int = ranged(32, minimum=4)
    """Width of the discriminator's first layer."""

    discriminator_scales: int = ranged(1, minimum=1, maximum=4)
    """Sizes at which pictures are judged."""
