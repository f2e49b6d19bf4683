"""How PD-FGC learns: what training adds to the networks, and which losses each phase has.

D. Wang et al., CVPR 2023, section 3. One factor after the other: `identity` tells people apart;
`unified` draws from everything that moves at once, and `motion` teaches all of it where it is
known; `lips` brings what is heard and what is seen together; `eyes`, `pose` and `expression` each
teach their own part; the others draw.
"""

from collections.abc import Callable, Mapping

from torch import Tensor, nn

from talkingface.models.base import Batch
from talkingface.models.pd_fgc.config import PDFGCSettings
from talkingface.models.pd_fgc.network import PDFGCNetwork
from talkingface.models.pd_fgc.part_learning import PartLearning
from talkingface.models.pd_fgc.picture_learning import PictureLearning
from talkingface.nn.mel_noise import with_noise

HEARD = ("mels", "moment_mels", "window_mel")  # spectrograms in a batch
Losses = Callable[[PDFGCNetwork, Batch], dict[str, Tensor]]


class PDFGCLearning(nn.Module):
    """What training has beside the networks, and the losses of each phase.

    Args:
        settings: of the method.
        num_people: identities to tell apart.
        appearance_width: length of the appearance vector.
        teachers: networks that judge pictures; they are no part of this module.
    """

    def __init__(
        self,
        settings: PDFGCSettings,
        num_people: int,
        appearance_width: int,
        teachers: Mapping[str, nn.Module],
    ) -> None:
        super().__init__()
        self.mel_noise = settings.mel_noise
        self.parts = PartLearning(settings, num_people, appearance_width)
        self.pictures = PictureLearning(settings, appearance_width, teachers)

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """Its networks by the names under which settings of training know them."""
        return {
            "people": self.parts.people,
            "lip_reader": self.parts.lip_reader,
            "first_generator": self.pictures.first_generator,
            "discriminator": self.pictures.adversary,
        }

    def losses(self, network: PDFGCNetwork, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase."""
        batch = with_noise(batch, HEARD, self.mel_noise)
        own: Mapping[str, Losses] = {
            "identity": self.parts.identity_losses,
            "unified": self.pictures.unified_losses,
            "motion": self.parts.motion_losses,
            "lips": self.parts.lip_losses,
            "eyes": self.parts.eye_losses,
            "pose": self.parts.pose_losses,
            "expression": self.parts.expression_losses,
        }
        if phase in own:
            return own[phase](network, batch)
        return self.pictures.losses(network, phase, batch)
