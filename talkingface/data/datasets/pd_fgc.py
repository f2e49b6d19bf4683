"""The layout of PD-FGC: portraits, sounds, and folders of driving frames, together by their name.

``motions/pose/NAME`` (or ``NAME/images``) holds the frames of a clip, ``audios/NAME.wav`` its
sound, ``apps/NAME.png`` the portrait; ``motions/exp/NAME`` and ``motions/eye/NAME`` who moves face
and eyes, where it is somebody else.
"""

from collections.abc import Sequence
from pathlib import Path

from talkingface.clip import Clip, Frames
from talkingface.data.base import Progress
from talkingface.data.datasets.demo import write_known
from talkingface.data.datasets.method_layout import AlignedDataset
from talkingface.data.datasets.method_settings import PDFGCDatasetSettings
from talkingface.data.datasets.pictures import FPS, FirstFrames, Portraits
from talkingface.data.files import FileFrames, FileSpeech
from talkingface.data.preparation.options import PreparationOptions
from talkingface.data.preparation.pd_fgc import (
    EXPRESSION,
    EYES,
    MOTIONS,
    PORTRAITS,
    POSE,
    SOUNDS,
    PDFGCPreparation,
    truth_path,
)
from talkingface.data.synth.camera import ALIGNED
from talkingface.data.synth.layouts import write_pd_fgc_layout
from talkingface.data.truth_file import identity_in, known_in
from talkingface.errors import DataError
from talkingface.media.image import PICTURE_SUFFIXES

SOUND_SUFFIXES = (".wav", ".mp3", ".m4a", ".flac", ".ogg", ".aac")
DRIVEN_BY = {"pose": POSE, "emotion": EXPRESSION, "blink": EYES, "gaze": EYES}


class PDFGCDataset(AlignedDataset):
    """One clip for each folder of pose frames.

    `Clip.sources` has the ``reference`` portrait, and the frames that drive ``pose``, ``emotion``,
    ``blink`` and ``gaze``.
    """

    settings: PDFGCDatasetSettings

    def read(self, folder: Path) -> Sequence[Clip]:
        """Return a clip for each name."""
        poses = folder / MOTIONS / POSE
        found = poses.iterdir() if poses.is_dir() else ()
        names = sorted(one.name for one in found if one.is_dir() and one.name[0] != ".")
        if not names:
            raise DataError(f"{poses} holds no folders of frames. {self.expected()}")
        return [self._clip(folder, name) for name in names]

    def preparation(self, options: PreparationOptions) -> PDFGCPreparation:
        """Return how raw material becomes such folders."""
        return PDFGCPreparation(options, self.settings.name)

    def write_demo(self, clips: Sequence[Clip], folder: Path, progress: Progress) -> None:
        """Write clips as motion folders with portraits and sounds, and their truth."""
        write_pd_fgc_layout(clips, folder, progress)
        for clip in clips:
            write_known(clip, truth_path(folder, clip.name), self.demo_px, ALIGNED)

    def expected(self) -> str:
        """Say what should lie where."""
        return (
            "Expected are folders motions/pose/NAME of numbered pictures, with audios/NAME.wav and "
            "apps/NAME.png; `preprocess --input=VIDEOS` makes them."
        )

    def _clip(self, folder: Path, name: str) -> Clip:
        truth = truth_path(folder, name)
        moving = {  # each folder once: whoever follows two controls of one is read once
            motion: self.shown(FileFrames(_frames(folder, motion, name), FPS))
            for motion in (POSE, EXPRESSION, EYES)
            if _frames(folder, motion, name).is_dir()
        }
        driving = {
            control: moving[motion] for control, motion in DRIVEN_BY.items() if motion in moving
        }
        sounds = [folder / SOUNDS / f"{name}{suffix}" for suffix in SOUND_SUFFIXES]
        sound = next((one for one in sounds if one.is_file()), None)
        portraits = [folder / PORTRAITS / f"{name}{suffix}" for suffix in PICTURE_SUFFIXES]
        portrait = next((one for one in portraits if one.is_file()), None)
        reference: Frames = (
            self.shown(Portraits(portrait)) if portrait else FirstFrames(moving[POSE], 1)
        )
        return Clip(
            name=name,
            frames=moving[POSE],
            speech=FileSpeech((sound,)) if sound else None,
            identity=identity_in(truth) or name,
            known=known_in(truth, self.shown_crop),
            sources={"reference": reference, **driving},
        )


def _frames(folder: Path, motion: str, name: str) -> Path:
    """Return where the frames of a motion lie: in its folder, or in ``images`` there."""
    place = folder / MOTIONS / motion / name
    return place / "images" if (place / "images").is_dir() else place
