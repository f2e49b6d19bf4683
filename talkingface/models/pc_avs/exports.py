"""What other programs can run of PC_AVS and Speech2Talking_Face: three encoders and the generator.

Beside them stand what this program does around them: mel windows, squares of 3 x side x side in
[-1, 1], the mean of codes over portraits, and how strongly a control is followed.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from talkingface.media.features.identity_window import window_rows
from talkingface.media.features.mel import MEL_BANDS
from talkingface.media.features.windows import WINDOW_ROWS
from talkingface.models.base import Export
from talkingface.models.pc_avs.assembly import identity_width
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.drawing import noise_of
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.models.pc_avs.voice_config import Speech2TalkingFaceSettings

TWO = 2  # examples of each input


def exports_of(network: PCAVSNetwork, settings: PCAVSSettings) -> dict[str, Export]:
    """Return the encoders, and the generator with noise that is the same in every picture."""
    side, codes = settings.network.image_px, settings.network
    return {
        "identity_encoder": _identity_encoder(network, settings),
        "speech_encoder": Export(
            network.mouth_codes,
            network,
            {"mels": torch.zeros(TWO, MEL_BANDS, WINDOW_ROWS)},
            ("mouth",),
            "mel windows (B, bands, 20) around a frame; what the mouth does",
        ),
        "pose_encoder": Export(
            network.pose_codes,
            network.non_identity_encoder,
            {"pictures": torch.zeros(TWO, 3, side, side)},
            ("pose",),
            "pictures (B, 3, H, W) in [-1, 1]; how each head is held",
        ),
        "generator": _generator(network, settings, codes.mouth_width, codes.pose_width),
    }


def _identity_encoder(network: PCAVSNetwork, settings: PCAVSSettings) -> Export:
    if isinstance(settings, Speech2TalkingFaceSettings):
        rows = window_rows(settings.network.voice_units)
        return Export(
            lambda windows: network.identify(windows).vector,
            network.identity_encoder,
            {"windows": torch.zeros(TWO, settings.voice_windows, rows, MEL_BANDS)},
            ("identity",),
            "windows of speech (B, W, rows, bands); whose voice it is",
        )
    side = settings.network.image_px
    return Export(
        lambda portraits: tuple(network.identify(portraits)),
        network.identity_encoder,
        {"portraits": torch.zeros(TWO, settings.references, 3, side, side)},
        ("identity", "start"),
        "portraits (B, R, 3, H, W) in [-1, 1]; who it is, and the map a picture grows from",
    )


def _generator(
    network: PCAVSNetwork, settings: PCAVSSettings, mouth_width: int, pose_width: int
) -> Export:
    fixed = replace(settings, noise="fixed") if settings.noise == "random" else settings
    noise: Sequence[Tensor] | None = noise_of(network.generator, fixed, torch.device("cpu"))(1)

    def drawn(identity: Tensor, mouth: Tensor, pose: Tensor, start: Tensor | None = None) -> Tensor:
        style = torch.cat([identity, mouth, pose], dim=1)
        pictures: Tensor = network.generator(style, start, noise)
        return pictures

    sizes = settings.network
    inputs = {
        "identity": torch.zeros(TWO, identity_width(sizes)),
        "mouth": torch.zeros(TWO, mouth_width),
        "pose": torch.zeros(TWO, pose_width),
    }
    if network.generator.input is None:  # it has no start map of its own
        map_side = sizes.start_px
        inputs["start"] = torch.zeros(TWO, sizes.generator_channels[0], map_side, map_side)
    meaning = "what the encoders say; pictures (B, 3, H, W) in [-1, 1]"
    return Export(drawn, network.generator, inputs, ("pictures",), meaning)
