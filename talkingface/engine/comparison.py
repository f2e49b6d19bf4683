"""Frames that were made beside those that should have been, window by window, each read once.

Every clip of a trial is decoded once and in order. What a window shows is read once for all
subjects and metrics, and let go with the window.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

import numpy as np

from talkingface.clip import Picture
from talkingface.engine.eyes import Eyes, Look
from talkingface.engine.rules import Pictures, Rules, Size, resized, size_of
from talkingface.engine.scores import ClipScores, Footage, Subject
from talkingface.engine.sheets import Sheet
from talkingface.engine.subject import Moment, SubjectScores
from talkingface.engine.trials import Trial
from talkingface.errors import DataError
from talkingface.media.coding import codec_of, sample_rate_of
from talkingface.metrics.base import View

WINDOW = 16  # frames
NOT_ENCODED = "none"


class Comparison:
    """Scores the frames of a trial for all of its subjects.

    Args:
        trial: what is compared with what.
        subjects: who is scored.
        eyes: read faces.
        rules: how clips of different length and size are compared.
        num_frames: how many are expected.
    """

    def __init__(
        self,
        trial: Trial,
        subjects: Sequence[SubjectScores],
        eyes: Eyes,
        rules: Rules,
        num_frames: int,
    ) -> None:
        self._trial, self._subjects, self._eyes, self._rules = trial, subjects, eyes, rules
        self._look_at_made = eyes.for_clip(trial.own)
        self._looks: dict[int, Look] = defaultdict(partial(eyes.for_clip, trial.own))
        self._num_expected = num_frames
        self._num_made = 0
        self._num_scored = 0
        self._made_size: Size = (0, 0)
        self._real_size: Size = (0, 0)
        self._size: Size | None = None  # of all frames; None: each keeps its own
        self.sheet = Sheet(num_frames)

    def passing(self, pictures: Iterable[Picture]) -> Iterator[Picture]:
        """Yield each picture after it was scored.

        Raises:
            DataError: By the rules, what was made and the real clip cannot be compared, or one of
                them cannot be read.
        """
        coming, real = iter(pictures), _opened(self._trial)
        while window := list(islice(coming, WINDOW)):
            self._num_made += len(window)
            real_frames = {key: list(islice(frames, len(window))) for key, frames in real.items()}
            # The real clip may end before the generated one.
            num_frames = min([len(window), *map(len, real_frames.values())])
            if num_frames:
                cut = {key: np.stack(frames[:num_frames]) for key, frames in real_frames.items()}
                self._score(np.stack(window[:num_frames]), cut)
            yield from window
        if real:
            self._rules.check_length(self._num_made, self._num_expected)
        if not self._num_scored:
            raise DataError("There is not one frame to score.")

    def rows(self, clip: str) -> list[ClipScores]:
        """Return what came out for each subject."""
        return [one.row(clip, self._footage(one)) for one in self._subjects]

    def _score(self, made: Pictures, real: Mapping[int, Pictures]) -> None:
        own = id(self._trial.own)
        if not self._num_scored:
            self._made_size = size_of(made)
            if own in real:
                self._real_size = size_of(real[own])
            if "pictures" in self._trial.references:
                self._size = self._rules.common_size(self._made_size, self._real_size)
        made_view = self._look_at_made(self._fitted(made))
        views = {key: self._looks[key](self._fitted(frames)) for key, frames in real.items()}
        references = {factor: views[id(clip)] for factor, clip in self._trial.references.items()}
        moment = Moment(made_view, views.get(own, made_view), references)
        for subject in self._subjects:
            subject.take(moment)
        self._show(made, views.get(own))
        self._num_scored += len(made)

    def _show(self, made: Pictures, truth: View | None) -> None:
        if truth is None:
            self.sheet.take(made)
        else:
            self.sheet.take(truth.frames, resized(made, size_of(truth.frames)))

    def _fitted(self, frames: Pictures) -> Pictures:
        return frames if self._size is None else resized(frames, self._size)

    def _footage(self, subject: SubjectScores) -> Footage:
        trial = self._trial
        width, height = self._size or self._made_size
        of_real = codec_of(trial.own.frames)
        of_made = NOT_ENCODED if trial.made is None else codec_of(trial.made.frames)
        codecs: dict[Subject, str] = {"truth": of_real, "method": of_made}
        return Footage(
            num_frames=self._num_scored,
            num_generated=self._num_made,
            num_reference=0 if trial.own.frames is None else self._num_expected,
            width=width,
            height=height,
            generated_px=_said(self._made_size),
            reference_px=_said(self._real_size),
            fps=float(subject.context.fps),
            codec=codecs.get(subject.subject, NOT_ENCODED),
            reference_codec=of_real,
            face_reader=self._eyes.name_for(trial.own) if subject.reads_faces else "",
            sample_rate_hz=sample_rate_of(subject.context.speech),
        )


def _said(size: Size) -> str:
    return "x".join(map(str, size)) if all(size) else ""


def _opened(trial: Trial) -> dict[int, Iterator[Picture]]:
    """Return the frames of each real clip of a trial that has some, to be read in order."""
    clips = {id(clip): clip for clip in (trial.own, *trial.references.values())}
    return {key: iter(clip.frames) for key, clip in clips.items() if clip.frames is not None}
