"""The settings of Mesh_Warp: what acts, how it is shown, how it learns."""

from dataclasses import dataclass, field
from typing import Literal

from talkingface.config.fields import ranged
from talkingface.config.settings import ModelSettings
from talkingface.errors import ConfigError

LEAST_HISTORY = 13  # frames that the two strides of the motion encoder need


@dataclass(frozen=True)
class ActingSizes:
    """What hears speech, and sizes of the networks that do; weights carry theirs with them."""

    lips: Literal["rules", "learned"] = "rules"
    """What moves the lips where nobody is followed: rules of the ear, or a network."""

    lip_channels: int = ranged(64, minimum=4)
    """Width of the network that hears what lips do."""

    lip_components: int = ranged(12, minimum=1, maximum=100)
    """Principal components of the lips' movement."""

    head: Literal["rules", "learned"] = "rules"
    """What moves the head where nobody is followed: rules, or a network."""

    head_hearing: Literal["samples", "mel"] = "samples"
    """What that network hears: samples of the sound, as published, or its spectrogram."""

    head_channels: tuple[int, ...] = ranged((8, 16), minimum=1)
    """Widths of its two convolutions over a window of speech."""

    head_hidden: int = ranged(512, minimum=4)
    """Width of its features of speech before the last layer."""

    head_features: int = ranged(256, minimum=4)
    """Features of speech, and of motion, that it has of each frame."""

    head_motion_hidden: int = ranged(128, minimum=4)
    """Width of its features of motion before the last layer."""

    head_history: int = ranged(64, minimum=LEAST_HISTORY)
    """Frames of motion that it knows."""

    head_future: int = ranged(64, minimum=2)
    """Frames of motion that it predicts at a time."""

    def __post_init__(self) -> None:
        if len(self.head_channels) != 2:
            raise ConfigError(
                f"model.network.head_channels is {list(self.head_channels)}. Give two widths: the "
                "network has two convolutions over a window."
            )


@dataclass(frozen=True)
class ActingSettings(ModelSettings):
    """What every method has whose faces act."""

    network: ActingSizes = field(default_factory=ActingSizes)

    landmarks: str = "dlib"
    """Who finds landmarks where none are known: dlib, mediapipe, face_alignment,
    face_alignment_3d, or synthtalk for drawn faces."""

    blink_every: int = ranged(0, minimum=0)
    """Frames from one blink to the next; 0 for eyes that stay open."""

    lip_frames: int = ranged(16, minimum=2)
    """Frames in a row in an example for the lips."""


@dataclass(frozen=True)
class MeshWarpSettings(ActingSettings):
    """Mesh_Warp draws a photograph, so large."""

    blink_every: int = ranged(90, minimum=0)
    """Frames from one blink to the next; 0 for eyes that stay open."""

    longest_px: int = ranged(768, minimum=64, maximum=4096)
    """Longest side of the video; larger pictures are made smaller."""
