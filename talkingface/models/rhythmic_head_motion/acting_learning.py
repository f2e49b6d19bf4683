"""How lips and head learn: what training adds, and the losses of their phases.

Paper: arXiv:2007.08547, sections 3.1 and 3.2. `lips` learns the movement that belongs to a sound,
`head` the motion that follows one; `head_critic` tells true motion from what was made up, by its
statistics. In the published training the critic's gradient never reaches what makes the motion,
against the paper: give the loss ``natural`` the weight 0, and it is so.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.face.mesh.mouth import FACING
from talkingface.models.base import Batch
from talkingface.models.rhythmic_head_motion.head_motion import HeadMotion, MotionCritic
from talkingface.models.rhythmic_head_motion.lip_network import LipNetwork
from talkingface.models.rhythmic_head_motion.resting import SPEAKING_POINTS

FACING_PLACES = [[SPEAKING_POINTS.tolist().index(point) for point in side] for side in FACING]


class ActingLearning(nn.Module):
    """The critic of motion, and the losses of what acts.

    Args:
        head_history: frames of motion that the head knows in an example.
    """

    def __init__(self, head_history: int) -> None:
        super().__init__()
        self.head_history = head_history
        self.critic = MotionCritic()

    def lip_losses(self, lips: LipNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far movements are off, in pixels of the canonical face."""
        made = lips(batch["lip_windows"].flatten(0, 1)).float()
        true = batch["lip_movements"]
        made = made.view_as(true)  # (B, T, 37, 3)
        return {
            "points": F.l1_loss(made, true),
            "opening": F.l1_loss(_opening(made), _opening(true)),
            "velocity": F.l1_loss(made.diff(dim=1), true.diff(dim=1)),
        }

    def head_losses(self, head: HeadMotion, batch: Batch) -> dict[str, Tensor]:
        """Return how far motion is off, and how much it looks made up."""
        made, true = self._predicted(head, batch)
        return {
            "motion": F.mse_loss(made, true),
            "natural": _judged(self.critic(made), is_true=True),
        }

    def critic_losses(self, head: HeadMotion, batch: Batch) -> dict[str, Tensor]:
        """Return how badly true motion and what was made up are told apart."""
        with torch.no_grad():
            made, true = self._predicted(head, batch)
        return {
            "true": _judged(self.critic(true), is_true=True),
            "made_up": _judged(self.critic(made), is_true=False),
        }

    def _predicted(self, head: HeadMotion, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return motion after the history, (B, T, 6): as it is predicted, and as it was."""
        known, true = batch["head_motions"].tensor_split([self.head_history], dim=1)
        return head(batch["head_windows"], known).float(), true


def _opening(movements: Tensor) -> Tensor:
    """Return how far the lips have moved apart, (B, T, 3)."""
    upper, lower = (movements[:, :, places].mean(dim=2) for places in FACING_PLACES)
    return lower - upper


def _judged(logits: Tensor, *, is_true: bool) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, float(is_true)))
