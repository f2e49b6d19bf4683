"""A clip that a method has made: it can be saved, looked at in a notebook, and taken apart."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, FrameArray
from talkingface.media.writer import write_video
from talkingface.storage.atomic import write_bytes


@dataclass(frozen=True, repr=False)
class GeneratedClip(Clip):
    """Frames that a method has made, and the speech that they say.

    The frames are in memory, as they came from the method: nothing is lost before `save`.

    Attributes:
        made_by: the method and its weights.
    """

    made_by: str = ""

    @property
    def pictures(self) -> NDArray[np.uint8]:
        """All frames as one array, (T, H, W, 3) uint8 RGB."""
        assert isinstance(self.frames, FrameArray), "what was made is in memory"
        return self.frames.pictures

    @property
    def fps(self) -> float:
        """Frames a second."""
        assert self.frames is not None
        return float(self.frames.fps)

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.pictures) / self.fps

    @cached_property
    def mp4(self) -> bytes:
        """The content of a video file: H.264 and AAC, with the comment that it is synthetic."""
        assert self.frames is not None
        with TemporaryDirectory() as folder:
            path = Path(folder) / "clip.mp4"
            write_video(path, self.frames, self.frames.fps, self.speech)
            return path.read_bytes()

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write an mp4 file, whole or not at all, and return its path.

        Raises:
            StorageError: It cannot be written, or exists and may not be replaced.
        """
        write_bytes(Path(path), self.mp4, overwrite=overwrite)
        return Path(path)

    def _repr_html_(self) -> str:
        """Return a player for a notebook, with the video inside of it."""
        content = b64encode(self.mp4).decode("ascii")
        height, width = self.pictures.shape[1:3]
        return (
            f'<video controls width="{width}" height="{height}" title="{escape(self.name)}" '
            f'src="data:video/mp4;base64,{content}"></video>'
        )

    def __repr__(self) -> str:
        height, width = self.pictures.shape[1:3]
        return (
            f"<{self.name}: {self.seconds:.1f} s of {width} x {height} px at {self.fps:g} frames a "
            f"second, {self.made_by}>"
        )
