"""The profiles on demo weights: exact against networks as they are trained, fast against exact."""

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.config.locations import checkpoints_folder
from talkingface.config.settings import Settings
from talkingface.data.synth import person, render_frames
from talkingface.data.synth.camera import FRAMINGS
from talkingface.data.synth.clips import perform
from talkingface.data.synth.recipe import ClipPlan
from talkingface.engine.build import load_model
from talkingface.engine.drawn_pictures import to_pictures
from talkingface.engine.profiles import made_ready
from talkingface.job import Control, Job
from talkingface.media import SpeechArray
from talkingface.metrics.ssim import ssim
from talkingface.plugins import discover

PERSON = 998_001  # in no split
SECONDS = 0.6
DRIVEN = {
    "PC_AVS": ("pose",),
    "PD_FGC": ("pose", "blink", "gaze", "emotion"),
    "Rhythmic_Head_Motion": (),
}
WITH_DEMO = [
    name for name in DRIVEN if (checkpoints_folder() / name / "demo.safetensors").is_file()
]


def loaded(name):
    spec = discover().models.get(name)
    return load_model(spec, Settings(model=spec.config(name=name))).model.eval()


def job_for(model, driven) -> Job:
    size, shows = model.settings.network.image_px, model.view
    plan = ClipPlan("job", "test", PERSON, PERSON, PERSON, SECONDS, 25, "formant", False, size)
    done = perform(plan)
    frames = np.stack(list(render_frames(person(PERSON), done.factors, size, FRAMINGS[shows])))
    driver = Control(Clip("driver", FrameArray(frames, 25)))
    speech = SpeechArray(done.spoken.waveform)
    return Job("job", (frames[0],), speech, dict.fromkeys(driven, driver))


@torch.inference_mode()
def drawn(model, job) -> torch.Tensor:
    return torch.cat(list(model.generate(job)))


@pytest.mark.slow  # a method draws forty-five frames
@pytest.mark.parametrize("name", WITH_DEMO)
def test_exact_is_as_trained_and_fast_is_seen_to_be_the_same(name):
    trained = loaded(name)
    job = job_for(trained, DRIVEN[name])
    plain = drawn(trained, job)
    exact, fast = (
        drawn(made_ready(loaded(name), profile, torch.device("cpu")), job)
        for profile in ("exact", "fast")
    )
    assert (exact - plain).abs().max() < 1e-4  # promised
    pairs = zip(to_pictures(fast), to_pictures(exact), strict=True)
    assert min(ssim(*pair) for pair in pairs) >= 0.99  # promised
