"""The layout of PC-AVS: folders of aligned frames, sounds, and a metadata file of eight columns.

Specified by the authors' program: `talkingface.data.metadata` says what the columns mean.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Frames
from talkingface.data.base import Progress
from talkingface.data.datasets.demo import write_known
from talkingface.data.datasets.method_layout import AlignedDataset
from talkingface.data.datasets.method_settings import PCAVSDatasetSettings
from talkingface.data.datasets.pictures import FPS, FirstFrames, Portraits
from talkingface.data.datasets.places import Places
from talkingface.data.files import FileFrames, FileSpeech
from talkingface.data.metadata import Row, read_rows
from talkingface.data.preparation.options import PreparationOptions
from talkingface.data.preparation.pc_avs import PCAVSPreparation, truth_path
from talkingface.data.synth.camera import ALIGNED
from talkingface.data.synth.layouts import write_pc_avs_layout
from talkingface.data.truth_file import identity_in, known_in
from talkingface.errors import DataError
from talkingface.media.features.mel import MEL_BANDS


class PCAVSDataset(AlignedDataset):
    """One clip for each line of the metadata.

    `Clip.frames` are the speaker's (the mouth folder), None where there are none. `Clip.sources`
    has the ``reference`` pictures and the ``pose`` frames, as many as the line counts.
    """

    settings: PCAVSDatasetSettings

    def read(self, folder: Path) -> Sequence[Clip]:
        """Return a clip for each line."""
        rows = read_rows(folder / self.settings.metadata)
        places = Places(folder)
        clips = [self._clip(row, places) for row in rows]
        return _with_own_names(clips)

    def preparation(self, options: PreparationOptions) -> PCAVSPreparation:
        """Return how raw material becomes such folders."""
        return PCAVSPreparation(options, self.settings.name)

    def write_demo(self, clips: Sequence[Clip], folder: Path, progress: Progress) -> None:
        """Write clips as their line for PC-AVS says, and their truth."""
        write_pc_avs_layout(clips, folder, progress)
        for clip in clips:
            path = truth_path(folder, folder / clip.name)
            write_known(clip, path, self.demo_px, ALIGNED)

    def expected(self) -> str:
        """Say what should lie where."""
        return (
            f"Expected is {self.settings.metadata}, with one line of 8 columns for each clip, and "
            "the folders and sounds that it names; `preprocess --input=VIDEOS` makes them."
        )

    def _clip(self, row: Row, places: Places) -> Clip:
        reference, pose = places.find(row.reference), places.find(row.pose)
        mouth, spectrogram = places.find(row.mouth), places.find(row.spectrogram)
        truth = truth_path(places.folder, mouth)
        mel = {"mel": lambda: _mel(spectrogram)} if spectrogram.is_file() else {}
        portraits = Portraits(reference)
        turning: Frames = FirstFrames(portraits, 1)
        if pose.is_dir():
            turning = FirstFrames(FileFrames(pose, FPS), row.num_pose_frames)
        return Clip(
            name=f"id_{reference.name}_pose_{pose.name}_audio_{Path(row.audio).stem}",
            frames=self.shown(FileFrames(mouth, FPS)) if mouth.is_dir() else None,
            speech=FileSpeech((places.find(row.audio),)),
            identity=identity_in(truth) or reference.name,
            known={**known_in(truth, self.shown_crop), **mel},
            sources={"reference": self.shown(portraits), "pose": self.shown(turning)},
        )


def _with_own_names(clips: Sequence[Clip]) -> list[Clip]:
    """Return the clips, those of a name that others have too with a number behind it."""
    seen: Counter[str] = Counter()
    named = []
    for clip in clips:
        seen[clip.name] += 1
        number = seen[clip.name]
        named.append(clip if number == 1 else replace(clip, name=f"{clip.name}-{number}"))
    return named


def _mel(path: Path) -> NDArray[np.float32]:
    """Return a mel spectrogram (M, 80), a hundred rows a second."""
    try:
        mel = np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path} cannot be read as a spectrogram ({error}). Remove it.") from error
    if mel.ndim != 2 or mel.shape[1] != MEL_BANDS:
        raise DataError(f"{path} has the shape {mel.shape}; a spectrogram is (M, {MEL_BANDS}).")
    return mel
