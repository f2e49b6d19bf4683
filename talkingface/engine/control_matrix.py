"""How well the controls of a method are told apart: each is moved alone, and every factor is read.

A row is a control that moves, a column a factor that is read from the generated frames. Where both
are the same, the entry says how much of the movement that was asked for was made: the slope of what
was read against what was asked for. Elsewhere it says how much the factor moved along, though it
should have rested: the root mean square of what was read, over that of its own natural movement.
Both are measured from the mean of a run in which everything rests. The same is read from drawings
that follow perfectly: what is left there is the readers' own error.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.data.synth.probes import probes
from talkingface.engine.drawn_pictures import generated_pictures
from talkingface.engine.scores import finite
from talkingface.errors import DataError
from talkingface.face.reader import FaceReader
from talkingface.job import CONTROL_NAMES, ControlName, Job
from talkingface.metrics.drawn_faces import shows_drawn_faces
from talkingface.models.base import TalkingFaceModel

NUM_FRAMES = 50  # of each job, 2 s
CLOSED = 0.5  # eyes that are more closed show no gaze

Track = NDArray[np.float64]  # (T, D), nan where nothing can be read
Tracks = Mapping[ControlName, Track]  # by factor
Array = NDArray[np.float64]
Pictures = NDArray[np.uint8]  # (T, H, W, 3)


@dataclass(frozen=True)
class Movement:
    """How each factor moves in one job of one person."""

    moved: ControlName | None  # None: everything rests
    asked: Tracks
    made: Tracks  # read from what the method made; empty where it lacks the control
    drawn: Tracks  # read from drawings that follow perfectly


def people_of(clips: Iterable[Clip], most: int) -> list[tuple[Clip, Clip]]:
    """Return up to `most` clips of different people, each with one of somebody else.

    Raises:
        DataError: The clips are not drawn, or show one person.
    """
    by_person = {clip.identity: clip for clip in clips if shows_drawn_faces(clip)}
    chosen = list(by_person.values())
    if len(chosen) < 2:
        raise DataError(
            "The controls can be moved only on drawn faces of two people or more. Choose a dataset "
            "of SynthTalk, or leave --evaluate.controls out."
        )
    return list(zip(chosen, [*chosen[1:], chosen[0]], strict=True))[:most]


def movements_of(
    model: TalkingFaceModel,
    controls: Collection[ControlName],
    person: tuple[Clip, Clip],
    reader: FaceReader,
) -> list[Movement]:
    """Return how a person's face moves when each control moves alone, less its mean at rest.

    Args:
        model: the method.
        controls: those that it has.
        person: a clip of the person, and one of who shows the movement.
        reader: reads the factors.
    """
    clip, other = person
    assert clip.frames is not None, "drawn clips have frames"
    image_px = clip.frames.read(0, 1).shape[1]
    found = []
    for probe in probes(clip, other, NUM_FRAMES, image_px):
        asked = _true(probe.answer, image_px)
        if probe.moved is not None and probe.moved not in controls:
            found.append(Movement(probe.moved, asked, {}, {}))
            continue
        made = _generated(model, probe.job, controls)
        drawn = probe.answer.frames
        assert drawn is not None, "answers are drawn"
        read = [_read(reader, pictures) for pictures in (made, drawn.read(0, NUM_FRAMES))]
        found.append(Movement(probe.moved, asked, *read))
    rest, *moving = found
    return [_less(one, rest) for one in moving]


Side = Callable[[Movement], Tracks]


def matrix_of(movements: Sequence[Movement], controls: Collection[ControlName]) -> dict[str, Any]:
    """Return the matrix and its floor as plain values, which `results` describes."""
    moved = [one for one in CONTROL_NAMES if one in controls]
    by_control = {one: [m for m in movements if m.moved == one] for one in CONTROL_NAMES}
    natural = {one: _root_mean_square(m.asked[one] for m in by_control[one]) for one in by_control}

    def entry(row: ControlName, column: ControlName, side: Side) -> float | None:
        runs = by_control[row]
        if row == column:
            return finite(_slope([(m.asked[row], side(m)[row]) for m in runs]))
        moved_along = _root_mean_square(side(m)[column] for m in runs)
        return finite(moved_along / natural[column]) if natural[column] else None

    def correlation(row: ControlName, side: Side) -> float | None:
        return finite(_correlation([(m.asked[row], side(m)[row]) for m in by_control[row]]))

    sides: dict[str, Side] = {"method": lambda m: m.made, "floor": lambda m: m.drawn}
    matrices = {
        name: [[entry(row, column, side) for column in CONTROL_NAMES] for row in moved]
        for name, side in sides.items()
    }
    runs = by_control[CONTROL_NAMES[0]]
    return {
        "moved": moved,
        "factors": list(CONTROL_NAMES),
        **matrices,
        "correlation": {row: correlation(row, sides["method"]) for row in moved},
        "correlation_floor": {row: correlation(row, sides["floor"]) for row in moved},
        "num_people": len(runs),
        "num_frames": NUM_FRAMES * len(runs),
    }


def _generated(model: TalkingFaceModel, job: Job, controls: Collection[ControlName]) -> Pictures:
    own = {name: control for name, control in job.controls.items() if name in controls}
    pictures = list(generated_pictures(model, replace(job, controls=own)))
    return np.stack(pictures)[:NUM_FRAMES]


def _true(answer: Clip, image_px: int) -> Tracks:
    """Return what is known of each factor; the mouth's opening as a share of the picture."""

    def known(name: str) -> Track:
        values = answer.truth(name)
        assert values is not None, "answers know all of their factors"
        return values.astype(np.float64).reshape(len(values), -1)

    names: dict[ControlName, str] = {one: one for one in CONTROL_NAMES} | {"lip": "mouth_opening"}
    tracks = {factor: known(name) for factor, name in names.items()}
    return {**tracks, "lip": tracks["lip"] / image_px}


def _read(reader: FaceReader, pictures: Pictures) -> Tracks:
    """Return what is read of each factor."""
    read = reader.read(pictures)
    tracks: dict[ControlName, NDArray[np.floating]] = {
        "lip": read.mouth_opening[:, None] / pictures.shape[1],
        "pose": read.pose,
        "blink": read.blink[:, None],
        "gaze": np.where(read.blink[:, None] < CLOSED, read.gaze, np.nan),
        "emotion": read.emotion,
    }
    found = read.found[:, None]
    return {
        name: np.where(found, track, np.nan).astype(np.float64) for name, track in tracks.items()
    }


def _less(one: Movement, rest: Movement) -> Movement:
    def moved(tracks: Tracks, at_rest: Tracks) -> Tracks:
        return {name: track - _mean(at_rest[name]) for name, track in tracks.items()}

    return Movement(
        one.moved,
        moved(one.asked, rest.asked),
        moved(one.made, rest.made),
        moved(one.drawn, rest.drawn),
    )


def _mean(track: Track) -> NDArray[np.float64]:
    """Return the mean (D,) over the rows that have values; nan where none has."""
    values = track[np.isfinite(track).all(axis=1)]
    return values.mean(axis=0) if len(values) else np.full(track.shape[1], np.nan)


def _root_mean_square(tracks: Iterable[Track]) -> float:
    """Return the root of the mean over frames of the squared length of a movement."""
    squares = np.concatenate([np.empty(0), *((track**2).sum(axis=1) for track in tracks)])
    squares = squares[np.isfinite(squares)]
    return float(np.sqrt(squares.mean())) if len(squares) else float("nan")


def _both(pairs: Iterable[tuple[Track, Track]]) -> tuple[Array, Array]:
    """Return all values of two tracks that both have, (N,) each; a track may end early."""
    cut = [(a[: len(b)].ravel(), b[: len(a)].ravel()) for a, b in pairs]
    asked, seen = (np.concatenate([np.empty(0), *side]) for side in zip(*cut, strict=True))
    there = np.isfinite(asked) & np.isfinite(seen)
    return asked[there], seen[there]


def _slope(pairs: Iterable[tuple[Track, Track]]) -> float:
    asked, seen = _both(pairs)
    power = float(asked @ asked)
    return float(asked @ seen) / power if power else float("nan")


def _correlation(pairs: Iterable[tuple[Track, Track]]) -> float:
    asked, seen = _both(pairs)
    if len(asked) < 2 or min(asked.std(), seen.std()) == 0:
        return float("nan")
    return float(np.corrcoef(asked, seen)[0, 1])
