"""A face from speech alone: which windows give it, what does not, and whose pose it has."""

import logging

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.data.synth.speech import spoken_by
from talkingface.engine.build import load_start
from talkingface.errors import DataError
from talkingface.job import Control, Job
from talkingface.media import SpeechArray
from talkingface.media.features.identity_window import identity_window
from talkingface.media.features.mel import mel_spectrogram
from talkingface.models.pc_avs.voice_model import neutral_faces
from talkingface.storage.weights import Weights, WeightsHeader, write_weights
from tests.unit.models.pc_avs.tiny import PX, learner
from tests.unit.models.pc_avs.tiny_voice import tiny_voice_model, voice_learner

MAN, WOMAN = 3, 2  # numbers of people of SynthTalk


def saying(speaker: int, sentence: int = 998_000, seconds: float = 1.2) -> SpeechArray:
    return SpeechArray(spoken_by(speaker, sentence, seconds, "formant").waveform)


def job(speech: SpeechArray, portraits: tuple = (), pose: Clip | None = None) -> Job:
    return Job("talk", portraits, speech, {} if pose is None else {"pose": Control(pose)})


def drawn(model, job: Job) -> torch.Tensor:
    with torch.inference_mode():
        return torch.cat(list(model.generate(job)))


def heard_by(model) -> list[torch.Tensor]:
    """Return a list that gets the windows (B, W, rows, 80) of each face that is inferred."""
    windows: list[torch.Tensor] = []
    encoder = model.network.identity_encoder
    encoder.register_forward_pre_hook(lambda module, given: windows.append(given[0]))
    return windows


def test_speech_alone_is_drawn_for_as_long_as_it_lasts_and_portraits_play_no_part() -> None:
    model, speech = tiny_voice_model(), saying(MAN)
    frames = drawn(model, job(speech))
    assert frames.shape == (30, 3, PX, PX)
    portrait = np.full((PX, PX, 3), 200, np.uint8)
    assert torch.equal(drawn(model, job(speech, (portrait,))), frames)


def test_another_voice_that_says_the_same_has_another_face() -> None:
    model = tiny_voice_model()
    model.network.speech_encoder.model.fc.weight.data.zero_()  # all lips are alike
    model.network.identity_encoder.model.fc.weight.data.mul_(30)  # untrained ears hear little
    one, other = (drawn(model, job(saying(speaker))) for speaker in (MAN, WOMAN))
    assert (one - other).abs().max() > 1e-3


def test_published_takes_the_authors_window_and_averaged_takes_some_all_over_the_speech() -> None:
    speech = saying(MAN, seconds=3.0)
    mel = torch.from_numpy(mel_spectrogram(speech.read(16_000)))
    model = tiny_voice_model(voice="published")
    windows = heard_by(model)
    drawn(model, job(speech))
    assert torch.equal(windows[0][0, 0], torch.from_numpy(identity_window(mel.numpy(), 1).rows))
    model = tiny_voice_model(voice_windows=3)
    windows = heard_by(model)
    drawn(model, job(speech))
    last = len(mel) - 80
    expected = torch.stack([mel[start : start + 80] for start in (0, round(last / 2), last)])
    assert torch.equal(windows[0][0], expected)


def test_speech_shorter_than_a_window_has_a_face_and_a_warning(caplog) -> None:
    with caplog.at_level(logging.WARNING):
        frames = drawn(tiny_voice_model(), job(saying(MAN, seconds=0.5)))
    assert len(frames) == 12
    assert "shorter than the 0.8 s that a face is inferred from" in caplog.text


@pytest.mark.parametrize("level", [0.0, 3e-5])  # nothing, and the dither of 16 bits
def test_silence_has_no_face(level: float) -> None:
    noise = level * np.random.default_rng(0).normal(size=32_000).astype(np.float32)
    with pytest.raises(DataError, match="silent, so no face can be inferred"):
        drawn(tiny_voice_model(), job(SpeechArray(noise)))


def test_a_head_that_nobody_moves_is_held_as_drawn_people_who_look_ahead(caplog) -> None:
    model, codes = tiny_voice_model(), []
    pose_width = model.settings.network.pose_width
    model.network.generator.register_forward_pre_hook(
        lambda module, given: codes.append(given[0][:, -pose_width:])
    )
    with caplog.at_level(logging.INFO):
        drawn(model, job(saying(MAN)))
    rest = model.network.resting_pose_code(neutral_faces(PX)[None])
    torch.testing.assert_close(torch.cat(codes), rest.expand(30, -1))
    assert "No video turns the head of talk: it looks straight ahead." in caplog.text
    caplog.clear()
    nod = Clip(
        "nod", FrameArray(np.random.default_rng(0).integers(0, 256, (3, PX, PX, 3), "uint8"))
    )
    with caplog.at_level(logging.INFO):
        drawn(model, job(saying(MAN), pose=nod))
    assert not caplog.text


def test_a_strip_shows_no_portrait() -> None:
    portrait = np.zeros((PX, PX, 3), np.uint8)
    panels = tiny_voice_model().panels(job(saying(MAN), (portrait,)))
    assert list(panels.shown) == ["G_Fix_Pose_"]


def test_training_starts_from_pc_avs_whose_portraits_give_the_identity(tmp_path) -> None:
    other, model = learner(), voice_learner()
    before = {name: one.clone() for name, one in model.state_dict().items()}
    header = WeightsHeader("PC_AVS", "trained", "none", {})
    write_weights(
        tmp_path / "pc_avs.safetensors",
        Weights(header, other.network.state_dict(prefix="network.")),
    )
    load_start(model, tmp_path / "pc_avs.safetensors")
    after = model.state_dict()
    for name, tensor in other.network.state_dict(prefix="network.").items():
        ours = name.replace("network.identity_encoder", "learning.portrait_encoder")
        assert torch.equal(after[ours], tensor), name
    own = [name for name in before if "input.input" in name or "network.identity" in name]
    assert len(own) > 20
    assert all(torch.equal(after[name], before[name]) for name in own)


def test_training_goes_on_from_weights_of_its_own(tmp_path) -> None:
    file = tmp_path / "own.safetensors"
    other, model = tiny_voice_model(), voice_learner()
    other.network.generator.input.input.data.fill_(3)
    header = WeightsHeader("Speech2Talking_Face", "trained", "none", {})
    write_weights(file, Weights(header, other.state_dict()))
    load_start(model, file)
    for name, tensor in other.state_dict().items():
        assert torch.equal(model.state_dict()[name], tensor), name
