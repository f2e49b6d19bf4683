"""Makes the videos that visitors ask for, one at a time, with the engine of `generate`."""

import logging
import time
from collections import OrderedDict
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from talkingface.api.asking import asked
from talkingface.engine.assignment import Assignment
from talkingface.engine.build import Built, build_model
from talkingface.engine.generator import check_controls, check_placing, writing
from talkingface.engine.requests import requests_of
from talkingface.errors import RunError
from talkingface.web.uploads import check_uploads
from talkingface.web.wish import Wish

logger = logging.getLogger(__name__)

LONGEST_SECONDS = 600.0  # that one video may take
MOST_MODELS = 2  # that stay in memory: as many as are compared


@dataclass(frozen=True)
class Step:
    """How far a video is."""

    done: int
    total: int
    seconds_left: float | None = None  # None before the first frames have shown it

    def __str__(self) -> str:
        if not self.done:
            return "Looking at what you gave"
        left = "" if self.seconds_left is None else f", {self.seconds_left:.0f} s left"
        return f"Frame {self.done} of {self.total}{left}"


class Workshop:
    """Keeps the models that were used last.

    Args:
        device: where they run.
        plugins: files with models of one's own.
        longest_seconds: that one video may take.
    """

    def __init__(
        self,
        device: str = "auto",
        plugins: tuple[str, ...] = (),
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._device, self._plugins = device, plugins
        self._longest_seconds = longest_seconds
        self._built: OrderedDict[tuple[str, ...], Built] = OrderedDict()
        # Whoever is at work may be asked to sweep up a job that nobody wants any more.
        self._at_work = RLock()

    def making(self, wish: Wish, out: Path) -> Iterator[Step]:
        """Write the video of a wish, and yield how far it is after each frame.

        Only one frame is at work at a time: that of a job which was just given up may not be done
        when the next job begins, and what finds faces does not bear two callers.

        Raises:
            TalkingFaceError: What was given cannot be used, or it takes too long.
        """
        steps = self._steps(wish, out)
        try:
            while True:
                with self._at_work:
                    step = next(steps, None)
                if step is None:
                    return
                yield step
        finally:
            with self._at_work:  # it ends with the frames that it is at
                steps.close()

    def _steps(self, wish: Wish, out: Path) -> Generator[Step, None, None]:
        started = time.monotonic()
        yield Step(0, 0)
        check_uploads(wish)
        said = {**wish.said(), "out": str(out), "device": self._device}
        wanted = asked("generate", said, plugins=self._plugins)
        spec, settings = wanted.video_model(), wanted.settings
        check_placing(settings.generate, spec)
        requests = requests_of(settings.generate, out.parent, needs_portrait=spec.needs_portrait)
        check_controls(requests, spec, wanted.registry.models)
        model = self._model(wanted).model
        begun = time.monotonic()
        for done, total in writing(model, requests[0], settings, out.parent):
            now = time.monotonic()
            if now - started > self._longest_seconds:
                raise RunError(
                    f"This took longer than {self._longest_seconds / 60:g} minutes and was "
                    "stopped. Give shorter speech or a smaller picture."
                )
            yield Step(done, total, (now - begun) / done * max(0, total - done))
        logger.info("%s: %.1f s of work.", wish.offer.title, time.monotonic() - started)

    def _model(self, wanted: Assignment) -> Built:
        """Return the model with its weights, built anew where it was not among the last."""
        settings = wanted.settings
        key = (str(settings.model), str(settings.evaluate_model_file))
        if key not in self._built:
            while len(self._built) >= MOST_MODELS:
                self._built.popitem(last=False)
            self._built[key] = build_model(wanted.video_model(), settings)
        self._built.move_to_end(key)
        return self._built[key]
