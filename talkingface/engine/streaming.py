"""A portrait that speaks while the speech is still coming.

Sound goes in, frames come out, each with its own piece of the sound. A frame can be drawn as soon
as the sound that it hears is there. The work is done by whoever asks for frames; sound may come,
and an interruption too, from another thread meanwhile.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

import numpy as np
import torch

from talkingface.clip import Picture, Waveform
from talkingface.engine.drawn_pictures import drawing, read_ahead, to_pictures
from talkingface.engine.streaming_pace import MOST_FRAMES, Pace
from talkingface.engine.streaming_silence import SilentPictures
from talkingface.engine.streaming_sound import FRAMES_A_SECOND, IncomingSpeech
from talkingface.engine.streaming_threads import Threads
from talkingface.job import Job
from talkingface.media.features.framing import SAMPLE_RATE_HZ
from talkingface.media.features.passage import Passage
from talkingface.media.features.windows import SAMPLES_PER_FRAME
from talkingface.media.resample import lag_seconds
from talkingface.models.base import LiveFace, TalkingFaceModel

SILENCE: Final = Passage(np.zeros(0), length=0)  # before and after it nothing is heard either


@dataclass(frozen=True)
class StreamedFrame:
    """A frame of a stream.

    Attributes:
        picture: (H, W, 3) uint8 RGB.
        sound: what is heard while it is shown, (L,) in [-1, 1], at the rate of the stream.
        index: how many frames the stream has given before.
    """

    picture: Picture
    sound: Waveform
    index: int

    @property
    def seconds(self) -> float:
        """When it is shown, if the stream began at 0."""
        return self.index / FRAMES_A_SECOND


class FrameStream:
    """Draws what is said while it comes.

    Args:
        face: who speaks.
        sample_rate_hz: of the sound that comes.
        shown: what becomes of a picture before it is given away.
    """

    def __init__(
        self, face: LiveFace, sample_rate_hz: int, shown: Callable[[Picture], Picture]
    ) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._face, self._shown = face, shown
        self._pace, self._threads = Pace(), Threads()
        self._silence = SilentPictures(face)
        self._speeches: deque[IncomingSpeech] = deque()
        self._drawn: deque[StreamedFrame] = deque()
        self._num_given = 0
        self._num_interruptions = 0
        self._brush, self._state = Lock(), Lock()  # who draws; whoever changes what is to be drawn
        self._warm_up()

    @property
    def look_ahead_seconds(self) -> float:
        """How much sound must follow a frame's own sound before the frame can be drawn."""
        beyond = (self._face.heard_after - SAMPLES_PER_FRAME) / SAMPLE_RATE_HZ
        return beyond + lag_seconds(self.sample_rate_hz, SAMPLE_RATE_HZ)

    def push(self, samples: Waveform) -> None:
        """Take in sound, (L,) in [-1, 1]; after `end`, of the next speech."""
        with self._state:
            if not self._speeches or self._speeches[-1].is_ended:
                speech = IncomingSpeech(self._face, self.sample_rate_hz, self._next_place())
                self._speeches.append(speech)
            self._speeches[-1].add(samples)

    def end(self) -> None:
        """Let the speech be over: no sound will follow its last frames."""
        with self._state:
            if self._speeches:
                self._speeches[-1].end()

    def interrupt(self) -> None:
        """Drop all that was pushed and not yet given. What is being drawn will not be given."""
        with self._state:
            self._num_interruptions += 1
            self._speeches.clear()
            self._drawn.clear()

    def close(self) -> None:
        """Drop what is left, and wait for the portion that is being drawn."""
        self.interrupt()
        with self._brush:  # who draws may be reading from a driver's file
            self._speeches.clear()

    def frames(self) -> Iterator[StreamedFrame]:
        """Yield all frames that can be drawn by now, in order."""
        while (frame := self._next_frame()) is not None:
            yield frame

    def _next_place(self) -> int:
        """Return which frame of the stream the next speech begins with."""
        if self._speeches:
            return self._speeches[-1].first + self._speeches[-1].num_frames
        return self._num_given + len(self._drawn)

    def _next_frame(self) -> StreamedFrame | None:
        with self._brush:
            if not self._drawn:
                self._draw()
            with self._state:
                if not self._drawn:
                    return None
                self._num_given += 1
                return self._drawn.popleft()

    def _draw(self) -> None:
        """Draw the next portion of frames, unless it is interrupted."""
        with self._state:
            while self._speeches and self._speeches[0].is_drawn:
                self._speeches.popleft()
            if not self._speeches or not self._speeches[0].ready:
                return
            speech, interruptions = self._speeches[0], self._num_interruptions
            passage, frames = speech.passage(), speech.ready[:MOST_FRAMES]
        pictures = [self._shown(one) for one in self._pictures(passage, frames, speech.first)]
        with self._state:
            if self._num_interruptions != interruptions:
                return
            for frame, picture in zip(frames, pictures, strict=False):
                sound = speech.sound(frame)
                self._drawn.append(StreamedFrame(picture, sound, speech.first + frame))
            speech.pass_over(len(pictures))

    def _pictures(self, speech: Passage, frames: range, lead: int) -> list[Picture]:
        """Return pictures of the first of some frames: known ones of silence, or a new portion."""
        silence = self._silence
        moments = [silence.moment(speech, frame, lead + frame) for frame in frames]
        if known := silence.known(moments):
            return known
        portion = next(
            (index for index, one in enumerate(moments) if silence.is_known(one)), len(moments)
        )
        portion = min(portion, self._pace.most)
        begin = time.perf_counter()
        pictures = self._paint(speech, frames[:portion], lead + frames.start)
        self._pace.took(portion, time.perf_counter() - begin)
        for moment, picture in zip(moments, pictures, strict=False):
            silence.keep(moment, picture)
        return pictures

    def _paint(self, speech: Passage, frames: range, first: int) -> list[Picture]:
        with drawing(), self._threads.in_use():
            return list(to_pictures(self._face.draw(speech, frames, first)))

    def _warm_up(self) -> None:
        """Draw the face that says nothing yet: it will be needed, and the first time takes long.

        One that is never drawn the same twice is left alone: its noise would be used up.
        """
        moment = self._face.moment(0)
        if moment is not None:
            pictures: list[Picture] = []
            self._threads.try_out(lambda: pictures.extend(self._paint(SILENCE, range(1), 0)))
            self._silence.keep(moment, pictures[0])


def face_of(model: TalkingFaceModel, job: Job, open_drivers: ExitStack) -> LiveFace:
    """Return the person of a job, ready to speak; `open_drivers` keeps their videos open.

    Raises:
        TalkingFaceError: Something that is given cannot be used.
    """
    with torch.inference_mode():
        return model.live(replace(job, controls=read_ahead(job, open_drivers)))
