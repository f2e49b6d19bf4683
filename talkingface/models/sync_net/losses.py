"""What SyncNet learns by: which sound belongs to which lips, among many.

J. S. Chung and A. Zisserman (2016) hold one wrong pair against one right pair, by a margin. Here
each window is told from all others of the batch at once, as in S.-W. Chung, J. S. Chung and H.-G.
Kang, Perfect match (arXiv:1809.08001), but by the distance itself. So the sum of distances over a
clip, which the metric looks for the least of, is how unlikely that shift is.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def pairing_losses(video: Tensor, sound: Tensor) -> dict[str, Tensor]:
    """Return how hard it is to find each window's sound among all others, and its video.

    Features have no fixed length: the network itself finds how far apart is certain.

    Args:
        video: features (N, D).
        sound: features (N, D); row i belongs to row i of `video`.
    """
    distances = torch.cdist(video.float(), sound.float())  # (N, N)
    own = torch.arange(len(video), device=video.device)
    return {
        "sound_of_video": F.cross_entropy(-distances, own),
        "video_of_sound": F.cross_entropy(-distances.T, own),
    }
