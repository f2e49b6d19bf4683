"""Builds the networks of PC_AVS and of Speech2Talking_Face from their sizes."""

from talkingface.media.features.identity_window import window_rows
from talkingface.models.pc_avs.config import PCAVSSizes
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.models.pc_avs.non_identity_encoder import NonIdentityEncoder
from talkingface.models.pc_avs.speech_encoder import SpeechEncoder
from talkingface.models.pc_avs.voice_config import Speech2TalkingFaceSizes
from talkingface.models.pc_avs.voice_identity_encoder import VoiceIdentityEncoder
from talkingface.nn.identity_encoder import IdentityEncoder
from talkingface.nn.style_generator import StyleGenerator


def network_of(sizes: PCAVSSizes) -> PCAVSNetwork:
    """Return new networks of these sizes: of the method whose sizes they are."""
    if isinstance(sizes, Speech2TalkingFaceSizes):
        return _network_around(voice_encoder_of(sizes), sizes, learned_start=True)
    return _network_around(portrait_encoder_of(sizes), sizes, learned_start=False)


def _network_around(
    identity_encoder: IdentityEncoder | VoiceIdentityEncoder,
    sizes: PCAVSSizes,
    *,
    learned_start: bool,
) -> PCAVSNetwork:
    return PCAVSNetwork(
        identity_encoder,
        SpeechEncoder(
            features=sizes.features, channels=sizes.speech_channels, depths=sizes.speech_depths
        ),
        NonIdentityEncoder(
            picture_size=sizes.image_px,
            features=sizes.features,
            mouth_width=sizes.mouth_width,
            pose_width=sizes.pose_width,
            channels=sizes.motion_channels,
            dropout=sizes.motion_dropout,
        ),
        StyleGenerator(
            style_width=identity_width(sizes) + sizes.mouth_width + sizes.pose_width,
            channels=sizes.generator_channels,
            start_size=sizes.start_px,
            learned_start=learned_start,
        ),
    )


def portrait_encoder_of(sizes: PCAVSSizes) -> IdentityEncoder:
    """Return a new encoder that sees who is in a portrait."""
    return IdentityEncoder(
        channels=sizes.identity_channels,
        depths=sizes.identity_depths,
        groups=sizes.identity_groups,
        group_width=sizes.identity_group_width,
        last_stride=sizes.identity_last_stride,
        map_channels=sizes.generator_channels[0],
        map_size=sizes.start_px,
    )


def voice_encoder_of(sizes: Speech2TalkingFaceSizes) -> VoiceIdentityEncoder:
    """Return a new encoder that hears whose voice it is."""
    return VoiceIdentityEncoder(
        rows=window_rows(sizes.voice_units),
        features=identity_width(sizes),
        channels=sizes.voice_channels,
        depths=sizes.voice_depths,
    )


def identity_width(sizes: PCAVSSizes) -> int:
    """Return the length of the identity vector."""
    return 32 * sizes.identity_channels
