"""SyncNet's features of whole clips, as fast as the network allows.

Every window of five frames is one picture of 15 channels, for only the first layer spans time. So
the video branch becomes 2D convolutions; batch normalization is folded into them, and channels lie
innermost in memory, which is several times as fast on a CPU.
"""

from collections.abc import Callable
from typing import Protocol, cast

import cv2
import numpy as np
import torch
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from talkingface.media.features.cepstrum import mfcc
from talkingface.media.features.windows import sync_windows
from talkingface.metrics.base import ClipContext, Networks, Pictures, StateDict, Tail, View
from talkingface.metrics.published import load_published
from talkingface.metrics.syncnet import WINDOW_FRAMES, SyncNet

VIDEO_BATCH = 8  # windows; 24 MB of activations
SOUND_BATCH = 64

Features = NDArray[np.float32]  # (N, D)


class SyncEmbedder(Protocol):
    """Embeds windows of video and of sound in one space; window v begins with frame v."""

    @property
    def face_px(self) -> int:
        """Side of the faces that it sees."""
        ...

    def video(self, frames: Pictures) -> Features:
        """Return the features (T - 4, D) of consecutive frames (T, H, W, 3) RGB of that side."""
        ...

    def sound(self, samples: NDArray[np.int16], num_windows: int, shift: int = 0) -> Features:
        """Return the features (num_windows, D) of 16 kHz sound heard `shift` x 10 ms later."""
        ...


class SyncNetEmbedder:
    """A SyncNet rewritten for speed; equal to it to 1e-5 of the features' length.

    Args:
        network: the network in evaluation mode.
        device: where it runs.
    """

    def __init__(self, network: SyncNet, device: str = "cpu") -> None:
        self.face_px = network.face_px
        self._device = device
        self._num_features = network.num_features
        self._video = nn.Sequential(
            _in_two_dimensions(network.netcnnlip), nn.Flatten(), network.netfclip
        )
        self._sound = nn.Sequential(_folded(network.netcnnaud), nn.Flatten(), network.netfcaud)
        for branch in (self._video, self._sound):
            branch.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    @classmethod
    def shared(cls, networks: Networks, name: str) -> "SyncNetEmbedder":
        """Return the one made from the weights called `name`, for every metric that asks."""
        return networks.once(
            (cls, name), lambda: cls.from_weights(networks.files[name], networks.device)
        )

    @classmethod
    def from_weights(cls, weights: StateDict, device: str = "cpu") -> "SyncNetEmbedder":
        """Return the embedder for the tensors of ``syncnet_v2.model``."""
        return cls(load_published(SyncNet(), weights, "SyncNet"), device)

    def video(self, frames: Pictures) -> Features:
        """Return the features (T - 4, D) of consecutive frames (T, H, W, 3) RGB."""
        starts = range(max(0, len(frames) - WINDOW_FRAMES + 1))
        return self._features(self._video, starts, VIDEO_BATCH, lambda start: _stack(frames, start))

    def sound(self, samples: NDArray[np.int16], num_windows: int, shift: int = 0) -> Features:
        """Return the features (num_windows, D) of 16 kHz sound (L,).

        Args:
            samples: 16-bit numbers.
            num_windows: window v meets the video window that begins with frame v.
            shift: by how many rows of 10 ms each window is later than that.
        """
        if not num_windows:
            return self._none()
        rows = mfcc(samples)
        rows = rows[np.clip(np.arange(len(rows)) + shift, 0, len(rows) - 1)]
        windows = sync_windows(rows, num_windows)[..., None]  # (N, 13, 20, 1)
        return self._features(self._sound, range(num_windows), SOUND_BATCH, windows.__getitem__)

    @torch.inference_mode()
    def _features(
        self,
        branch: nn.Module,
        indices: range,
        batch: int,
        window: Callable[[int], NDArray[np.generic]],
    ) -> Features:
        features = [self._none()]
        for start in range(0, len(indices), batch):
            windows = np.stack([window(index) for index in indices[start : start + batch]])
            # Channels stay innermost in memory: torch sees (N, C, H, W) without moving a byte.
            inputs = rearrange(torch.from_numpy(windows).to(self._device), "n h w c -> n c h w")
            features.append(branch(inputs.float()).cpu().numpy())
        return np.concatenate(features)

    def _none(self) -> Features:
        return np.empty((0, self._num_features), np.float32)


class VideoTrack:
    """SyncNet's features of one video of any length, taken in window by window.

    Several metrics share one track; it takes each window in once. The features grow with the clip:
    sound may be compared with all of them only at its end.
    """

    def __init__(self, embedder: SyncEmbedder) -> None:
        self._embedder = embedder
        self._tail = Tail(WINDOW_FRAMES - 1)
        self._features: list[Features] = []
        self._num_frames = 0
        self._last: View | None = None

    @classmethod
    def of(cls, clip: ClipContext, side: str, embedder: SyncEmbedder) -> "VideoTrack":
        """Return the track of one side of a clip, the same for every metric that asks."""
        return clip.once((cls, side, id(embedder)), lambda: cls(embedder))

    @property
    def num_frames(self) -> int:
        """How many frames were taken in."""
        return self._num_frames

    def take(self, view: View) -> None:
        """Take in the next window; a second time does nothing."""
        if view is self._last:
            return
        self._last = view
        self._num_frames += len(view.frames)
        joined = self._tail.joined(_squeezed(view.frames, self._embedder.face_px))
        if len(joined) >= WINDOW_FRAMES:
            self._features.append(self._embedded(joined.astype(np.uint8, copy=False)))

    def _embedded(self, frames: Pictures) -> Features:
        """Return the features (T - 4, D) of consecutive frames; what stands still is seen once."""
        if all(np.array_equal(frame, frames[0]) for frame in frames[1:]):
            once = self._embedder.video(frames[:WINDOW_FRAMES])
            return np.repeat(once, len(frames) - WINDOW_FRAMES + 1, axis=0)
        return self._embedder.video(frames)

    def features(self) -> Features:
        """Return the features of all windows so far, (T - 4, D)."""
        return np.concatenate(self._features) if self._features else np.empty((0, 0), np.float32)


def _squeezed(frames: Pictures, side: int) -> Pictures:
    """Return frames (T, H, W, 3) squeezed to a square, as Wav2Lip's evaluation does."""
    if frames.shape[1:3] == (side, side):
        return frames
    return np.stack([np.asarray(cv2.resize(one, (side, side)), np.uint8) for one in frames])


def _stack(frames: Pictures, start: int) -> NDArray[np.uint8]:
    """Return five frames as one picture (H, W, 15)."""
    stacked: NDArray[np.uint8] = rearrange(
        frames[start : start + WINDOW_FRAMES], "t h w c -> h w (t c)"
    )
    return stacked


def _folded(layers: nn.Sequential) -> nn.Sequential:
    """Return the layers with each batch normalization folded into the convolution before it."""
    new: list[nn.Module] = []
    for layer in layers:
        if isinstance(layer, nn.BatchNorm2d):
            convolution = cast(nn.Conv2d, new[-1])
            new[-1] = _convolution(convolution, layer, convolution.weight)
        else:
            new.append(layer)
    return nn.Sequential(*new)


def _in_two_dimensions(layers: nn.Sequential) -> nn.Sequential:
    """Return the video branch for windows (N, 15, H, W) in RGB, frame by frame."""
    new: list[nn.Module] = []
    before: nn.Conv3d | None = None
    for layer in layers:
        if isinstance(layer, nn.Conv3d):
            before = layer
        elif isinstance(layer, nn.BatchNorm3d):
            assert before is not None
            weight = before.weight
            if weight.shape[2] > 1:  # the first layer: it sees BGR
                weight = weight.flip(1)
            new.append(_convolution(before, layer, rearrange(weight, "o c t h w -> o (t c) h w")))
        elif isinstance(layer, nn.MaxPool3d):
            kernel, stride, padding = (
                cast(tuple[int, ...], size)[1:] if isinstance(size, tuple) else size
                for size in (layer.kernel_size, layer.stride, layer.padding)
            )
            new.append(nn.MaxPool2d(kernel, stride, padding))
        else:
            new.append(layer)
    return nn.Sequential(*new)


def _convolution(
    convolution: nn.Conv2d | nn.Conv3d, norm: nn.BatchNorm2d | nn.BatchNorm3d, weight: Tensor
) -> nn.Conv2d:
    """Return a 2D convolution by `weight` (O, I, H, W) with the normalization folded in."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    folded, bias = fuse_conv_bn_weights(
        weight,
        convolution.bias,
        norm.running_mean,
        norm.running_var,
        norm.eps,
        norm.weight,
        norm.bias,
    )
    features, channels, height, width = folded.shape
    stride, padding = (
        cast(tuple[int, int], tuple(size)[-2:])
        for size in (convolution.stride, convolution.padding)
    )
    new = nn.Conv2d(channels, features, (height, width), stride=stride, padding=padding)
    new.weight, new.bias = folded, bias
    return new
