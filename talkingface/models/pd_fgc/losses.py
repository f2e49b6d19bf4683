"""The losses of PD-FGC that no other method has.

D. Wang et al., CVPR 2023, sections 3.2 and 3.3. The contrast of sounds and lips stands in
`talkingface.nn.contrast`, what teaches to draw in `talkingface.nn.growing_pictures`.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

EYE_TEMPERATURE = 0.1  # of the contrast of eyes; the paper's is not known


def eye_contrast(anchors: Tensor, eyes: Tensor, rest: Tensor) -> Tensor:
    """Return how hard it is to tell whose eyes the anchors have.

    Args:
        anchors: codes (B, D) of faces with eyes that were pasted in.
        eyes: codes (B, D) of those whose eyes they are.
        rest: codes (B, D) of those whose faces they are otherwise.
    """
    alike = [F.cosine_similarity(anchors, one) / EYE_TEMPERATURE for one in (eyes, rest)]
    scores = torch.stack(alike, dim=1)
    return F.cross_entropy(scores, scores.new_zeros(len(scores), dtype=torch.long))


def decorrelation(first: Tensor, second: Tensor) -> Tensor:
    """Return how far codes (N, D) and (N, E) of the same faces tell of each other.

    It is the mean square of Pearson's correlations of each number of one with each of the other: 0
    where none goes with any, 1 where all do.
    """
    first, second = _standardized(first), _standardized(second)
    correlations = first.T @ second / len(first)  # (D, E)
    return correlations.square().mean()


def _standardized(codes: Tensor) -> Tensor:
    centred = codes - codes.mean(dim=0)
    return centred / (centred.square().mean(dim=0) + 1e-6).sqrt()
