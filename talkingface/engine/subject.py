"""The scores of one subject on one clip, taken while the frames pass by."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.engine.eyes import Look
from talkingface.engine.rules import resized, size_of
from talkingface.engine.scorers import Scorer
from talkingface.engine.scores import ClipScores, Footage, Subject
from talkingface.metrics.base import (
    FACE_READINGS,
    ClipContext,
    Compared,
    Metric,
    MetricUnavailableError,
    Pair,
    SetMetric,
    View,
)

Part = Mapping[str, NDArray[np.generic]]  # what a clip adds to a metric of the set


@dataclass(frozen=True)
class Moment:
    """A window of a trial: what was made, and what it is compared with."""

    generated: View
    own: View
    references: Mapping[Compared, View]

    @property
    def num_frames(self) -> int:
        """How many frames it has."""
        return len(self.generated.frames)


Shown = Callable[[Moment], View]  # what a subject shows in a window


def as_generated(moment: Moment) -> View:
    """Return what was made: the subjects ``method`` and ``shuffled_speech``."""
    return moment.generated


def as_real(moment: Moment) -> View:
    """Return the real frames: the subject ``truth``."""
    return moment.own


class Repeated:
    """The portrait as every frame: the subject ``portrait_repeated``."""

    def __init__(self, portrait: Picture, look: Look) -> None:
        self._portrait, self._look = portrait[None], look
        self._view: View | None = None

    def __call__(self, moment: Moment) -> View:
        """Return the portrait in the size of the window, as often as that has frames."""
        size = size_of(moment.generated.frames)
        if self._view is None or size_of(self._view.frames) != size:
            self._view = self._look(resized(self._portrait, size))
        return self._view.repeated(moment.num_frames)


class SubjectScores:
    """Feeds one subject to its metrics, and says what came out.

    Args:
        subject: its name.
        shown: what it shows in each window.
        scorers: the metrics.
        context: what holds for the whole clip.
        compared: what the trial has something to compare with.
    """

    def __init__(
        self,
        subject: Subject,
        shown: Shown,
        scorers: Sequence[Scorer],
        context: ClipContext,
        compared: Collection[Compared],
    ) -> None:
        self.subject = subject
        self.context = context
        self.reads_faces = any(FACE_READINGS & one.spec.needs for one in scorers)
        self._shown = shown
        self._read_faces = {one.name for one in scorers if "landmarks" in one.spec.needs}
        possible = {*compared, "nothing"}
        self._metrics: dict[str, Metric] = {
            one.name: one.make() for one in scorers if one.kind.compares in possible
        }
        self._parts: dict[str, list[Part]] = {}
        self._missing: dict[str, str] = {}

    def take(self, moment: Moment) -> None:
        """Take in the next window."""
        shown = self._shown(moment)
        for name, metric in list(self._metrics.items()):
            reference = moment.references.get(metric.compares, moment.own)
            pair = Pair(shown, reference, self.context)
            try:
                if isinstance(metric, SetMetric):
                    self._parts.setdefault(name, []).append(metric.part(pair))
                else:
                    metric.update(pair)
            except MetricUnavailableError as error:
                self._missing[name] = str(error)
                del self._metrics[name]

    def row(self, clip: str, footage: Footage) -> ClipScores:
        """Return what came out for the whole clip."""
        of_clip = {
            name: metric
            for name, metric in self._metrics.items()
            if not isinstance(metric, SetMetric)
        }
        scores = {}
        for name, metric in of_clip.items():
            try:
                scores[name] = metric.compute()
            except MetricUnavailableError as error:
                self._missing[name] = str(error)
        facts = {name: of_clip[name].facts() for name in scores}
        curves = {
            name: {curve: values.tolist() for curve, values in drawn.items()}
            for name in scores
            if (drawn := of_clip[name].curves())
        }
        return ClipScores(
            clip,
            self.subject,
            footage,
            scores,
            facts,
            curves,
            self._missing,
            self._remarks(facts, footage),
        )

    def parts(self) -> dict[str, Part]:
        """Return what the whole clip adds to each metric of the set, by name."""
        return {
            name: {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
            for name, parts in self._parts.items()
        }

    def _remarks(
        self, facts: Mapping[str, Mapping[str, float]], footage: Footage
    ) -> tuple[str, ...]:
        """Say what a reader of the row should know and the numbers do not show."""
        said = []
        if not footage.num_reference:
            said.append("no real frames to compare with")
        elif footage.num_generated != footage.num_reference:
            said.append(
                f"{footage.num_generated} frames made, {footage.num_reference} real; "
                f"{footage.num_frames} scored"
            )
        read = self._read_faces & facts.keys()
        missing = max((facts[name].get("num_missing", 0.0) for name in read), default=0.0)
        if missing:
            said.append(f"no face in {missing:.0f} of {footage.num_frames} frames")
        if self.context.speech is None:
            said.append("no sound")
        return tuple(said)
