"""The settings of Speech2Talking_Face: what it has beside those of PC_AVS."""

from dataclasses import dataclass, field
from typing import Literal

from talkingface.config.fields import ranged
from talkingface.models.pc_avs.config import PCAVSSettings, PCAVSSizes


@dataclass(frozen=True)
class Speech2TalkingFaceSizes(PCAVSSizes):
    """Sizes of the networks. Those of the portraits' encoder count in training, and for the vector.

    The voice is heard by another encoder, which fills the same vector.
    """

    voice_units: int = ranged(4, minimum=1)
    """Length of the window of speech that a face is inferred from, in units of 0.8 s."""

    voice_channels: int = ranged(32, minimum=8)
    """Width of the first stage of the encoder that hears who it is."""

    voice_depths: tuple[int, ...] = ranged((3, 4, 6, 3), minimum=1)
    """Blocks in each of its stages."""


@dataclass(frozen=True)
class Speech2TalkingFaceSettings(PCAVSSettings):
    """Speech2Talking_Face has the settings of PC_AVS, and some for the voice."""

    network: Speech2TalkingFaceSizes = field(default_factory=Speech2TalkingFaceSizes)

    voice: Literal["averaged", "published"] = "averaged"
    """What of the speech gives the face: averaged takes windows spread over all of it, so that
    other speech of the same person gives nearly the same face; published takes one window, where
    the authors' program does."""

    voice_windows: int = ranged(8, minimum=1)
    """Windows of the speech whose faces are averaged."""

    voices: Literal["heard", "spoken"] = "heard"
    """What the phase voice learns from: heard is the sound of the clips; spoken is further speech
    of the same people too, which SynthTalk can speak, so that the voice counts and not what it
    says."""

    seen_steps: int = ranged(0, minimum=0)
    """Drawing steps in which all identities are seen in portraits, before any is heard."""

    curriculum_steps: int = ranged(1000, minimum=0)
    """Drawing steps after these over which the share of identities that are heard rises to all."""
