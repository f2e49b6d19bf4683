"""What a score is given, and what it must be able to do.

A clip is scored window by window, so that its length does not matter. What several metrics need
(landmarks, embeddings) is a *reading*: made when it is first asked for, then shared.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Speech
from talkingface.config.locations import demo_weights
from talkingface.errors import TalkingFaceError

if TYPE_CHECKING:
    import torch

T = TypeVar("T")
FACE_READINGS = frozenset({"landmarks", "pose", "gaze", "emotion"})  # by one reader of faces
Compared = Literal["pictures", "lip", "pose", "blink", "gaze", "emotion", "nothing"]
Pictures = NDArray[np.uint8]  # (T, H, W, 3) RGB
Reading = NDArray[np.float64]  # (T, ...): a row a frame, nan where nothing was found
Known = Mapping[str, Callable[[], NDArray[np.floating]]]  # how readings are made, by name
StateDict = Mapping[str, "torch.Tensor"]


class MetricUnavailableError(TalkingFaceError):
    """One score cannot be given here, and the message says what it lacks; the others can."""


class Readings:
    """What was read from something, each reading made once however many metrics ask.

    Args:
        known: readings that can be had by name, each made by a function.
    """

    def __init__(self, known: Known | None = None) -> None:
        self._known = known or {}
        self._made: dict[Hashable, object] = {}

    def read(self, name: str) -> Reading:
        """Return the reading called `name`, as float64.

        Raises:
            MetricUnavailableError: nobody here can make it.
        """
        if name not in self._known:
            raise MetricUnavailableError(f"{name} cannot be read here. Leave the metric out.")
        return self.once(name, lambda: np.asarray(self._known[name](), dtype=np.float64))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned when it was called first for `key`."""
        if key not in self._made:
            self._made[key] = make()
        return cast(T, self._made[key])


class View(Readings):
    """A window of one video.

    Its readings by name are ``landmarks`` (T, 68, 2) in pixels, ``pose`` (T, 3) yaw, pitch, roll in
    radians, ``gaze`` (T, 3) directions, ``emotion`` (T, 5) strengths of moods, ``expression``
    (T, K) coefficients, and the meshes of THEval (T, N, 2) in shares of width and height.
    """

    def __init__(self, frames: Pictures, known: Known | None = None) -> None:
        super().__init__(known)
        self.frames = frames

    def repeated(self, num_frames: int) -> "View":
        """Return a view that shows the only frame of this one so often; it is read once."""

        def reader(name: str) -> Callable[[], Reading]:
            return lambda: np.repeat(self.read(name), num_frames, axis=0)

        frames = np.repeat(self.frames, num_frames, axis=0)
        return View(frames, {name: reader(name) for name in self._known})


class ClipContext(Readings):
    """What holds for a whole clip; one object for all of its windows.

    Its reading by name is ``speech_segments`` (N, 2), the seconds in which someone speaks. `drawn`
    are the faces that the networks which come with the toolkit know.
    """

    def __init__(
        self,
        *,
        fps: Fraction = Fraction(25),
        speech: Speech | None = None,
        portrait: View | None = None,
        drawn: bool = False,
        known: Known | None = None,
    ) -> None:
        super().__init__(known)
        self.drawn = drawn
        self.fps = fps
        self.speech = speech
        self.portrait = portrait  # one frame, the picture that gave the identity


def unreadable(reason: str) -> Callable[[], Reading]:
    """Return what stands in the place of a reading that cannot be had, and says why when asked."""

    def read() -> Reading:
        raise MetricUnavailableError(reason)

    return read


class Networks(Readings):
    """Weights that are here, and networks built from them: each once for all metrics.

    Args:
        files: the tensors of each file, by its name in the list of weights.
        device: where the networks run.
    """

    def __init__(self, files: Mapping[str, StateDict] | None = None, device: str = "cpu") -> None:
        super().__init__()
        self.files = files or {}
        self.device = device


@dataclass(frozen=True)
class Pair:
    """A window of a generated clip beside the same window of the real one."""

    generated: View
    reference: View
    clip: ClipContext = field(default_factory=ClipContext)


class Metric(ABC):
    """Scores one clip: fed with its windows in order, asked for one number at the end.

    A clip's score is its own; the mean over clips is the evaluator's work, except for a metric
    whose `scope` is the set. A metric keeps what it must between windows and no more, so that
    memory does not grow with the length of a clip.

    `compares` says what the reference must share with the generated clip for the score to mean
    something: the whole picture, one factor of the face, or nothing. In the last case the real clip
    has a score of its own. `tells_of_speech` says that a method which is given other speech should
    score worse, as by lips and sync.
    """

    version: ClassVar[str] = "1"  # raised whenever the same input would give another number
    settings: ClassVar[Mapping[str, float | str]] = {}  # what else decides the number, by name
    bounds: ClassVar[tuple[float, float]] = (-np.inf, np.inf)
    compares: ClassVar[Compared] = "pictures"
    tells_of_speech: ClassVar[bool] = False
    scope: ClassVar[Literal["clip", "set"]] = "clip"
    weights: ClassVar[tuple[str, ...]] = ()  # files of networks, as the list of weights names them
    own_weights: ClassVar[tuple[str, ...]] = ()  # models whose demo weights it scores with

    @classmethod
    def maker(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric for each clip; its networks are built here, once.

        Raises:
            MetricUnavailableError: weights that it needs are not here.
            CheckpointError: a file does not fit its network.
        """
        missing = [name for name in cls.weights if name not in networks.files]
        if missing:
            raise MetricUnavailableError(
                f"It needs the weights {' and '.join(missing)}, which are not here. "
                f"Get them with: download {' '.join(missing)}."
            )
        for model in cls.own_weights:
            if not demo_weights(model).is_file():
                raise MetricUnavailableError(
                    f"It needs {demo_weights(model)}, which comes with the toolkit and is not "
                    "there. Get the file again, or train it: train --config_files "
                    f"properties/demo/{model}.yaml."
                )
        return cls.from_networks(networks)

    @classmethod
    def from_networks(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric, given every file that it needs."""
        del networks
        return cls

    @abstractmethod
    def update(self, pair: Pair) -> None:
        """Take in the next window of the clip."""

    @abstractmethod
    def compute(self) -> float:
        """Return the score, or nan where there is none."""

    def facts(self) -> dict[str, float]:
        """Return what must be said beside the score: counts, and numbers that explain it."""
        return {}

    def curves(self) -> dict[str, NDArray[np.floating]]:
        """Return what can be drawn of the clip, by name: each a series of numbers."""
        return {}


class SetMetric(Metric):
    """A score of all clips together. What a clip adds is a few arrays, which can be kept apart."""

    scope = "set"

    @abstractmethod
    def part(self, pair: Pair) -> dict[str, NDArray[np.generic]]:
        """Return what a window adds, each array a row a frame: those of a clip can be joined."""

    @abstractmethod
    def take(self, part: Mapping[str, NDArray[np.generic]]) -> None:
        """Take in what a window or a clip adds."""

    def update(self, pair: Pair) -> None:
        """Take in the next window of any clip."""
        self.take(self.part(pair))


class FrameMean(Metric):
    """A score that each frame has, averaged over the frames of the clip that have one."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._count = 0
        self._num_missing = 0

    @abstractmethod
    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the score of each frame of the window (T,); what is not finite does not count."""

    def update(self, pair: Pair) -> None:
        """Take in the next window."""
        scores = self.of_frames(pair)
        counts = np.isfinite(scores)
        self._sum += float(scores[counts].sum())
        self._count += int(counts.sum())
        self._num_missing += int((~counts).sum())

    def compute(self) -> float:
        """Return the mean over the frames that have a score."""
        return self._sum / self._count if self._count else float("nan")

    def facts(self) -> dict[str, float]:
        """Return how many frames count and how many do not."""
        return {"num_frames": self._count, "num_missing": self._num_missing}


class PictureMean(FrameMean):
    """A score of each generated picture against the real one."""

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the score of each frame of the window."""
        pictures = zip(pair.generated.frames, pair.reference.frames, strict=True)
        return np.array([self.of_frame(*both) for both in pictures], dtype=np.float64)

    @abstractmethod
    def of_frame(self, generated: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
        """Return the score of one picture (H, W, 3) against another."""


class Tail:
    """Keeps the last rows of each window and puts them before the next one.

    What is computed from neighbouring frames then knows no borders between windows.
    """

    def __init__(self, num_rows: int) -> None:
        self._num_rows = num_rows
        self._kept: NDArray[np.generic] | None = None

    def joined(self, rows: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return `rows` (T, ...) with those kept before them."""
        both = rows if self._kept is None else np.concatenate([self._kept, rows])
        self._kept = both[-self._num_rows :].copy()
        return both
