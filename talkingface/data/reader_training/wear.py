"""What happens to pictures before the reader sees them in training, new in each batch."""

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from talkingface.data.reader_training.absence import without_faces
from talkingface.face.reader.network import FaceValues

TURN_RADIANS = 0.06
ZOOM = 0.05
SHIFT = 0.02  # of the picture's side
ABSENT = 8  # of how many pictures one loses its face


class Wear:
    """Moves, recolours, blurs and spoils pictures by chance.

    Args:
        chance: where all of it is drawn from.
    """

    def __init__(self, chance: Generator) -> None:
        self._chance = chance

    def __call__(self, pictures: Tensor, values: FaceValues) -> tuple[Tensor, FaceValues]:
        """Return pictures (B, 3, S, S) in [-1, 1] and their values after all that."""
        pictures, values = self._moved(pictures, values)
        pictures = self._recoloured(self._blurred(pictures))
        num_absent = len(pictures) // ABSENT
        presence = values.presence.clone()
        presence[:num_absent] = 0
        pictures[:num_absent] = without_faces(pictures[:num_absent], self._chance)
        return self._noisy(pictures).clamp(-1, 1), values._replace(presence=presence)

    def _uniform(self, *shape: int) -> Tensor:
        """Return numbers between -1 and 1."""
        return torch.rand(*shape, generator=self._chance) * 2 - 1

    def _moved(self, pictures: Tensor, values: FaceValues) -> tuple[Tensor, FaceValues]:
        """Turn, enlarge and shift in the plane; the truth goes along."""
        count, side = len(pictures), pictures.shape[-1]
        angle, zoom = TURN_RADIANS * self._uniform(count), torch.exp(ZOOM * self._uniform(count))
        shift = SHIFT * side * self._uniform(count, 2)
        cosine, sine = zoom * angle.cos(), zoom * angle.sin()
        # A point p goes to M p + shift about the middle; pixels are fetched by the inverse.
        there = torch.stack([cosine, -sine, sine, cosine], 1).view(-1, 2, 2)
        back = torch.linalg.inv(there)
        origin = -back @ (shift * 2 / side)[..., None]
        grid = F.affine_grid(torch.cat([back, origin], 2), list(pictures.shape), False)
        pictures = F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
        middle = (side - 1) / 2
        flat = (values.landmarks[..., :2] - middle) @ there.mT + (middle + shift)[:, None]
        depth = zoom[:, None, None] * values.landmarks[..., 2:]
        roll = torch.stack([torch.zeros(count), torch.zeros(count), angle], 1)
        return pictures, values._replace(
            landmarks=torch.cat([flat, depth], 2),
            pose=values.pose + roll,
            mouth_opening=zoom * values.mouth_opening,
        )

    def _recoloured(self, pictures: Tensor) -> Tensor:
        count = len(pictures)

        def of_all_and_each_colour(spread: float) -> Tensor:
            return spread * self._uniform(count, 1, 1, 1) + 0.08 * self._uniform(count, 3, 1, 1)

        return pictures * of_all_and_each_colour(0.25).exp() + of_all_and_each_colour(0.25)

    def _blurred(self, pictures: Tensor) -> Tensor:
        """Mix some pictures with what is left of them at three fifths of their size."""
        side = pictures.shape[-1]
        small = F.interpolate(pictures, size=side * 3 // 5, mode="area")
        soft = F.interpolate(small, size=side, mode="bilinear", align_corners=False)
        return torch.lerp(pictures, soft, self._uniform(len(pictures), 1, 1, 1).clamp(0, 1))

    def _noisy(self, pictures: Tensor) -> Tensor:
        level = 0.06 * self._uniform(len(pictures), 1, 1, 1).clamp(0, 1)
        return pictures + level * torch.randn(pictures.shape, generator=self._chance)
