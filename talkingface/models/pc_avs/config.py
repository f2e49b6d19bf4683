"""The settings of PC_AVS: sizes of its networks, how it draws, how it learns."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from talkingface.config.fields import ranged
from talkingface.config.settings import ModelSettings
from talkingface.errors import ConfigError
from talkingface.models.style_sizes import SMALLEST_PX, StyleSizes


@dataclass(frozen=True)
class PCAVSSizes(StyleSizes):
    """Sizes of the networks, at first the published ones; weights carry theirs with them."""

    staged: ClassVar[tuple[str, ...]] = ("identity_depths", "speech_depths")

    image_px: int = ranged(224, minimum=SMALLEST_PX, maximum=448)
    """Side of the pictures; the generator doubles its start map up to it."""

    identity_channels: int = ranged(64, minimum=2)
    """Width of the identity encoder's stem; the identity vector is 32 times as long."""

    identity_depths: tuple[int, ...] = ranged((3, 4, 6, 3), minimum=1)
    """Blocks in each stage of the identity encoder."""

    identity_groups: int = ranged(32, minimum=1)
    """Groups of its convolutions."""

    identity_group_width: int = ranged(4, minimum=1)
    """Channels of a group, where the stem has 64."""

    identity_last_stride: int = ranged(2, minimum=1, maximum=2)
    """Stride of its last stage; 1 keeps a map of 7 px for pictures of 112."""

    speech_channels: int = ranged(32, minimum=8)
    """Width of the speech encoder's first stage."""

    speech_depths: tuple[int, ...] = ranged((3, 4, 6, 3), minimum=1)
    """Blocks in each of its stages."""

    motion_channels: int = ranged(64, minimum=4)
    """Width of the stem of the encoder of mouth and pose."""

    motion_dropout: float = ranged(0.5, minimum=0.0, maximum=1.0)
    """Share of its upper branches that training leaves out."""

    features: int = ranged(512, minimum=8)
    """Length of a mouth feature, seen or heard."""

    mouth_width: int = ranged(500, minimum=1)
    """Length of the mouth code."""

    pose_width: int = ranged(12, minimum=1)
    """Length of the pose code."""

    generator_channels: tuple[int, ...] = ranged((512, 512, 512, 512, 256, 128), minimum=3)
    """Width of the generator at each size, from the start map to the picture."""


@dataclass(frozen=True)
class PCAVSSettings(ModelSettings):
    """PC_AVS has sizes, choices for drawing, and choices for learning."""

    network: PCAVSSizes = field(default_factory=PCAVSSizes)

    references: int = ranged(1, minimum=1)
    """Portraits of the person that are averaged, where there are several."""

    sync: Literal["corrected", "published"] = "corrected"
    """When lips are shown: corrected draws a picture for every frame of the speech, in time;
    published draws four fewer and shows them 80 ms early, as the authors' program does."""

    level: Literal["whole", "so_far"] = "whole"
    """How speech is brought to a common level: whole measures all of it first, as published; so_far
    goes by what was heard up to each moment, and takes long quiet for silence. A stream does."""

    noise: Literal["fixed", "random", "buffer", "none"] = "fixed"
    """Noise in the picture: fixed is the same in all frames, random another in each, buffer what is
    kept with the weights."""

    noise_seed: int = ranged(0, minimum=0)
    """What the noise is drawn from."""

    frames_at_once: int | None = ranged(None, minimum=1)
    """Frames that are drawn together; none for as many as suit the device."""

    clip_frames: int = ranged(24, minimum=1)
    """Frames of a clip in an example of the phase motion, which tells sounds and mouths apart."""

    joined_frames: int = ranged(12, minimum=1)
    """Frames in a row that are told apart as one, as a part of `clip_frames`; 1 tells each frame
    from all others. Parts of one clip lie apart where it is long enough."""

    generate_from_audio_only: bool = False
    """Learn to draw from the mouth that is heard alone; else from the one that is seen as well."""

    mouth_weight: float = ranged(5.0, minimum=0.0)
    """How much more the mouth counts than the rest of the picture."""

    mel_noise: float = ranged(0.0, minimum=0.0, maximum=1.0)
    """Deviation of the noise on what is heard in training."""

    pose_pictures: Literal["drawn", "changed"] = "changed"
    """From whom pose is learnt: changed are the person's own frames in other colours, shapes and
    sharpness, as the paper does; drawn are other people in that pose, which SynthTalk can draw."""

    discriminator_channels: int = ranged(64, minimum=4)
    """Width of the discriminators' first layer."""

    gan: Literal["hinge", "least_squares", "logistic", "wasserstein"] = "hinge"
    """What the discriminators and the generator want of each other."""

    def __post_init__(self) -> None:
        if self.clip_frames % self.joined_frames:
            raise ConfigError(
                f"model.clip_frames={self.clip_frames} cannot be cut into parts of "
                f"model.joined_frames={self.joined_frames}. Choose a multiple of it."
            )
