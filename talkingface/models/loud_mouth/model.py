"""A complete method in a hundred lines, to be read before you write your own.

It learns one picture: what a face gains when its mouth opens. A frame is the portrait plus that
picture, times the loudness of the speech in that frame. What each part is for is said in
`models.base`.
"""

from collections.abc import Iterator

import numpy as np
import torch
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from talkingface.clip import Clip, Speech
from talkingface.errors import DataError
from talkingface.job import Job
from talkingface.media.features.passage import Passage
from talkingface.models.base import (
    Batch,
    Example,
    Export,
    LiveFace,
    Preparation,
    Prepared,
    TalkingFaceModel,
)
from talkingface.models.loud_mouth.config import LoudMouthSettings

SAMPLE_RATE_HZ = 16_000
SAMPLES_A_FRAME = 640  # 40 ms
QUIETEST = 1e-4  # amplitude that counts as silence
WINDOW = 32  # frames that are made at once


def loudness(speech: Speech, num_frames: int) -> NDArray[np.float32]:
    """Return how loud each video frame is, (T,): 0 in silence, 1 at full scale, even in dB."""
    samples = speech.read(SAMPLE_RATE_HZ)[: num_frames * SAMPLES_A_FRAME]
    return loudness_of(np.pad(samples, (0, num_frames * SAMPLES_A_FRAME - len(samples))))


def loudness_of(samples: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the loudness of samples that are whole frames, (T,)."""
    power = np.mean(samples.reshape(-1, SAMPLES_A_FRAME) ** 2, axis=1)
    decibels = 20 * np.log10(np.maximum(np.sqrt(power), QUIETEST) / QUIETEST)
    return np.asarray(decibels / (-20 * np.log10(QUIETEST)), dtype=np.float32)


class LoudMouthPreparation(Preparation):
    """Keeps a clip's frames where they are, and the loudness of each."""

    def prepare(self, clip: Clip) -> Prepared:
        """Return the frames and their loudness."""
        if clip.frames is None or clip.speech is None:
            raise DataError(f"{clip.name} lacks frames or sound. Leave it out of the split.")
        return {"frames": clip.frames, "loudness": loudness(clip.speech, len(clip.frames))}

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return the quietest frame of the clip, any other, and how much louder that is."""
        frames, loudness = prepared["frames"], prepared["loudness"]
        first, second = loudness.argmin(), chance.integers(len(loudness))
        return {
            "portrait": frames.read(first, first + 1)[0],
            "target": frames.read(second, second + 1)[0],
            "louder": loudness[second] - loudness[first],
        }


class OpenMouth(nn.Module):
    """The learned picture: what is added to a face at full loudness, in [-1, 1] RGB."""

    def __init__(self, image_px: int) -> None:
        super().__init__()
        self.picture = nn.Parameter(torch.zeros(3, image_px, image_px))

    def forward(self, portrait: Tensor, louder: Tensor) -> Tensor:
        """Return portraits (B, 3, H, W) opened by `louder` (B,)."""
        height, width = portrait.shape[-2:]
        gain = F.interpolate(self.picture[None], size=(height, width), mode="bilinear")
        return (portrait + louder[:, None, None, None] * gain).clamp(-1, 1)


class LoudMouth(TalkingFaceModel):
    """Adds the learned picture to the portrait as the speech is loud."""

    phases = ("mouth",)
    loss_names = ("error_added",)
    settings: LoudMouthSettings

    def __init__(self, settings: LoudMouthSettings) -> None:
        super().__init__(settings)
        self.open_mouth = OpenMouth(settings.network.image_px)

    @property
    def preparation(self) -> Preparation:
        """What is made of a clip before the network sees it."""
        return LoudMouthPreparation()

    def losses(self, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return how much larger the error of opened portraits is than that of shut ones.

        Most of it is the head's, which no sound moves, and would hide what is learned. That is the
        same in both, so the difference begins at 0 and falls below.
        """
        portrait, target = (_normalized(batch[name]) for name in ("portrait", "target"))
        opened = self.open_mouth(portrait, batch["louder"])
        shut = F.l1_loss(around_mouth(portrait), around_mouth(target))
        return {"error_added": F.l1_loss(around_mouth(opened), around_mouth(target)) - shut}

    def exports(self) -> dict[str, Export]:
        """Return the one network, for portraits of the size that it was trained at."""
        side = self.settings.network.image_px
        inputs = {"portrait": torch.zeros(2, 3, side, side), "louder": torch.zeros(2)}
        meaning = "portraits (B, 3, H, W) in [-1, 1] and loudness (B,) in [0, 1]; opened portraits"
        return {
            "open_mouth": Export(self.open_mouth, self.open_mouth, inputs, ("picture",), meaning)
        }

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the portrait with its mouth open as the speech is loud, (T, C, H, W)."""
        speaking = self.live(job)
        curve = torch.from_numpy(loudness(job.speech, self.num_frames(job)))
        for window in torch.split(curve, WINDOW):
            yield speaking.opened(window)

    def live(self, job: Job) -> "LiveMouth":
        """Return the portrait, ready to open its mouth as the speech that comes is loud."""
        portrait = _normalized(torch.from_numpy(job.portraits[0])[None])
        return LiveMouth(self.open_mouth, portrait, job.strength("lip") * self.settings.strength)


class LiveMouth(LiveFace):
    """A portrait that says what comes. A frame hears its own sound and no other."""

    heard_before = 0
    heard_after = SAMPLES_A_FRAME

    def __init__(self, open_mouth: OpenMouth, portrait: Tensor, strength: float) -> None:
        self._open_mouth, self._strength = open_mouth, strength
        self._portrait = portrait.to(open_mouth.picture.device)

    def opened(self, louder: Tensor) -> Tensor:
        """Return the portrait at each loudness (T,), as (T, 3, H, W)."""
        louder = self._strength * louder.to(self._portrait.device)
        portraits = self._portrait.expand(len(louder), -1, -1, -1)
        pictures: Tensor = self._open_mouth(portraits, louder)
        return pictures

    def draw(self, speech: Passage, frames: range, first: int) -> Tensor:
        """Return frames (T, 3, H, W) in [-1, 1]."""
        sound = speech.between(frames.start * SAMPLES_A_FRAME, frames.stop * SAMPLES_A_FRAME)
        return self.opened(torch.from_numpy(loudness_of(sound.astype(np.float32))))


def around_mouth(pictures: Tensor) -> Tensor:
    """Return the middle of the lower half of pictures (B, C, H, W), as (B, C, H/2, W/2)."""
    height, width = pictures.shape[-2:]
    return pictures[..., height // 2 :, width // 4 : width - width // 4]


def _normalized(pictures: Tensor) -> Tensor:
    """Return pictures (B, H, W, 3) uint8 as (B, 3, H, W) in [-1, 1]."""
    return rearrange(pictures, "b h w c -> b c h w").float() / 127.5 - 1
