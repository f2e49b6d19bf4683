"""The methods as plain programs run them: for `benchmarks/inference.py` to be compared with.

Every sample has filters of its own (a grouped convolution), every norm is computed in every call,
the blur is a convolution of one channel, and what the authors' programs compute anew for every
frame is computed anew. The weights are those of our networks before they are folded, so the
pictures must be the same. Pictures and landmarks are drawn, decoded and resized beforehand.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.clip import Clip, Picture
from talkingface.job import Job
from talkingface.media.features.mel import mel_spectrogram
from talkingface.media.features.windows import mouth_windows
from talkingface.models.base import TalkingFaceModel
from talkingface.models.pc_avs.model import PCAVS
from talkingface.models.pc_avs.network import style_of
from talkingface.models.pd_fgc.model import PDFGC
from talkingface.models.rhythmic_head_motion.drawing import Painter
from talkingface.models.rhythmic_head_motion.generator import Generator
from talkingface.models.rhythmic_head_motion.model import RhythmicHeadMotion
from talkingface.models.rhythmic_head_motion.sitting import Sitter
from talkingface.nn.binomial import TAPS
from talkingface.nn.modulated_conv import ModulatedConv2d, UpsamplingModulatedConv2d
from talkingface.nn.pictures import resized, to_frames
from talkingface.nn.style_generator import StyledConv, StyleGenerator, ToPicture

SPEECH_RATE_HZ = 16_000


class Plain(Protocol):
    """A method, ready to draw the first frames of a job."""

    at_once: int  # frames that the authors' program draws together

    def draw(self, frames: range) -> Tensor:
        """Return pictures (T, 3, H, W) of some frames."""
        ...


class PlainPCAVS:
    """Everything anew for every frame, and each drawn twice: theirs throws one picture away."""

    at_once = 1

    def __init__(self, model: PCAVS, job: Job, num_frames: int) -> None:
        self._network = model.network
        self._noise = _noise(model.network.generator, model.settings.noise_seed)
        self._portrait = _squares(job.portraits[:1], model.settings.network.image_px)[None]
        self._mels = _mels(job, num_frames)
        self._poses = _driver(job, model.settings.network.image_px, num_frames)

    def draw(self, frames: range) -> Tensor:
        network, part = self._network, slice(frames.start, frames.stop)
        portraits = self._portrait.expand(len(frames), -1, -1, -1, -1)
        identity, mouths = network.identify(portraits), network.mouth_codes(self._mels[part])
        poses = network.resting_pose_code(portraits), network.pose_codes(self._poses[part])
        styles = [style_of(identity, mouths, codes) for codes in poses]
        drawn = [_drawn(network.generator, one, identity.start, self._noise) for one in styles]
        return drawn[-1]


class PlainPDFGC:
    """The person once, and three pictures of drivers for every frame, of whom each is read whole.

    Codes are smoothed and joined beforehand.
    """

    at_once = 8

    def __init__(self, model: PDFGC, job: Job, num_frames: int) -> None:
        self._network = model.network
        self._noise = _noise(model.network.generator, model.settings.noise_seed)
        self._person = model.appearance(job)
        self._motions = torch.cat(list(islice(model.motions(job), num_frames)))
        self._mels = _mels(job, num_frames)
        self._drivers = _driver(job, model.settings.network.image_px, num_frames)

    def draw(self, frames: range) -> Tensor:
        network, part = self._network, slice(frames.start, frames.stop)
        network.lip_codes(self._mels[part])
        network.motion_encoder.motion(
            network.motion_encoder(self._drivers[part].repeat(3, 1, 1, 1))
        )
        style = style_of(self._person, self._motions[part], self._motions[part][:, :0])
        return _drawn(network.generator, style, self._person.start, self._noise)


class PlainRhythmic:
    """All references anew for every frame, and an image without what is warped, thrown away."""

    at_once = 1

    def __init__(self, model: RhythmicHeadMotion, job: Job, num_frames: int) -> None:
        self._generator, self._given = model.generator, GivenTo(model.generator)
        sitter = Sitter.of(job, model.settings)
        painter = Painter(self._given, sitter, model.settings)
        for _ in islice(painter.drawn(model.script(job, sitter)), num_frames):
            pass

    def draw(self, frames: range) -> Tensor:
        images, labels = self._given.references
        pictures = [self._generator(images, labels, *self._given.frames[one]) for one in frames]
        return torch.cat([one.image for one in pictures])


class GivenTo(nn.Module):
    """Stands where a generator is expected, and keeps what it is given."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator, self.warped = generator, generator.warped
        self.references, self.frames = (), []

    def encode_references(self, images, labels) -> None:
        self.references = (images, labels)

    def compose(self, references, label, sources, **_) -> None:
        self.frames.append((label, sources))


def plain(model: TalkingFaceModel, job: Job, num_frames: int) -> Plain:
    """Return what draws the first frames of a job with a model that is not folded."""
    kinds = {PCAVS: PlainPCAVS, PDFGC: PlainPDFGC, RhythmicHeadMotion: PlainRhythmic}
    return kinds[type(model)](model, job, num_frames)


def _squares(pictures: Sequence[Picture], size: int) -> Tensor:
    return to_frames(np.stack([resized(one, size) for one in pictures]))


def _driver(job: Job, size: int, num_frames: int) -> Tensor:
    clip = job.controls["pose"].source
    assert isinstance(clip, Clip)
    assert clip.frames is not None
    return _squares(list(clip.frames.read(0, num_frames)), size)


def _mels(job: Job, num_frames: int) -> Tensor:
    mel = mel_spectrogram(job.speech.read(SPEECH_RATE_HZ))
    return torch.from_numpy(mouth_windows(mel, range(num_frames)))


def _noise(generator: StyleGenerator, seed: int) -> list[Tensor]:
    return generator.draw_noise(torch.Generator().manual_seed(seed))


def _drawn(generator: StyleGenerator, style: Tensor, start: Tensor, noise: list[Tensor]) -> Tensor:
    """Return pictures (B, 3, H, W) of a generator, layer by layer."""
    x = _styled(generator.conv1, start.expand(len(style), -1, -1, -1), style, noise[0])
    skip = _colours(generator.to_rgb1, x, style)
    for level, to_rgb in enumerate(generator.to_rgbs):
        x = _styled(generator.convs[2 * level], x, style, noise[2 * level + 1])
        x = _styled(generator.convs[2 * level + 1], x, style, noise[2 * level + 2])
        skip = _colours(to_rgb, x, style) + _enlarged(skip)
    return torch.tanh(skip)


def _styled(layer: StyledConv, x: Tensor, style: Tensor, noise: Tensor) -> Tensor:
    x = _modulated(layer.conv, x, style) + layer.noise.weight * noise
    return F.leaky_relu(x + layer.activate.bias, 0.2) * 2**0.5


def _colours(layer: ToPicture, x: Tensor, style: Tensor) -> Tensor:
    return _modulated(layer.conv, x, style) + layer.bias


def _modulated(layer: ModulatedConv2d, x: Tensor, style: Tensor) -> Tensor:
    """Convolve each sample with filters of its own."""
    batch, channels, height, width = x.shape
    scales = layer.modulation(style)[:, None, :, None, None]
    filters = layer.weight_scale * layer.weight * scales  # (B, out, in, k, k)
    if layer.demodulate:
        filters = filters * torch.rsqrt(filters.square().sum(dim=(2, 3, 4), keepdim=True) + 1e-8)
    x = x.reshape(1, batch * channels, height, width)
    if isinstance(layer, UpsamplingModulatedConv2d):
        x = F.conv_transpose2d(x, filters.transpose(1, 2).flatten(0, 1), stride=2, groups=batch)
        return _blurred(x.reshape(batch, -1, *x.shape[-2:]), padding=1)
    x = F.conv2d(x, filters.flatten(0, 1), padding=filters.shape[-1] // 2, groups=batch)
    return x.reshape(batch, -1, height, width)


def _blurred(x: Tensor, padding: int) -> Tensor:
    """Filter each channel of x (B, C, H, W) as a picture of its own."""
    kernel = torch.outer(torch.tensor(TAPS), torch.tensor(TAPS))[None, None]
    blurred = F.conv2d(F.pad(x.flatten(0, 1)[:, None], (padding,) * 4), kernel)
    return blurred.reshape(*x.shape[:2], *blurred.shape[-2:])


def _enlarged(x: Tensor) -> Tensor:
    """Enlarge x (B, C, H, W) by zeros between its pixels, then the blur."""
    spread = x.new_zeros(*x.shape[:2], x.shape[2], 2, x.shape[3], 2)
    spread[:, :, :, 0, :, 0] = x
    framed = F.pad(spread.flatten(4).flatten(2, 3), (2, 1, 2, 1))
    return _blurred(framed, padding=0)
