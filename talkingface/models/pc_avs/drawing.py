"""How a job becomes frames: who it is, once; what is said and how the head is held, each frame.

Memory is constant: pictures are read, encoded and drawn a few at a time. A pose picture is encoded
once, however often the video goes to and fro.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Clip, Frames, Picture, Speech
from talkingface.errors import DataError, UsageError
from talkingface.job import Job
from talkingface.media.features.level import levelling
from talkingface.media.features.mel import MEL_BANDS, mel_spectrogram, num_rows
from talkingface.media.features.windows import WINDOW_ROWS, mouth_windows, whole_window_frames
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.framing import to_and_fro
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.nn.identity_encoder import Identity
from talkingface.nn.pictures import resized, to_frames
from talkingface.nn.style_generator import StyleGenerator
from talkingface.nn.windows import windows

SPEECH_RATE_HZ = 16_000
SAMPLES_A_FRAME = 640  # at 25 frames a second

Sync = Literal["corrected", "published"]
Noise = Callable[[int], Sequence[Tensor] | None]  # for a number of frames


def shown_frames(speech: Speech, sync: Sync) -> range:
    """Return which frames of the speech are drawn.

    Raises:
        DataError: The speech is too short for one.
    """
    num_samples = len(speech.read(SPEECH_RATE_HZ))
    published = whole_window_frames(num_rows(num_samples))
    if not published:
        raise DataError(
            f"The speech lasts {num_samples / SPEECH_RATE_HZ:.2f} s, less than the window of sound "
            "from which a mouth is drawn. Give 0.13 s or more."
        )
    return published if sync == "published" else range(round(num_samples / SAMPLES_A_FRAME))


def frames_of(
    network: PCAVSNetwork, job: Job, settings: PCAVSSettings, identity: Identity, rest: Tensor
) -> Iterator[Tensor]:
    """Yield the frames of a job in windows (T, 3, H, W).

    Args:
        network: what draws them.
        job: whose speech and pose video are followed.
        settings: of the method.
        identity: of the person who is to be seen.
        rest: the pose code (1, P) of a head that no video moves.
    """
    drawing = Drawing(network, job, settings, identity, rest)
    mel = mel_spectrogram(job.speech.read(SPEECH_RATE_HZ), levelling(settings.level))
    shown = shown_frames(job.speech, settings.sync)
    for frames in windows(shown, settings.network.image_px, rest.device, settings.frames_at_once):
        yield drawing.of(mouth_windows(mel, frames), frames)


class Drawing:
    """Draws one person, whose head follows a video: what is heard comes frame by frame.

    Args:
        network: what draws.
        job: whose pose video is followed.
        settings: of the method.
        identity: of the person who is to be seen.
        rest: the pose code (1, P) of a head that no video moves.
    """

    def __init__(
        self,
        network: PCAVSNetwork,
        job: Job,
        settings: PCAVSSettings,
        identity: Identity,
        rest: Tensor,
    ) -> None:
        self._network, self._identity, self._device = network, identity, rest.device
        self._strength = job.strength("lip")
        self._noise = noise_of(network.generator, settings, self._device)
        nothing = torch.zeros(1, MEL_BANDS, WINDOW_ROWS, device=self._device)
        self._silence = network.mouth_codes(nothing)
        self.poses = Poses(network, job, rest, settings.network.image_px)

    def of(self, mels: NDArray[np.float32], frames: range) -> Tensor:
        """Return frames (T, 3, H, W) from mel windows (T, 80, 20), in the poses of `frames`."""
        heard = self._network.mouth_codes(torch.from_numpy(mels).to(self._device))
        mouths = torch.lerp(self._silence, heard, self._strength)
        poses, noise = self.poses.at(frames), self._noise(len(frames))
        return self._network.draw(self._identity, mouths, poses, noise)


class Poses:
    """The pose code of each frame: of a video that goes to and fro, or of a head at rest."""

    def __init__(self, network: PCAVSNetwork, job: Job, rest: Tensor, size: int) -> None:
        self._network = network
        self._size = size
        self._rest = rest  # (1, P)
        self._strength = job.strength("pose")
        self._frames = pose_frames(job)
        self._known: dict[int, Tensor] = {}

    def at(self, frames: range) -> Tensor:
        """Return the codes (T, P) of some frames."""
        if self._frames is None:
            return self._rest.expand(len(frames), -1)
        places = [self.place(frame) for frame in frames]
        self._encode(self._frames, sorted(set(places) - self._known.keys()))
        codes = torch.stack([self._known[place] for place in places])
        return torch.lerp(self._rest, codes, self._strength)

    def place(self, frame: int) -> int:
        """Return which picture of the video gives the pose of a frame; 0 where there is none."""
        return 0 if self._frames is None else to_and_fro(frame, len(self._frames))

    def _encode(self, video: Frames, places: Sequence[int]) -> None:
        if not places:
            return
        first = places[0]
        pictures = video.read(first, places[-1] + 1)
        seen = to_size([pictures[place - first] for place in places], self._size)
        codes = self._network.pose_codes(seen.to(self._rest.device))
        self._known |= dict(zip(places, codes, strict=True))


def pose_frames(job: Job) -> Frames | None:
    """Return the frames that give the pose, or None for a head at rest.

    Raises:
        UsageError: The pose is given in angles.
        DataError: The pose video has no frames.
    """
    control = job.controls.get("pose")
    source = None if control is None else control.source
    if source is None:
        return None
    if not isinstance(source, Clip):
        raise UsageError(
            "The pose is read from pictures, not from angles. Give --pose a video or a picture; "
            "--pose=VIDEO@20,0,0 takes the head of the video that is nearest to the angles."
        )
    if source.frames is None or len(source.frames) == 0:
        raise DataError(f"{source.name} has no frames to take the pose from.")
    return source.frames


def noise_of(generator: StyleGenerator, settings: PCAVSSettings, device: torch.device) -> Noise:
    """Return what gives the noise of some frames, as the settings ask for it."""
    random = torch.Generator(device).manual_seed(settings.noise_seed)
    if settings.noise == "random":
        return lambda num_frames: _for_each_frame(generator, random, num_frames)
    kept: Sequence[Tensor] | None = None
    if settings.noise == "fixed":
        kept = generator.draw_noise(random)
    elif settings.noise == "buffer":
        kept = generator.kept_noise()
    return lambda _: kept


def _for_each_frame(
    generator: StyleGenerator, random: torch.Generator, num_frames: int
) -> list[Tensor]:
    """Return noise (T, 1, h, w) for each layer, drawn frame by frame.

    So it does not matter how many frames are drawn together.
    """
    frames = [generator.draw_noise(random) for _ in range(num_frames)]
    return [torch.cat(maps) for maps in zip(*frames, strict=True)]


def to_size(pictures: Sequence[Picture], size: int) -> Tensor:
    """Return square pictures as the networks take them, (T, 3, size, size) in [-1, 1]."""
    return to_frames(np.stack([resized(one, size) for one in pictures]))
