"""A method of the published sizes with drawn weights, and a job for it: for `frame_cost.py`."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import ModelSettings, Settings
from talkingface.data.synth import person, render_frames
from talkingface.data.synth.camera import CROP, PORTRAIT
from talkingface.data.synth.clips import perform
from talkingface.data.synth.recipe import ClipPlan
from talkingface.engine.build import architecture_of, load_model, seed_everything
from talkingface.engine.opening import open_request
from talkingface.engine.requests import Request
from talkingface.job import Control, ControlName, Job
from talkingface.media import SpeechArray, open_frames, write_picture, write_video
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import discover
from talkingface.registry import ModelSpec, imported_class
from talkingface.storage.weights import Weights, WeightsHeader, write_weights

FPS = 25
PERSON = 998_001  # in no split
DRIVEN: dict[str, tuple[ControlName, ...]] = {
    "PC_AVS": ("pose",),
    "PD_FGC": ("pose", "blink", "gaze", "emotion"),
    "Rhythmic_Head_Motion": (),
}


@dataclass(frozen=True)
class PublishedJob:
    """Which method, and where the files are that it needs."""

    folder: Path
    name: str

    @property
    def weights(self) -> Path:
        return self.folder / "weights.safetensors"

    @property
    def portrait(self) -> Path:
        return self.folder / "portrait.png"

    @property
    def video(self) -> Path:
        """Of who speaks, and drives whatever a video can drive."""
        return self.folder / "driver.mp4"

    @property
    def controls(self) -> dict[ControlName, str]:
        return dict.fromkeys(DRIVEN[self.name], str(self.video))

    @property
    def spec(self) -> ModelSpec:
        return discover().models.get(self.name)

    @property
    def settings(self) -> ModelSettings:
        return self.spec.config(name=self.name)

    def model(self) -> TalkingFaceModel:
        """Return the method with its weights, as they would be trained."""
        settings = Settings(model=self.settings, evaluate_model_file=str(self.weights))
        return load_model(self.spec, settings).model.eval()

    def opened(self, model: TalkingFaceModel) -> Job:
        """Return the job; its driver is decoded, as `generate` does it beside the network."""
        sources, speech = (str(self.portrait),), str(self.video)
        request = Request("job", Path(), sources, speech, self.controls)
        job = open_request(request, model.fps, {}, align=False, view=model.view).job
        frames = open_frames(self.video)
        driver = Clip("driver", FrameArray(frames.read(0, len(frames)), frames.fps))
        return replace(job, controls={name: Control(driver) for name in self.controls})

    def make(self, num_frames: int) -> None:
        """Draw the weights, the person and the video."""
        kind = imported_class(self.spec.model, self.name)
        settings = replace(self.settings, network=kind.published.sizes)
        seed_everything(0)
        model = kind(settings)
        state = model.state_dict()
        for name, tensor in state.items():
            if name.endswith("running_mean"):
                tensor.normal_(0, 0.1)
            elif name.endswith("running_var"):
                tensor.uniform_(0.8, 1.2)
            elif name.endswith("noise.weight"):
                tensor.fill_(0.1)
        header = WeightsHeader(self.name, "trained", "none", architecture_of(settings))
        write_weights(self.weights, Weights(header, state))
        size, seconds = settings.network.image_px, num_frames / FPS
        who = (PERSON, PERSON, PERSON)  # the face, the voice, and what is said
        done = perform(ClipPlan("job", "test", *who, seconds, FPS, "formant", False, size))
        framing = PORTRAIT if model.view == "head" else CROP
        frames = list(render_frames(person(PERSON), done.factors, size, framing))
        write_picture(self.portrait, frames[0])
        write_video(self.video, frames, Fraction(FPS), SpeechArray(done.spoken.waveform))
