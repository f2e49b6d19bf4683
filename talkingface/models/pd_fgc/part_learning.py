"""What teaches the encoders of PD-FGC: who it is, and each factor of what a face does.

D. Wang et al., CVPR 2023, sections 3.2 and 3.3. Nothing is drawn here. Of drawn faces the factors
are known, so their codes are taught directly; of filmed ones they are told apart as in the paper.
"""

import torch
import torch.nn.functional as F
from einops import reduce
from torch import Tensor, nn

from talkingface.data.synth import FACTOR_GROUPS
from talkingface.models.base import Batch
from talkingface.models.pd_fgc.config import PDFGCSettings
from talkingface.models.pd_fgc.known_codes import Named, code_errors, named
from talkingface.models.pd_fgc.losses import decorrelation, eye_contrast
from talkingface.models.pd_fgc.memory import CodeMemory
from talkingface.models.pd_fgc.motion_encoder import MotionEncoder
from talkingface.models.pd_fgc.network import PDFGCNetwork
from talkingface.nn.contrast import brought_together
from talkingface.nn.pictures import from_levels

REMEMBERED = 1024  # moments whose expressions and lips are compared
# From the brows to the lower lids of an aligned face, as shares of the network's view of it.
EYE_ROWS, EYE_COLUMNS = (0.2, 0.4), (0.12, 0.88)


class PartLearning(nn.Module):
    """Heads that read the codes, and the losses of the phases that draw nothing.

    Args:
        settings: of the method.
        num_people: identities to tell apart.
        appearance_width: length of the appearance vector.
    """

    def __init__(self, settings: PDFGCSettings, num_people: int, appearance_width: int) -> None:
        super().__init__()
        sizes = settings.network
        self.people = nn.Linear(appearance_width, num_people)
        self.lip_reader = nn.Linear(sizes.lip_width, len(FACTOR_GROUPS["lip"]))
        self.memory = CodeMemory(REMEMBERED, sizes.emotion_width + sizes.lip_width)

    def identity_losses(self, network: PDFGCNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how hard it is to tell from an appearance which of the people it is."""
        appearance = network.appearance_encoder(from_levels(batch["portrait"])[:, None])
        scores = self.people(appearance.vector).float()
        return {"identity": F.cross_entropy(scores, batch["label"])}

    def motion_losses(self, network: PDFGCNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far all codes of drawn faces are off: one picture teaches every part."""
        encoder = network.motion_encoder
        features, factors = _drawn_heads(encoder, batch)
        lips = encoder.lip_codes(encoder.lip_features(features))
        codes = {
            "pose": encoder.pose_codes(features),
            "eyes": encoder.eye_codes(features),
            "emotion": encoder.emotion_codes(features),
            "lips": self.lip_reader(lips),
        }
        return code_errors(codes, factors)

    def lip_losses(self, network: PDFGCNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far lips that are heard and lips that are seen are apart.

        Each moment of a clip is to find its sound among those of all moments in the batch.
        """
        encoder = network.motion_encoder
        features = encoder.lip_features(encoder(from_levels(batch["moments"].flatten(0, 1))))
        heard = network.lip_codes(batch["moment_mels"].flatten(0, 1))
        return brought_together(heard.float(), encoder.lip_codes(features).float())

    def eye_losses(self, network: PDFGCNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far the codes of eyes are off, or how badly they tell whose eyes they are.

        Eyes of one face are pasted into another, so that the two have nothing else in common.
        """
        encoder = network.motion_encoder
        if "heads" in batch:
            features, factors = _drawn_heads(encoder, batch)
            return code_errors({"eyes": encoder.eye_codes(features)}, factors)
        faces = from_levels(batch["face"])
        others = faces.roll(1, dims=0)
        codes = encoder.eye_codes(encoder(torch.cat([with_eyes(others, faces), faces, others])))
        return {"eyes": eye_contrast(*codes.float().chunk(3))}

    def pose_losses(self, network: PDFGCNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far the codes of poses are off; faces that were not found do not count."""
        encoder = network.motion_encoder
        if "heads" in batch:
            features, factors = _drawn_heads(encoder, batch)
            return code_errors({"pose": encoder.pose_codes(features)}, factors)
        codes, true = encoder.pose_codes(encoder(from_levels(batch["face"]))), batch["head_pose"]
        is_known = torch.isfinite(true)
        errors = (codes.float() - true.nan_to_num()).abs() * is_known
        return {"pose": errors.sum() / is_known.sum().clamp(min=1)}

    def expression_losses(self, network: PDFGCNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far expressions and lips tell of each other, and codes are off where known.

        Of filmed faces the expression is the mean over some frames, the lips are heard.
        """
        encoder = network.motion_encoder
        found: dict[str, Tensor] = {}
        if "heads" in batch:
            features, factors = _drawn_heads(encoder, batch)
            moods = encoder.emotion_codes(features)
            lips = encoder.lip_codes(encoder.lip_features(features))
            found = code_errors({"emotion": moods}, factors)
        else:
            moods = mean_expressions(encoder, batch["window"])
            lips = network.lip_codes(batch["window_mel"])
        both = self.memory.with_past(torch.cat([moods, lips.detach()], dim=1))
        return found | {"decorrelation": decorrelation(*both.tensor_split([moods.shape[1]], dim=1))}


def mean_expressions(encoder: MotionEncoder, windows: Tensor) -> Tensor:
    """Return the expressions (B, E) of windows of pictures (B, K, H, W, 3), each the mean of K."""
    codes = encoder.emotion_codes(encoder(from_levels(windows.flatten(0, 1))))
    return reduce(codes, "(b k) d -> b d", "mean", k=windows.shape[1])


def with_eyes(faces: Tensor, others: Tensor) -> Tensor:
    """Return aligned faces (B, 3, H, W) with the eyes of others pasted in."""
    height, width = faces.shape[-2:]
    top, bottom = (round(share * height) for share in EYE_ROWS)
    left, right = (round(share * width) for share in EYE_COLUMNS)
    mixed = faces.clone()
    mixed[..., top:bottom, left:right] = others[..., top:bottom, left:right]
    return mixed


def _drawn_heads(encoder: MotionEncoder, batch: Batch) -> tuple[Tensor, Named]:
    """Return the features (B, F) of drawn heads, and what is true of them."""
    features = encoder(from_levels(batch["heads"].flatten(0, 1)))
    return features, named(batch["head_factors"].flatten(0, 1))
