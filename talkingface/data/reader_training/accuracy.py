"""How exact a reader is: what it reads of faces against what is true of them."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.data.reader_training.material import Material
from talkingface.errors import DataError
from talkingface.face.points import MOUTH
from talkingface.face.reader import FaceReader, FaceReadings
from talkingface.face.reader.network import EMOTION_NAMES, FaceValues

Array = NDArray[np.float32]
Accuracy = Mapping[str, float]  # by what was read and the unit

AXES = ("yaw", "pitch", "roll")
LOOKING = 0.5  # eyes more closed than that show no gaze


def accuracy(read: FaceReadings, true: FaceReadings) -> Accuracy:
    """Return errors and correlations over T faces; px are those of the pictures."""
    apart = np.linalg.norm(read.landmarks[..., :2] - true.landmarks[..., :2], axis=-1)
    turned = np.degrees(np.abs(read.pose - true.pose)).mean(axis=0)
    looking = true.blink < LOOKING
    return {
        "landmarks, px": float(apart.mean()),
        "landmarks of the mouth, px": float(apart[:, MOUTH].mean()),
        "depth of landmarks, px": _error(read.landmarks[..., 2], true.landmarks[..., 2]),
        **{f"{axis}, degrees": float(error) for axis, error in zip(AXES, turned, strict=True)},
        "mouth opening, px": _error(read.mouth_opening, true.mouth_opening),
        "mouth opening, r": correlation(read.mouth_opening, true.mouth_opening),
        "blink, r": correlation(read.blink, true.blink),
        "gaze sideways, r": correlation(read.gaze[looking, 0], true.gaze[looking, 0]),
        "gaze up and down, r": correlation(read.gaze[looking, 1], true.gaze[looking, 1]),
        **{
            f"{name}, r": correlation(read.emotion[:, column], true.emotion[:, column])
            for column, name in enumerate(EMOTION_NAMES)
        },
        "faces missed, %": 100 * float((~read.found).mean()),
    }


def accuracy_on_material(reader: FaceReader, material: Material) -> Accuracy:
    """Return the accuracy on pictures of single moments."""
    return accuracy(reader.read(material.pictures.numpy()), _as_readings(material.values))


def accuracy_on_clips(reader: FaceReader, clips: Sequence[Clip]) -> Accuracy:
    """Return the accuracy over all frames of SynthTalk's clips.

    Raises:
        DataError: a clip does not know all that is read.
    """
    read = [reader.read(_pictures_of(clip)) for clip in clips]
    return accuracy(_joined(read), _joined([_truth_of(clip) for clip in clips]))


def correlation(first: Array, second: Array) -> float:
    """Return Pearson's r of two series (T,); nan where one of them does not vary."""
    if len(first) < 2 or min(first.std(), second.std()) == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def as_table(columns: Mapping[str, Accuracy]) -> str:
    """Return accuracies, by the name of what they were measured on, as a table in Markdown."""
    names = next(iter(columns.values()))
    cells = [
        ["read", *columns],
        ["---"] * (1 + len(columns)),
        *([name, *(f"{column[name]:.2f}" for column in columns.values())] for name in names),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _error(read: Array, true: Array) -> float:
    return float(np.abs(read - true).mean())


def _pictures_of(clip: Clip) -> NDArray[np.uint8]:
    assert clip.frames is not None, "SynthTalk's clips have frames"
    return clip.frames.read(0, len(clip.frames))


def _truth_of(clip: Clip) -> FaceReadings:
    def known(name: str) -> Array:
        values = clip.truth(name)
        if values is None:
            raise DataError(
                f"The clip {clip.name} does not know its {name}, so a reader cannot be measured on "
                "it. Give clips of SynthTalk."
            )
        return values

    blink = known("blink")[:, 0]
    return FaceReadings(
        landmarks=known("landmarks_3d"),
        pose=known("pose"),
        mouth_opening=known("mouth_opening"),
        emotion=known("emotion"),
        blink=blink,
        gaze=known("gaze"),
        presence=np.ones_like(blink),
    )


def _as_readings(values: FaceValues) -> FaceReadings:
    return FaceReadings(**{name: value.numpy() for name, value in values._asdict().items()})


def _joined(parts: Sequence[FaceReadings]) -> FaceReadings:
    names = vars(parts[0])
    return FaceReadings(**{name: np.concatenate([vars(p)[name] for p in parts]) for name in names})
