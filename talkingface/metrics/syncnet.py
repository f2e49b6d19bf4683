"""SyncNet (Chung and Zisserman 2016): embeds five frames and 0.2 s of sound in one space.

The network of joonson/syncnet_python with its names, so that the authors' ``syncnet_v2.model``
loads as it is; nothing is changed. A smaller one has fewer channels everywhere, and a last kernel
as large as what is left of a smaller face. `sync_embedding` runs either several times as fast.
"""

from collections.abc import Sequence

from torch import Tensor, nn

WINDOW_FRAMES = 5
FACE_PX = 224
PUBLISHED_WIDTH = 32


class SyncNet(nn.Module):
    """Both branches. Features are not normalized.

    Args:
        width: of every layer in proportion; the published one has 32.
        face_px: side of the faces that it sees.
    """

    def __init__(self, width: int = PUBLISHED_WIDTH, face_px: int = FACE_PX) -> None:
        super().__init__()
        self.face_px = face_px
        self.num_features = 32 * width
        left = _side_of_last_map(face_px)
        self.netcnnaud = nn.Sequential(
            *_sound_layer(1, 2 * width, padding=1),
            nn.MaxPool2d(1),
            *_sound_layer(2 * width, 6 * width, padding=1),
            nn.MaxPool2d(3, stride=(1, 2)),
            *_sound_layer(6 * width, 12 * width, padding=1),
            *_sound_layer(12 * width, 8 * width, padding=1),
            *_sound_layer(8 * width, 8 * width, padding=1),
            nn.MaxPool2d(3, stride=2),
            *_sound_layer(8 * width, 16 * width, kernel=(5, 4)),
        )
        self.netfcaud = _head(16 * width, self.num_features)
        self.netfclip = _head(16 * width, self.num_features)
        self.netcnnlip = nn.Sequential(
            *_video_layer(3, 3 * width, kernel=(5, 7, 7), stride=2),
            _video_pool(),
            *_video_layer(3 * width, 8 * width, kernel=(1, 5, 5), stride=2, padding=1),
            _video_pool(padding=1),
            *_video_layer(8 * width, 8 * width, padding=1),
            *_video_layer(8 * width, 8 * width, padding=1),
            *_video_layer(8 * width, 8 * width, padding=1),
            _video_pool(),
            *_video_layer(8 * width, 16 * width, kernel=(1, left, left)),
        )

    def video(self, windows: Tensor) -> Tensor:
        """Return the features (N, D) of windows (N, 3, 5, H, W), BGR in 0..255."""
        features: Tensor = self.netfclip(self.netcnnlip(windows).flatten(1))
        return features

    def sound(self, windows: Tensor) -> Tensor:
        """Return the features (N, D) of windows of cepstra (N, 1, 13, 20)."""
        features: Tensor = self.netfcaud(self.netcnnaud(windows).flatten(1))
        return features


def _side_of_last_map(face_px: int) -> int:
    """Return the side of what the last convolution of the video branch sees.

    >>> _side_of_last_map(224)
    6
    """
    first = (face_px - 5) // 2
    second = ((first - 1) // 2 - 1) // 2
    return ((second + 1) // 2 - 1) // 2


def _sound_layer(
    channels: int, features: int, kernel: tuple[int, int] = (3, 3), padding: int = 0
) -> Sequence[nn.Module]:
    convolution = nn.Conv2d(channels, features, kernel, padding=padding)
    return convolution, nn.BatchNorm2d(features), nn.ReLU(inplace=True)


def _video_layer(
    channels: int,
    features: int,
    kernel: tuple[int, int, int] = (1, 3, 3),
    stride: int = 1,
    padding: int = 0,
) -> Sequence[nn.Module]:
    convolution = nn.Conv3d(
        channels, features, kernel, stride=(1, stride, stride), padding=(0, padding, padding)
    )
    return convolution, nn.BatchNorm3d(features), nn.ReLU(inplace=True)


def _video_pool(padding: int = 0) -> nn.Module:
    return nn.MaxPool3d((1, 3, 3), stride=(1, 2, 2), padding=(0, padding, padding))


def _head(channels: int, features: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(channels, channels),
        nn.BatchNorm1d(channels),
        nn.ReLU(),
        nn.Linear(channels, features),
    )
