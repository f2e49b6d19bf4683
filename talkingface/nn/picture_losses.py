"""Distances of a drawn picture from the true one that need no network."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor


def weighted_l1(fake: Tensor, real: Tensor, weights: Tensor) -> Tensor:
    """Return the mean absolute error of pictures (B, C, H, W), weighed by (B, 1, H, W)."""
    return ((fake - real).abs() * weights).mean()


def patch_l1(fake: Tensor, real: Tensor, side: int = 4) -> Tensor:
    """Return the mean absolute error of the mean colours of patches, which fixes the tone."""
    return F.avg_pool2d(fake - real, side).abs().mean()


def edge_l1(fake: Tensor, real: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean absolute error of the steps between neighbouring pixels."""
    error = fake - real
    across = (error[..., :, 1:] - error[..., :, :-1]).abs() * weights[..., :, 1:]
    down = (error[..., 1:, :] - error[..., :-1, :]).abs() * weights[..., 1:, :]
    return across.mean() + down.mean()


def emphasis(places: Tensor, strengths: Sequence[float], size: int) -> Tensor:
    """Return weights (B, 1, size, size) of 1, and more by its strength at each place.

    Args:
        places: (B, P, 4), see `bumps`.
        strengths: P numbers.
        size: side of the maps in pixels.
    """
    extra = zip(strengths, places.unbind(dim=1), strict=True)
    return 1 + torch.stack([one * bumps(place, size) for one, place in extra]).sum(dim=0)


def bumps(places: Tensor, size: int) -> Tensor:
    """Return smooth bumps (B, 1, size, size) of height 1 at ellipses.

    Args:
        places: (B, 4) middle across and down, half width and half height, as shares of the picture.
        size: side of the maps in pixels.
    """
    steps = (torch.arange(size, device=places.device, dtype=places.dtype) + 0.5) / size
    across, down, half_width, half_height = places[:, :, None, None].unbind(dim=1)  # (B, 1, 1)
    x = (steps[None, None, :] - across) / half_width
    y = (steps[None, :, None] - down) / half_height
    return torch.exp(-(x**2 + y**2)).unsqueeze(1)


def shrunk_to(pictures: Tensor, size: int) -> Tensor:
    """Return pictures (B, C, H, W) at `size` px, a whole part of theirs, by the mean of areas."""
    return F.avg_pool2d(pictures, pictures.shape[-1] // size)
