"""What a user says about raw material: where it is, what it is for, and how it is treated."""

from dataclasses import dataclass
from typing import Literal

from talkingface.config.fields import ranged


@dataclass(frozen=True)
class PreparationOptions:
    """Raw material for a dataset. Without `input` the dataset makes what it can by itself."""

    input: str | None = None
    """Raw material: a talking video, a picture, a folder of numbered pictures, or a folder of such.
    With --audio it is the portrait that shall speak."""

    out: str | None = None
    """Folder for what is made; none for a folder 'prepared' beside the input."""

    audio: str | None = None
    """Speech for one clip: a sound file, or a video with sound, whose frames are kept too."""

    pose: str | None = None
    """Who turns the head in that clip: a video or a folder of frames; none for the speaker."""

    mouth: str | None = None
    """Frames of the speaker, beside a sound file (PC_AVSDataset)."""

    eyes: str | None = None
    """Who moves the eyes (PD_FGCDataset); none for the one who turns the head."""

    expression: str | None = None
    """Whose expression is shown (PD_FGCDataset); none for the one who turns the head."""

    csv: str | None = None
    """Metadata file to write (PC_AVSDataset); none for demo.csv in the folder of --out. With
    --audit the file of all clips; none for audit.csv in a run folder."""

    spectrogram: bool = False
    """Also write the mel spectrogram of each speech (PC_AVSDataset)."""

    crop: bool = True
    """Find the face and cut it out as the method expects it; false where that was done already."""

    crop_only: bool = False
    """Only align faces, as PC-AVS and PD-FGC expect them, into NAME_cropped; needs no dataset."""

    published: bool = False
    """Keep the frame rate of videos, as the authors' script does; all else assumes 25 a second."""

    preview: str | None = None
    """Picture to write that shows box, points and crop of the first face; nothing else is made."""

    landmarks: str = "dlib"
    """Back end that finds faces and their points."""

    missing: Literal["hold", "error"] = "hold"
    """A frame without a usable face takes the last one, or is an error."""

    face: int | Literal["tracked", "largest", "only"] = "tracked"
    """Which face, where there are several: the largest, followed; the largest of each frame; the
    only one; or its number from the left, from 0."""

    max_missing: float = ranged(0.2, minimum=0.0, maximum=1.0)
    """Share of a clip's frames that may be without a usable face."""

    workers: int | None = ranged(None, minimum=1)
    """Processes at work; none for one a core."""

    max_failed: float = ranged(0.2, minimum=0.0, maximum=1.0)
    """Share of the clips that may fail before all stops; failures.csv lists them."""

    audit: bool = False
    """Look through the clips of the dataset instead: length, rate, size, faces, sound, doubles and
    unreadable files."""

    audit_pictures: int = ranged(4, minimum=1)
    """Pictures of each clip in which --audit looks for a face."""
