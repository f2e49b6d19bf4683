"""The head's motion through a whole speech: a stretch at a time, each after what came before.

Paper: arXiv:2007.08547, section 3.2. The authors' program predicts one stretch after an observed
one. A portrait has no past, so here it has held still and heard silence before it speaks.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from talkingface.face.smoothing import smoothed
from talkingface.models.rhythmic_head_motion.head_motion import HeadMotion
from talkingface.models.rhythmic_head_motion.hearing import HeadHearing, Heard
from talkingface.models.rhythmic_head_motion.motion_series import head_motion, normalised_motion

Array = NDArray[np.float64]

FADING = 12  # frames over which a stretch leaves the place where the last one ended
SMOOTHING = 5  # frames under a Hann window


@torch.no_grad()
def predicted_motions(
    network: HeadMotion,
    motion: NDArray[np.floating],
    heard: Heard,
    how: HeadHearing,
    history: int,
    future: int,
) -> Array:
    """Return motions (T, 6) of a head that begins at `motion` (6,).

    Args:
        network: predicts.
        motion: rotation vector and translation.
        heard: speech of T frames.
        how: the network hears it.
        history: frames that it knows.
        future: frames that it predicts at a time.
    """
    device = next(network.parameters()).device
    longer = heard.after_silence(history)
    windows = torch.from_numpy(longer.head_windows(range(longer.num_frames), how)).to(device)
    start = torch.from_numpy(normalised_motion(motion[None])).to(device)  # (1, 6)
    known = start.repeat(history, 1)
    for begin in range(0, heard.num_frames, future):
        part = windows[begin : begin + history + future]
        found = network(part[None], known[None, -history:])[0]  # (future, 6)
        fading = (1 - torch.arange(1, len(found) + 1, device=device) / FADING).clamp(min=0)
        known = torch.cat([known, found + fading[:, None] * (known[-1] - found[0])])
    return smoothed(head_motion(known[history:].cpu().numpy()), SMOOTHING)
