"""Flow: how a picture must move to fit the target, and where the result can be trusted.

Paper: arXiv:2007.08547, section 3.4.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.blocks import EnlargingConvBlock, ResidualBlock, Tower
from talkingface.models.rhythmic_head_motion.modulation import Quirks
from talkingface.nn.precision import in_full

PUBLISHED_PX = 256


@dataclass(frozen=True)
class Warped:
    """A picture that was moved towards the target."""

    picture: Tensor  # (B, 3, H, W)
    mask: Tensor  # (B, 1, H, W) in [0, 1]: 1 where the generator must paint by itself
    flow: Tensor  # (B, 2, H, W): x and y in pixels, from the target to the picture


class FlowNetwork(nn.Module):
    """Reads two drawings and a picture, and returns flow and mask.

    Args:
        channels: of the levels.
        num_blocks: residual blocks in the middle.
        label_channels: of a drawing.
        flow_scale: pixels of flow for 1 in the last layer.
        quirks: mended, these are pixels of the published size, and fewer where pictures are small.
    """

    def __init__(
        self,
        channels: tuple[int, ...] = (32, 64, 128, 256),
        num_blocks: int = 6,
        *,
        label_channels: int = 1,
        flow_scale: float = 20.0,
        quirks: Quirks = "kept",
    ) -> None:
        super().__init__()
        self.flow_scale, self.quirks = flow_scale, quirks
        in_channels = 2 * label_channels + 3
        # The tower of the original has no biases before its norms here.
        self.down = Tower(in_channels, channels, bias=False)
        self.blocks = nn.Sequential(
            *(ResidualBlock(channels[-1], channels[-1]) for _ in range(num_blocks))
        )
        pairs = zip(channels[:0:-1], channels[-2::-1], strict=True)
        self.up = nn.ModuleList(
            EnlargingConvBlock(wide, narrow, bias=False) for wide, narrow in pairs
        )
        self.to_flow = nn.Conv2d(channels[0], 2, 3, padding=1)
        self.to_mask = nn.Conv2d(channels[0], 1, 3, padding=1)

    def forward(self, target_label: Tensor, label: Tensor, picture: Tensor) -> Warped:
        """Return the flow in pixels and the mask; the picture itself is not moved yet.

        Args:
            target_label: drawing of the target, (B, 1, H, W).
            label: drawing of the picture, (B, 1, H, W).
            picture: (B, 3, H, W).
        """
        features = self.blocks(self.down(torch.cat([target_label, label, picture], dim=1)))
        for block in self.up:
            features = block(features)
        shrunk = picture.shape[-1] / PUBLISHED_PX if self.quirks == "mended" else 1.0
        flow = self.to_flow(features) * (self.flow_scale * shrunk)
        return Warped(picture, self.to_mask(features).sigmoid(), flow)


def warp(picture: Tensor, flow: Tensor, quirks: Quirks = "kept") -> Tensor:
    """Return the picture (B, C, H, W) sampled at each pixel's place plus `flow` (B, 2, H, W).

    Beyond the border the border goes on.
    """
    height, width = picture.shape[-2:]
    flow = in_full(flow)  # positions need more digits than half precision has
    across, down = (
        torch.linspace(-1, 1, side, dtype=flow.dtype, device=flow.device)
        for side in (width, height)
    )
    x = across + flow[:, 0] / ((width - 1) / 2)
    y = down[:, None] + flow[:, 1] / ((height - 1) / 2)
    # Quirk: a grid from corner to corner, read as one from edge to edge. A zero flow enlarges the
    # picture a little, by up to half a pixel at the border.
    warped = F.grid_sample(
        picture.to(flow.dtype),
        torch.stack([x, y], dim=-1),
        mode="bilinear",
        padding_mode="border",
        align_corners=quirks == "mended",
    )
    return warped.to(picture.dtype)
