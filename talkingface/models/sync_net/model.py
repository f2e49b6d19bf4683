"""SyncNet as a model to train. What it is for is `metrics.lip_sync`: it scores, and makes no video.

J. S. Chung and A. Zisserman, Out of time: automated lip sync in the wild, ACCV workshop 2016; the
network is that of joonson/syncnet_python (MIT), see `metrics.syncnet`. The authors published no
training; this one is ours.
"""

from collections.abc import Iterator
from dataclasses import asdict

import torch
from einops import rearrange
from torch import Tensor

from talkingface.errors import UsageError
from talkingface.job import Job
from talkingface.metrics.syncnet import SyncNet
from talkingface.models.base import Batch, Preparation, TalkingFaceModel
from talkingface.models.sync_net.config import SyncNetSettings
from talkingface.models.sync_net.losses import pairing_losses
from talkingface.models.sync_net.preparation import SyncNetPreparation


class SyncNetModel(TalkingFaceModel):
    """Learns which sound belongs to which lips."""

    phases = ("sync",)
    loss_names = ("sound_of_video", "video_of_sound")
    settings: SyncNetSettings

    def __init__(self, settings: SyncNetSettings) -> None:
        super().__init__(settings)
        self.network = SyncNet(**asdict(settings.network))
        # Channels innermost: 1.6 times as fast on a CPU.
        self.network.netcnnlip.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]
        _begin_without_mean(self.network)

    @property
    def preparation(self) -> Preparation:
        """What is made of a clip before the network sees it."""
        chosen = self.settings
        return SyncNetPreparation(chosen.num_windows, self.network.face_px, chosen.worn_share)

    def losses(self, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return how hard it is to find the sound of each window in the batch, and its video.

        Wrong are all other windows: of other clips, and of the same, a frame away and more.
        """
        video = self.network.video(levels(batch["pictures"]))
        sound = self.network.sound(rearrange(batch["sound"], "b n m k -> (b n) 1 m k"))
        return pairing_losses(video, sound)

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Refuse.

        Raises:
            UsageError: always.
        """
        raise UsageError(
            f"SyncNet scores videos and makes none, so it cannot make {job.name}. Score another "
            "model with it: --metrics=sync_demo_offset,sync_demo_confidence."
        )


def levels(pictures: Tensor) -> Tensor:
    """Return windows (B, N, 5, H, W, 3) of RGB as the network sees them, (B N, 3, 5, H, W) BGR."""
    return rearrange(pictures.flip(-1), "b n t h w c -> (b n) c t h w").float()


@torch.no_grad()
def _begin_without_mean(network: SyncNet) -> None:
    """Make the first layers blind to how bright a picture and how loud a sound is.

    Neither is brought to a mean of 0 before, and beside it all else is small: a network that begins
    by seeing it still knew nothing after 350 steps.
    """
    for branch in (network.netcnnlip, network.netcnnaud):
        weight = branch[0].weight
        assert isinstance(weight, Tensor)
        weight -= weight.mean(dim=tuple(range(1, weight.ndim)), keepdim=True)
