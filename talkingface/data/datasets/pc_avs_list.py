"""The clips of a metadata file of PC-AVS, one for each line."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Frames
from talkingface.data.datasets.pictures import FPS, FirstFrames, Portraits, Unreadable
from talkingface.data.datasets.places import Places
from talkingface.data.files import FileFrames, FileSpeech
from talkingface.data.metadata import BadLine, Row, read_rows
from talkingface.data.preparation.pc_avs import truth_path
from talkingface.data.truth_file import identity_in, known_in
from talkingface.errors import DataError
from talkingface.face.align.crop import Crop
from talkingface.media.features.mel import MEL_BANDS

Shown = Callable[[Frames], Frames]  # what a method is shown of aligned files


def clips_in(path: Path, places: Places, shown: Shown, crop: Crop | None = None) -> Sequence[Clip]:
    """Return a clip for each line of a metadata file, in order; nothing else is opened yet.

    `Clip.frames` are the speaker's (the mouth folder), None where there are none. `Clip.sources`
    has the ``reference`` pictures and the ``pose`` frames, as many as the line counts. A line that
    cannot be read is a clip whose frames say so as soon as one is asked for.

    Args:
        path: the metadata.
        places: where the files lie that it names.
        shown: what is shown of the files.
        crop: the same for landmarks in files of 224 px; None where files are shown whole.

    Raises:
        DataError: the metadata cannot be read, or none of its lines.
    """
    return _with_own_names(
        [
            _unreadable(row, path) if isinstance(row, BadLine) else _clip(row, places, shown, crop)
            for row in read_rows(path)
        ]
    )


def _clip(row: Row, places: Places, shown: Shown, crop: Crop | None) -> Clip:
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
        frames=shown(FileFrames(mouth, FPS)) if mouth.is_dir() else None,
        speech=FileSpeech((places.find(row.audio),)),
        identity=identity_in(truth) or reference.name,
        known={**known_in(truth, crop), **mel},
        sources={"reference": shown(portraits), "pose": shown(turning)},
    )


def _unreadable(line: BadLine, path: Path) -> Clip:
    frames = Unreadable(line.reason)
    name = f"{path.stem}_line_{line.number}"
    return Clip(name, frames, sources={"reference": frames, "pose": frames})


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
