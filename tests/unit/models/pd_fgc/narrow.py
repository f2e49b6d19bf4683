"""PD-FGC at a size of milliseconds, jobs for it, and what it can learn from."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from talkingface.clip import Clip, FrameArray
from talkingface.job import Control, Job
from talkingface.media.sound import SpeechArray
from talkingface.models.pd_fgc.config import PDFGCSettings, PDFGCSizes
from talkingface.models.pd_fgc.model import PDFGC
from tests.talking_people import talking_people

SIZES = PDFGCSizes(
    image_px=64,
    appearance_channels=4,
    appearance_depths=(1, 1, 1, 1),
    appearance_groups=4,
    motion_channels=4,
    speech_channels=8,
    speech_depths=(1, 1, 1, 1),
    features=16,
    lip_width=10,
    emotion_width=5,
    generator_channels=(8, 8, 8, 4),
)


def narrow_model(**choices) -> PDFGC:
    """Return the method with drawn weights, in evaluation mode."""
    return PDFGC(PDFGCSettings(network=SIZES, **choices)).eval()


def chosen(model, **choices) -> PDFGC:
    """Return a method with the same networks and other choices."""
    with torch.device("meta"):
        other = PDFGC(PDFGCSettings(network=model.settings.network, **choices))
    other.network = model.network
    return other.eval()


def settings(**changes) -> PDFGCSettings:
    """Return settings for training tiny networks."""
    few = {"network": SIZES, "clip_frames": 3, "expression_frames": 2, "discriminator_channels": 4}
    return PDFGCSettings("PD_FGC", **(few | changes))


def learner(teachers: Mapping[str, nn.Module] | None = None, **changes) -> PDFGC:
    """Return a tiny model that is ready to learn from `talking_people`."""
    torch.manual_seed(0)
    model = PDFGC(settings(**changes))
    model.start_training(talking_people(), teachers or {})
    return model


def pictures(num_pictures, seed=0, side=64):
    chance = np.random.default_rng(seed)
    return chance.integers(0, 256, (num_pictures, side, side, 3), dtype=np.uint8)


def driver(name, num_pictures, seed=1):
    return Clip(name, FrameArray(pictures(num_pictures, seed)))


def speech(seconds=0.4):
    chance = np.random.default_rng(2)
    sound = 0.1 * chance.standard_normal(round(16_000 * seconds)).astype(np.float32)
    return SpeechArray(sound, 16_000)


def job(seconds=0.4, **controls) -> Job:
    """Return a job of 25 frames a second; a control is a `Control`, or the source of one."""
    wrapped = {
        name: one if isinstance(one, Control) else Control(one) for name, one in controls.items()
    }
    return Job("test", tuple(pictures(1)), speech(seconds), wrapped)


def motion_of(model, asked) -> torch.Tensor:
    """Return the whole motion of a job."""
    with torch.inference_mode():
        return torch.cat(list(model.motions(asked)))
