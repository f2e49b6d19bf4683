"""The settings of PD_FGC: sizes of its networks, how it draws, how it learns."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from talkingface.config.fields import ranged
from talkingface.config.settings import ModelSettings
from talkingface.models.style_sizes import SMALLEST_PX, StyleSizes

Switch = Literal["mouth", "blink", "gaze", "emo", "headpose", "all"]


@dataclass(frozen=True)
class PDFGCSizes(StyleSizes):
    """Sizes of the networks, at first the published ones; weights carry theirs with them."""

    staged: ClassVar[tuple[str, ...]] = ("appearance_depths", "speech_depths")

    image_px: int = ranged(224, minimum=SMALLEST_PX, maximum=448)
    """Side of the pictures; the generator doubles its start map up to it."""

    appearance_channels: int = ranged(64, minimum=2)
    """Width of the appearance encoder's stem; its vector is 32 times as long."""

    appearance_depths: tuple[int, ...] = ranged((3, 4, 6, 3), minimum=1)
    """Blocks in each stage of the appearance encoder."""

    appearance_groups: int = ranged(32, minimum=1)
    """Groups of its convolutions."""

    appearance_group_width: int = ranged(4, minimum=1)
    """Channels of a group, where the stem has 64."""

    appearance_last_stride: int = ranged(2, minimum=1, maximum=2)
    """Stride of its last stage; 1 keeps a map of 7 px for pictures of 112."""

    motion_channels: int = ranged(64, minimum=4)
    """Width of the motion encoder's stem."""

    motion_dropout: float = ranged(0.5, minimum=0.0, maximum=1.0)
    """Share of its upper branches that training leaves out."""

    speech_channels: int = ranged(32, minimum=8)
    """Width of the speech encoder's first stage."""

    speech_depths: tuple[int, ...] = ranged((3, 4, 6, 3), minimum=1)
    """Blocks in each of its stages."""

    features: int = ranged(512, minimum=8)
    """Length of the motion feature, and of a lip feature, seen or heard."""

    lip_width: int = ranged(500, minimum=1)
    """Length of the lip code."""

    emotion_width: int = ranged(30, minimum=1)
    """Length of the emotion code."""

    generator_channels: tuple[int, ...] = ranged((512, 512, 512, 512, 256, 128), minimum=3)
    """Width of the generator at each size, from the start map to the picture."""

    lip_gain: float = ranged(1.5, minimum=0.0)
    """How far lips move for what is heard; it belongs to the weights, as all gains do."""

    emotion_gain: float = ranged(1.2, minimum=0.0)
    """How far the expression follows what is seen."""

    eye_gain: float = ranged(1.2, minimum=0.0)
    """How far blink and gaze follow what is seen."""

    angle_codes: bool = True
    """Whether the codes of pose and gaze begin with angles, as those that are trained here do; of
    the published ones nobody says what their numbers are."""


@dataclass(frozen=True)
class PDFGCSettings(ModelSettings):
    """PD_FGC has sizes, choices for drawing, and choices for learning."""

    network: PDFGCSizes = field(default_factory=PDFGCSizes)

    references: int = ranged(1, minimum=1)
    """Portraits of the person that are averaged, where there are several."""

    switches: tuple[Switch, ...] = ("all",)
    """Factors that follow their sources; the others rest. all is all that have one."""

    rest: Literal["neutral", "portrait"] = "neutral"
    """What a factor shows that follows nobody: neutral is a calm frontal face, as published;
    portrait keeps what the portrait shows."""

    short_driver: Literal["mirror", "loop", "hold"] = "mirror"
    """What follows when a driving clip ends before the speech: it runs back and forth, begins
    again (as published), or stays on its last picture."""

    sync: Literal["corrected", "published"] = "corrected"
    """When lips are shown: corrected draws a picture for every frame of the speech, in time;
    published draws four fewer, shows them 80 ms early, fades the lips at both ends and leaves out
    the first two pictures of each driver, as the authors' program does."""

    level: Literal["whole", "so_far"] = "whole"
    """How speech is brought to a common level: whole measures all of it first, as published; so_far
    goes by what was heard up to each moment, and takes long quiet for silence. A stream does."""

    noise: Literal["fixed", "buffer", "none"] = "fixed"
    """Noise in the picture, the same in all frames: drawn from noise_seed, kept with the weights,
    or none."""

    noise_seed: int = ranged(0, minimum=0)
    """What the noise is drawn from."""

    frames_at_once: int | None = ranged(None, minimum=1)
    """Frames that are drawn together; none for as many as suit the device."""

    clip_frames: int = ranged(24, minimum=1)
    """Moments of a clip in an example of the phase lips, which tells sounds and mouths apart."""

    drivers: Literal["drawn", "changed"] = "changed"
    """From whom motion is learnt: changed are the person's own frames in other colours, shapes and
    sharpness, as the paper does; drawn are strangers whom SynthTalk gives that motion, one for each
    factor, who have nothing else in common with what is to be drawn."""

    expression_frames: int = ranged(8, minimum=1)
    """Pictures over which an expression is averaged: lips move meanwhile, a mood stays."""

    seen_lips: float = ranged(0.0, minimum=0.0, maximum=1.0)
    """Share of the pictures whose lips are seen instead of heard, so that a video can move them."""

    mouth_weight: float = ranged(5.0, minimum=0.0)
    """How much more the mouth counts than the rest of the picture."""

    eye_weight: float = ranged(5.0, minimum=0.0)
    """How much more the eyes count than the rest of the picture."""

    mel_noise: float = ranged(0.0, minimum=0.0, maximum=1.0)
    """Deviation of the noise on what is heard in training."""

    discriminator_channels: int = ranged(64, minimum=4)
    """Width of the discriminators' first layer."""

    gan: Literal["hinge", "least_squares", "logistic", "wasserstein"] = "hinge"
    """What the discriminators and the generator want of each other."""
