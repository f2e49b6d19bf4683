"""Builds the networks of PD_FGC from their sizes."""

from talkingface.models.pd_fgc.config import PDFGCSizes
from talkingface.models.pd_fgc.factors import motion_width
from talkingface.models.pd_fgc.motion_encoder import MotionEncoder
from talkingface.models.pd_fgc.network import PDFGCNetwork
from talkingface.models.pd_fgc.speech_encoder import SpeechEncoder
from talkingface.nn.identity_encoder import IdentityEncoder
from talkingface.nn.style_generator import StyleGenerator


def network_of(sizes: PDFGCSizes) -> PDFGCNetwork:
    """Return new networks of these sizes."""
    appearance_encoder = IdentityEncoder(
        channels=sizes.appearance_channels,
        depths=sizes.appearance_depths,
        groups=sizes.appearance_groups,
        group_width=sizes.appearance_group_width,
        last_stride=sizes.appearance_last_stride,
        map_channels=sizes.generator_channels[0],
        map_size=sizes.start_px,
    )
    motion = motion_width(sizes.lip_width, sizes.emotion_width)
    return PDFGCNetwork(
        appearance_encoder,
        MotionEncoder(
            picture_size=sizes.image_px,
            features=sizes.features,
            lip_width=sizes.lip_width,
            emotion_width=sizes.emotion_width,
            channels=sizes.motion_channels,
            dropout=sizes.motion_dropout,
        ),
        SpeechEncoder(
            features=sizes.features,
            lip_width=sizes.lip_width,
            channels=sizes.speech_channels,
            depths=sizes.speech_depths,
        ),
        StyleGenerator(
            style_width=appearance_encoder.model.out_channels + motion,
            channels=sizes.generator_channels,
            start_size=sizes.start_px,
        ),
    )
