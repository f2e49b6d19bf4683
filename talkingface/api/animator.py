"""A method with its weights, ready to make portraits speak."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np

from talkingface.api.asking import PathLike, asked
from talkingface.api.generated_clip import GeneratedClip
from talkingface.api.material import Driver, Portrait, Sound, driver_of, portrait_of, speech_of
from talkingface.api.stream import Stream, check_rate
from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import GenerateSettings, Settings
from talkingface.engine.build import Built, build_model, seed_everything
from talkingface.engine.drawn_pictures import generated_pictures
from talkingface.engine.generator import (
    as_shown,
    check_controls,
    check_placing,
    check_streaming,
    placed,
)
from talkingface.engine.opening import Opened, open_request
from talkingface.engine.requests import Request, check_strengths
from talkingface.engine.streaming import FrameStream, face_of
from talkingface.errors import UsageError, did_you_mean
from talkingface.job import CONTROL_NAMES, ControlName
from talkingface.media.image import stack_pictures
from talkingface.media.sound import SpeechArray
from talkingface.registry import ModelSpec, Registry


class Drivers(TypedDict, total=False):
    """Who drives each control; ``eye`` is blink and gaze together."""

    lip: Driver
    pose: Driver
    eye: Driver
    blink: Driver
    gaze: Driver
    emotion: Driver


class Animator:
    """A method with its weights.

    Attributes:
        name: its name in `list_models`.
        controls: the controls that it has.
        fps: frames a second that it makes.
        weights: a sentence part that says which weights these are.
    """

    def __init__(
        self, spec: ModelSpec, settings: Settings, built: Built, registry: Registry
    ) -> None:
        self.name = spec.name
        self.controls = spec.controls
        self.fps = built.model.fps
        self.weights = built.weights
        self._spec, self._settings, self._built = spec, settings, built
        self._model = built.model
        self._registry = registry

    def animate(
        self,
        portrait: Portrait | Sequence[Portrait] | None,
        speech: Sound,
        *,
        strength: Mapping[str, float] | None = None,
        align: bool = False,
        paste_back: bool = False,
        mark: bool = False,
        **drivers: Unpack[Drivers],
    ) -> GeneratedClip:
        """Return the person of a portrait, saying a speech.

        >>> import talkingface
        >>> clip = talkingface.load("Mesh_Warp").animate("face.jpg", "speech.wav", pose=(10, 0, 0))
        >>> clip.pictures.shape, clip.fps
        ((25, 128, 128, 3), 25.0)
        >>> clip.save("talk.mp4").name
        'talk.mp4'

        Args:
            portrait: one picture of the person or several: paths (a folder holds several), arrays
                (H, W, 3) of uint8 RGB, or pictures of Pillow. None for a method that finds a face
                of its own.
            speech: a sound file or a video with sound; ``(waveform, sample_rate_hz)``, mono (L,);
                or anything that is `talkingface.clip.Speech`.
            strength: how strongly controls are followed, by name; 1 as learned.
            align: whether the face is first cut out as the method knows faces.
            paste_back: whether the generated face is put back into the whole portrait.
            mark: whether "synthetic" is written into a corner of every picture.
            **drivers: who drives each control: the path of a video or a picture (``nod.mp4@37``
                is its frame 37), a clip, pictures (T, H, W, 3) or (H, W, 3) of uint8 RGB, or
                angles in degrees: ``pose=(yaw, pitch, roll)``, ``gaze=(right, up)``.

        Raises:
            TalkingFaceError: Something that is given cannot be used; the message says what to do.
        """
        settings = self._chosen(strength, align=align, paste_back=paste_back, mark=mark)
        request = self._request(portrait, speech, drivers)
        opened = self._opened(request, settings)
        seed_everything(self._settings.seed)
        shown = as_shown(generated_pictures(self._model, opened.job), opened, settings)
        frames = FrameArray(stack_pictures(shown), self.fps)
        made_by = f"{self.name} with {self.weights}"
        return GeneratedClip(request.name, frames, opened.job.speech, made_by=made_by)

    def stream(
        self,
        portrait: Portrait | Sequence[Portrait],
        sample_rate_hz: int = 16_000,
        *,
        strength: Mapping[str, float] | None = None,
        align: bool = False,
        paste_back: bool = False,
        mark: bool = False,
        **drivers: Unpack[Drivers],
    ) -> Stream:
        """Return the person of a portrait, who says what is pushed while it comes.

        >>> import numpy as np, talkingface
        >>> with talkingface.load("Loud_Mouth").stream("face.jpg", sample_rate_hz=48_000) as stream:
        ...     frames = list(stream.push(np.zeros(4_800, np.int16)))
        ...     frames += stream.flush()
        >>> len(frames), frames[0].sound.shape, frames[0].picture.dtype
        (3, (1920,), dtype('uint8'))

        Args:
            portrait: as for `animate`.
            sample_rate_hz: of the sound that will be pushed.
            strength: as for `animate`, and so are all others.
            align: whether the face is first cut out.
            paste_back: whether each generated face is put back into the whole portrait.
            mark: whether "synthetic" is written into a corner of every picture.
            **drivers: who drives each control; videos go to and fro as long as the stream lasts.

        Raises:
            TalkingFaceError: The method cannot stream, or something that is given cannot be used;
                the message says what to do.
        """
        check_streaming(self._spec, self._registry.models)
        check_rate(sample_rate_hz)
        settings = self._chosen(strength, align=align, paste_back=paste_back, mark=mark)
        to_come = SpeechArray(np.empty(0, np.float32))
        opened = self._opened(self._request(portrait, to_come, drivers), settings)
        seed_everything(self._settings.seed)
        open_drivers = ExitStack()
        face = face_of(self._model, opened.job, open_drivers)
        frames = FrameStream(
            face, sample_rate_hz, lambda picture: next(as_shown(iter([picture]), opened, settings))
        )
        return Stream(frames, open_drivers)

    def _chosen(
        self,
        strength: Mapping[str, float] | None,
        *,
        align: bool,
        paste_back: bool,
        mark: bool,
    ) -> GenerateSettings:
        chosen = replace(
            self._settings.generate,
            strength=dict(strength or {}),
            align=align,
            paste_back=paste_back,
            mark=mark,
        )
        check_placing(chosen, self._spec)
        return placed(chosen, self._model)

    def _opened(self, request: Request, settings: GenerateSettings) -> Opened:
        check_controls([request], self._spec, self._registry.models)
        check_strengths(settings.strength, request.controls)
        if settings.align:  # who has a face cut out has a photograph
            self._built.warn_of_photographs(self._spec)
        return open_request(
            request, self.fps, settings.strength, align=settings.align, view=self._model.view
        )

    def _request(
        self, portrait: Portrait | Sequence[Portrait] | None, speech: Sound, drivers: Drivers
    ) -> Request:
        if portrait is None and self._spec.needs_portrait:
            raise UsageError(f"{self.name} needs a portrait: a path, or an array (H, W, 3).")
        sources = tuple(portrait_of(one) for one in _each(portrait))
        name = next((Path(one).stem for one in sources if isinstance(one, str)), "portrait")
        return Request(
            name,
            Path(f"{name}.mp4"),
            sources,
            speech_of(speech),
            dict(self._drivers(drivers)),
            has_portrait=self._spec.needs_portrait,
        )

    def _drivers(self, drivers: Drivers) -> Iterator[tuple[ControlName, str | Clip]]:
        """Yield who drives each control; one who drives several is one object."""
        given: dict[str, Any] = dict(drivers)
        if (eye := given.pop("eye", None)) is not None:
            driver = driver_of("gaze", eye, self.fps)
            yield from (("blink", driver), ("gaze", driver))
        for name in CONTROL_NAMES:
            if (driver := given.pop(name, None)) is not None:
                yield name, driver_of(name, driver, self.fps)
        for unknown in given:
            raise UsageError(
                f"There is no control {unknown!r}.{did_you_mean(unknown, CONTROL_NAMES)} "
                f"Known: {', '.join(CONTROL_NAMES)}, and eye for blink and gaze."
            )

    def __repr__(self) -> str:
        controls = ", ".join(name for name in CONTROL_NAMES if name in self.controls)
        return f"<{self.name} with {self.weights}; controls: {controls or 'none'}>"


def load(
    model: str,
    *,
    weights: PathLike | None = None,
    device: str | None = None,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    config_files: Iterable[PathLike] = (),
    plugins: Iterable[PathLike] = (),
) -> Animator:
    """Return a method with its weights, ready to make portraits speak.

    >>> import talkingface
    >>> talkingface.load("Loud_Mouth").weights
    'demo weights (small, trained on SynthTalk): ...demo.safetensors'

    Args:
        model: its name in `list_models`.
        weights: a file, the folder of a run, or ``"published"`` for those of its authors, once
            `download` has put them here. The demo weights where nothing is said.
        device: ``"cpu"``, ``"cuda"`` or ``"mps"``; a GPU where there is one if nothing is said.
        seed: start of every random number.
        settings: others by key, as in ``{"model.noise": "none"}``; ``config`` lists them.
        config_files: settings files.
        plugins: files with methods of your own.

    Raises:
        TalkingFaceError: There is no such method or there are no weights for it; the message says
            what to do.
    """
    said = {"model": model, "evaluate_model_file": weights, "device": device, "seed": seed}
    wanted = asked("generate", {**said, **(settings or {})}, config_files, plugins)
    spec = wanted.video_model()
    built = build_model(spec, wanted.settings)
    return Animator(spec, wanted.settings, built, wanted.registry)


def _each(portrait: Portrait | Sequence[Portrait] | None) -> Sequence[Portrait]:
    if portrait is None:
        return ()
    return portrait if isinstance(portrait, list | tuple) else (portrait,)
