"""What the datasets in the methods' layouts have in common: a folder of one's own, or the demo."""

import hashlib
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import get_args

from talkingface.clip import Clip, Frames
from talkingface.config.settings import Split
from talkingface.data.base import Progress, TalkingFaceDataset
from talkingface.data.datasets.demo import make_demo
from talkingface.data.datasets.method_settings import AlignedSettings, LayoutSettings
from talkingface.data.layout import files_below
from talkingface.errors import DataError
from talkingface.face.align.crop import Crop
from talkingface.face.align.network_view import NetworkFrames, network_view
from talkingface.media.image import PICTURE_SUFFIXES


class LayoutDataset(TalkingFaceDataset):
    """Clips in the layout of one method.

    A folder that holds none of `train`, `val` and `test` is the test split itself.
    """

    settings: LayoutSettings
    demo_px: int  # side of the demo's frames

    @abstractmethod
    def read(self, folder: Path) -> Sequence[Clip]:
        """Return the clips of a folder in the layout, always in the same order.

        Raises:
            DataError: it holds none.
        """

    @abstractmethod
    def write_demo(self, clips: Sequence[Clip], folder: Path, progress: Progress) -> None:
        """Write SynthTalk clips to a new folder in the layout, and what is known of them."""

    @abstractmethod
    def expected(self) -> str:
        """Say in a sentence what files should lie where."""

    @cached_property
    def folder(self) -> Path:
        """Where the files lie."""
        if self.settings.folder:
            return Path(self.settings.folder)
        demo = Path(self.settings.demo_folder or f"dataset/{self.settings.name}")
        return demo / f"{self.settings.demo_size}-seed{self.seed}"

    def prepare(self, progress: Progress) -> None:
        """Make the demo, if it is asked for and not there."""
        if self.settings.folder:
            self._check_there()
        else:
            size = self.settings.demo_size
            make_demo(self.folder, size, self.seed, self.demo_px, self.write_demo, progress)

    def clips(self, split: Split) -> Sequence[Clip]:
        """Return the clips of a split."""
        self._check_there()
        if (self.folder / split).is_dir():
            return self.read(self.folder / split)
        if split == "test" and not self._splits:
            return self.read(self.folder)
        there = ", ".join(self._splits) or "test, the folder itself"
        raise DataError(
            f"{self.folder} has no split {split!r}; it has {there}. Put a folder {split} into it, "
            f"in the same layout. {self.expected()}"
        )

    def fingerprint(self) -> str:
        """Return a digest of the names of all files, and of the sizes of those not pictures."""
        digest = hashlib.sha256()
        for line in sorted(self._listed()):
            digest.update(line.encode(errors="surrogateescape"))
        return digest.hexdigest()[:16]

    @property
    def _splits(self) -> list[str]:
        return [split for split in get_args(Split) if (self.folder / split).is_dir()]

    def _check_there(self) -> None:
        if self.folder.is_dir():
            return
        if self.settings.folder:
            raise DataError(f"There is no folder {self.folder}. {self.expected()}")
        raise DataError(
            f"There is no folder {self.folder}. `preprocess --dataset={self.settings.name}` makes "
            "the SynthTalk demo there; for data of your own, give --dataset.folder."
        )

    def _listed(self) -> Iterator[str]:
        for path in files_below(self.folder):
            is_picture = path.suffix.lower() in PICTURE_SUFFIXES
            size = "" if is_picture else path.stat().st_size
            yield f"{path.relative_to(self.folder).as_posix()} {size}\n"


class AlignedDataset(LayoutDataset):
    """Clips of aligned faces, 224 px, shown whole or as the networks see them."""

    settings: AlignedSettings
    demo_px = 224

    def shown(self, aligned: Frames) -> Frames:
        """Return aligned frames in the view that is asked for."""
        if self.settings.view == "aligned":
            return aligned
        return NetworkFrames(aligned, self.settings.image_px)

    @property
    def shown_crop(self) -> Crop | None:
        """What frames show of files of 224 px; None for all."""
        return None if self.settings.view == "aligned" else network_view(self.settings.image_px)
