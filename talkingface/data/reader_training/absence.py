"""Pictures without an upright face, so that the reader learns to say so."""

from collections.abc import Callable
from typing import Final

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

TILES: Final = 4  # a face cut into so many rows and columns, and shuffled, is none


def without_faces(pictures: Tensor, chance: Generator) -> Tensor:
    """Return as many pictures (B, 3, S, S) in [-1, 1] as are given, of every kind in turn."""
    return torch.stack(
        [KINDS[index % len(KINDS)](picture, chance) for index, picture in enumerate(pictures)]
    )


def _plain(picture: Tensor, chance: Generator) -> Tensor:
    return _colour(chance).expand_as(picture)


def _slope(picture: Tensor, chance: Generator) -> Tensor:
    """Return one colour that fades into another along a random direction."""
    angle = 2 * torch.pi * torch.rand(1, generator=chance)
    along = torch.linspace(-1, 1, picture.shape[-1])
    share = (along * angle.cos() + along[:, None] * angle.sin()) / 3 + 0.5
    return torch.lerp(_colour(chance), _colour(chance), share)


def _noise(picture: Tensor, chance: Generator) -> Tensor:
    """Return noise of a random grain, from single pixels to large blobs."""
    side = int(torch.randint(4, picture.shape[-1] + 1, (), generator=chance))
    grain = torch.rand(1, 3, side, side, generator=chance) * 2 - 1
    return F.interpolate(grain, size=picture.shape[-2:], mode="bilinear")[0]


def _shuffled(picture: Tensor, chance: Generator) -> Tensor:
    rows = torch.stack(picture.chunk(TILES, dim=1))
    tiles = torch.cat([torch.stack(row.chunk(TILES, dim=2)) for row in rows])
    tiles = tiles[torch.randperm(len(tiles), generator=chance)]
    return torch.cat([torch.cat(list(row), dim=2) for row in tiles.chunk(TILES)], dim=1)


def _upside_down(picture: Tensor, chance: Generator) -> Tensor:
    del chance
    return picture.flip(1)


def _corner(picture: Tensor, chance: Generator) -> Tensor:
    """Return a corner of the picture, enlarged: hair, a shoulder, the wall behind."""
    part = picture.shape[-1] // 3
    row, column = torch.randint(2, (2,), generator=chance).tolist()
    corner = picture[:, -part:] if row else picture[:, :part]
    corner = corner[..., -part:] if column else corner[..., :part]
    return F.interpolate(corner[None], size=picture.shape[-2:], mode="bilinear")[0]


def _colour(chance: Generator) -> Tensor:
    return torch.rand(3, 1, 1, generator=chance) * 2 - 1


KINDS: Final[tuple[Callable[[Tensor, Generator], Tensor], ...]] = (
    _plain,
    _slope,
    _noise,
    _shuffled,
    _upside_down,
    _corner,
)
