"""Makes the clips of an evaluation, scores each against the real one, and keeps both.

A clip is generated once and streamed: each window of frames goes to the metrics as it comes from
the method, before any video encoding, and then to the video file. A clip that fails is a row with
its reason; the others go on.
"""

import logging
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import torch

from talkingface.clip import Frames, Picture, Speech
from talkingface.engine.comparison import Comparison
from talkingface.engine.drawn_pictures import generated_pictures
from talkingface.engine.eyes import Eyes
from talkingface.engine.panels import keeping_panels
from talkingface.engine.rules import Rules
from talkingface.engine.scorers import Scorer
from talkingface.engine.scores import SHUFFLED, ClipScores, Subject
from talkingface.engine.subject import (
    Part,
    Repeated,
    Shown,
    SubjectScores,
    as_generated,
    as_real,
)
from talkingface.engine.trials import Task, Trial
from talkingface.errors import DataError, TalkingFaceError
from talkingface.job import Job
from talkingface.media.writer import write_video
from talkingface.metrics.base import ClipContext
from talkingface.metrics.readers import spoken_seconds
from talkingface.models.base import TalkingFaceModel

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Scored:
    """What came out for one clip."""

    rows: Sequence[ClipScores]  # one for each subject, the method first
    parts: Mapping[Subject, Mapping[str, Part]] = field(default_factory=dict)  # by metric

    @property
    def failure(self) -> str:
        """Why there are no scores, or an empty text."""
        return self.rows[0].failure


@dataclass(frozen=True)
class Evaluator:
    """Scores one clip after the other.

    Args:
        model: what makes the clips; None where they are made already.
        scorers: the metrics.
        videos: folder for what the model makes.
        sheets: folder for a picture of each clip; None for none.
        rules: how clips of different length and size are compared.
        beside: what is scored beside the method.
        eyes: read faces.
        panels: folder for what is shown beside each clip that the model makes; None for nothing.
        shuffled: names of the clips that are made again with other speech.
    """

    model: TalkingFaceModel | None
    scorers: Sequence[Scorer]
    videos: Path
    sheets: Path | None = None
    rules: Rules = field(default_factory=Rules)
    beside: Sequence[Subject] = ()
    eyes: Eyes = field(default_factory=Eyes)
    panels: Path | None = None
    shuffled: Collection[str] = ()

    def scored(self, task: Task) -> Scored:
        """Return the scores of a clip, or the reason why there are none."""
        try:
            trial = task.open()
            scored = self._passed(task.name, trial)
        except TalkingFaceError as error:
            logger.warning("%s could not be scored: %s", task.name, error)
            return Scored([ClipScores(task.name, failure=str(error))])
        if task.name not in self.shuffled or trial.other_speech is None:
            return scored
        again = self._with_other_speech(task.name, trial, trial.other_speech)
        return Scored([*scored.rows, *again.rows], {**scored.parts, **again.parts})

    def _passed(self, name: str, trial: Trial) -> Scored:
        """Return the scores of the method, and of all that takes no second generation."""
        subjects = [self._subject("method", as_generated, trial)]
        if "truth" in self.beside and trial.truth is not None:
            subjects.append(self._truth(trial))
        if "portrait_repeated" in self.beside and trial.portrait is not None:
            shown = Repeated(trial.portrait, self.eyes.for_clip(trial.own))
            subjects.append(self._subject("portrait_repeated", shown, trial))
        comparison = self._comparison(trial, subjects)
        video = self._made(name, trial, comparison)
        sheet = ""
        if self.sheets is not None:
            sheet = f"{name}.jpg"
            comparison.sheet.write(self.sheets / sheet)
        first, *others = comparison.rows(name)
        rows = [replace(first, video=video), *others]
        return Scored(
            [replace(row, sheet=sheet) for row in rows],
            {one.subject: one.parts() for one in subjects},
        )

    def _made(self, name: str, trial: Trial, comparison: Comparison) -> str:
        """Let all frames pass, and return where the video is."""
        if trial.job is None:
            assert trial.made is not None, "a trial has a job or is made already"
            _exhaust(comparison.passing(_frames_of(trial.made.frames)))
            return trial.made.name
        assert self.model is not None, "a job needs a method"
        file, fps = self.videos / f"{name}.mp4", self.model.fps
        frames = comparison.passing(self._generated(trial.job, trial))
        if self.panels is not None:
            beside = self.model.panels(trial.job)
            frames = keeping_panels(frames, beside, self.panels / name, fps, trial.job.speech)
        with torch.inference_mode():
            write_video(file, frames, fps, trial.heard)
        return file.name

    def _with_other_speech(self, name: str, trial: Trial, speech: Speech) -> Scored:
        """Return the scores of the method when it is given what somebody else says."""
        telling = [one for one in self.scorers if one.kind.tells_of_speech]
        context = self._context(trial, trial.heard, trial.portrait)
        subject = SubjectScores(SHUFFLED, as_generated, telling, context, trial.references)
        comparison = self._comparison(trial, [subject])
        assert trial.job is not None, "only a method can be given other speech"
        job = replace(trial.job, speech=speech)
        try:
            with torch.inference_mode():
                _exhaust(comparison.passing(self._generated(job, trial)))
        except TalkingFaceError as error:
            logger.warning("%s could not be made with other speech: %s", name, error)
            return Scored([ClipScores(name, SHUFFLED, failure=str(error))])
        return Scored(comparison.rows(name), {subject.subject: subject.parts()})

    def _generated(self, job: Job, trial: Trial) -> Iterator[Picture]:
        assert self.model is not None, "a job needs a method"
        if trial.truth is not None and trial.truth.fps != self.model.fps:
            raise DataError(
                f"The clip has {float(trial.truth.fps):g} frames a second and the method makes "
                f"{float(self.model.fps):g}. Open it with fps={float(self.model.fps):g}."
            )
        yield from generated_pictures(self.model, job)

    def _comparison(self, trial: Trial, subjects: Sequence[SubjectScores]) -> Comparison:
        if trial.truth is not None:
            num_frames = len(trial.truth)
        else:
            assert self.model is not None, "videos that are there are compared with others"
            assert trial.job is not None, "a trial has a job or is made already"
            num_frames = self.model.num_frames(trial.job)
        return Comparison(trial, subjects, self.eyes, self.rules, num_frames)

    def _subject(self, subject: Subject, shown: Shown, trial: Trial) -> SubjectScores:
        context = self._context(trial, trial.heard, trial.portrait)
        return SubjectScores(subject, shown, self.scorers, context, trial.references)

    def _truth(self, trial: Trial) -> SubjectScores:
        """Return the real clip as a subject, for the scores that need no second clip."""
        alone = [one for one in self.scorers if one.kind.scope == "clip"]
        # Only where the truth is a picture of the same person is the portrait the real one's too.
        portrait = trial.portrait if "pictures" in trial.references else None
        context = self._context(trial, trial.own.speech, portrait)
        return SubjectScores("truth", as_real, alone, context, compared=())

    def _context(
        self, trial: Trial, speech: Speech | None, portrait: Picture | None
    ) -> ClipContext:
        """Return what holds for all windows of one subject."""
        maker, look = trial.truth or self.model, self.eyes.for_clip(trial.own)
        assert maker is not None, "without a real clip there is a method"
        spoken = trial.own.known.get("speech_segments", partial(spoken_seconds, speech))
        return ClipContext(
            fps=maker.fps,
            speech=speech,
            portrait=None if portrait is None else look(portrait[None]),
            drawn=self.eyes.takes_as_drawn(trial.own),
            known={"speech_segments": spoken},
        )


def _frames_of(frames: Frames | None) -> Frames:
    if frames is None:
        raise DataError("There are no frames to score.")
    return frames


def _exhaust(pictures: Iterator[Picture]) -> None:
    deque(pictures, maxlen=0)
