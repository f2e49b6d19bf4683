"""Videos of one's own: a folder of them, or a manifest with one row a clip."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from talkingface.config.settings import Split
from talkingface.data.datasets.settings import FolderSettings
from talkingface.data.files import VIDEO_SUFFIXES
from talkingface.data.layout import files_below
from talkingface.data.listed import ListedDataset, sizes_sha256
from talkingface.data.manifest import Row, name_of, read_manifest
from talkingface.data.splits import SpeakerSplit


class FolderDataset(ListedDataset):
    """The videos below a folder, or the rows of a manifest.

    In a folder, sound may lie beside a video as a wav file of its name. Folders called train, val
    and test are the splits; the folder that a video lies in says who it shows.
    """

    settings: FolderSettings

    def rows(self) -> Sequence[Row]:
        """Return every clip, its split as it is written or else as the shares say."""
        rows = self._found() if self.folder.is_dir() else read_manifest(self.folder)
        who = {row.name: row.identity or row.name for row in rows}
        speakers = SpeakerSplit(
            test_share=self.settings.test_share,
            val_share=self.settings.val_share,
            everyone=tuple(sorted(set(who.values()))),
        )
        seed = self.settings.list_seed
        return [
            replace(row, split=row.split or speakers.split_of(who[row.name], seed)) for row in rows
        ]

    def expected(self) -> str:
        """Say what may lie in the folder, and what decides about the splits."""
        return (
            f"{self.settings.name} is a folder of videos ({', '.join(VIDEO_SUFFIXES)}), a .csv or "
            "a .jsonl file: say which with --dataset.folder=PATH. Folders train, val and test in "
            "it, or a column `split`, make the splits; else --dataset.test_share and "
            "--dataset.val_share do."
        )

    def fingerprint(self) -> str:
        """Return the lists' checksums, and one of the files' sizes: these files may change."""
        return f"{super().fingerprint()}; sizes sha256:{sizes_sha256(self.rows())}"

    def _found(self) -> list[Row]:
        videos: Iterable[Path] = files_below(self.folder)
        return [
            _row(path, path.relative_to(self.folder))
            for path in videos
            if path.suffix.lower() in VIDEO_SUFFIXES
        ]


def _row(path: Path, relative: Path) -> Row:
    splits: tuple[Split, ...] = get_args(Split)
    split = next((split for split in splits if split == relative.parts[0]), None)
    folders = relative.parts[1 if split else 0 : -1]
    return Row(
        name=name_of(relative),
        video=path,
        speech=(path.with_suffix(".wav"), path),
        identity="/".join(folders) or path.stem,
        split=split,
    )
