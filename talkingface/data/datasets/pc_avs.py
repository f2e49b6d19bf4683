"""The layout of PC-AVS: folders of aligned frames, sounds, and a metadata file of eight columns.

Specified by the authors' program: `talkingface.data.metadata` says what the columns mean.
"""

from collections.abc import Sequence
from pathlib import Path

from talkingface.clip import Clip
from talkingface.data.base import Progress
from talkingface.data.datasets.demo import write_known
from talkingface.data.datasets.method_layout import AlignedDataset
from talkingface.data.datasets.method_settings import PCAVSDatasetSettings
from talkingface.data.datasets.pc_avs_list import clips_in
from talkingface.data.datasets.places import Places
from talkingface.data.preparation.options import PreparationOptions
from talkingface.data.preparation.pc_avs import PCAVSPreparation, truth_path
from talkingface.data.synth.camera import ALIGNED
from talkingface.data.synth.layouts import write_pc_avs_layout


class PCAVSDataset(AlignedDataset):
    """One clip for each line of the metadata, as `pc_avs_list` says."""

    settings: PCAVSDatasetSettings

    def read(self, folder: Path) -> Sequence[Clip]:
        """Return a clip for each line."""
        metadata = folder / self.settings.metadata
        return clips_in(metadata, Places(folder), self.shown, self.shown_crop)

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
