"""A method that was loaded makes clips of arrays as the command line makes videos of files."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import talkingface
from talkingface.api.generated_clip import GeneratedClip
from talkingface.cli import main
from talkingface.errors import ConfigError, UsageError
from talkingface.media import open_frames, write_picture
from tests.filming import record

FACE = np.kron(np.random.default_rng(0).integers(40, 220, (8, 8, 3)), np.ones((8, 8, 1)))
FACE = FACE.astype(np.uint8)
TONE = (0.3 * np.sin(np.arange(4_000) * 0.2)).astype(np.float32)

SHAKING = """
import torch
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import register_model

@register_model("Shaking", "Noise.", controls=frozenset({"lip"}))
class Shaking(TalkingFaceModel):
    def generate(self, job):
        for _ in range(self.num_frames(job)):
            yield torch.rand(1, 3, 16, 16) * 2 - 1
"""


@pytest.fixture(autouse=True)
def no_looking_for_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the detector, which takes a second to load: no method here needs a face."""
    monkeypatch.setattr("talkingface.engine.opening.face_finder", lambda: None)
    monkeypatch.setattr("talkingface.engine.opening.warn_of_another_place", lambda *_: None)


def test_arrays_become_a_clip() -> None:
    animator = talkingface.load("still-portrait")
    clip = animator.animate(FACE, (TONE, 16_000))
    assert isinstance(clip, GeneratedClip)
    assert isinstance(clip, talkingface.Clip)
    np.testing.assert_array_equal(clip.pictures, np.stack([FACE] * 6))
    assert (clip.fps, clip.seconds, clip.name) == (25, 0.24, "portrait")
    assert repr(clip) == (
        "<portrait: 0.2 s of 64 x 64 px at 25 frames a second, "
        "Still_Portrait with no weights, it needs none>"
    )
    assert "controls: none" in repr(animator)


def test_a_saved_clip_is_the_video_of_the_command_line(tmp_path: Path) -> None:
    write_picture(tmp_path / "face.png", FACE)
    record(tmp_path / "tone.wav", TONE, "pcm_s16le")
    clip = talkingface.load("Loud_Mouth", device="cpu").animate(
        tmp_path / "face.png", tmp_path / "tone.wav", strength={"lip": 2.0}, mark=True
    )
    assert clip.save(tmp_path / "ours.mp4") == tmp_path / "ours.mp4"
    files = [f"--source={tmp_path / 'face.png'}", f"--audio={tmp_path / 'tone.wav'}"]
    words = ["--model=Loud_Mouth", "--strength.lip=2.0", "--mark", f"--out={tmp_path / 'cli.mp4'}"]
    assert main(["generate", *words, *files, f"--runs_folder={tmp_path / 'runs'}"]) == 0
    assert (tmp_path / "ours.mp4").read_bytes() == (tmp_path / "cli.mp4").read_bytes()
    with pytest.raises(talkingface.TalkingFaceError, match="exists"):
        clip.save(tmp_path / "cli.mp4")


def test_a_notebook_shows_a_player_of_the_whole_video(tmp_path: Path) -> None:
    clip = talkingface.load("Still_Portrait").animate(FACE, (TONE, 16_000))
    shown = clip._repr_html_()
    assert shown.startswith('<video controls width="64" height="64" title="portrait" src="data:')
    (tmp_path / "shown.mp4").write_bytes(clip.mp4)
    assert len(open_frames(tmp_path / "shown.mp4")) == 6


def test_the_seed_decides_what_chance_makes(tmp_path: Path) -> None:
    (tmp_path / "shaking.py").write_text(SHAKING)
    plugins = [tmp_path / "shaking.py"]
    seeds = (3, 3, 4)
    animators = [talkingface.load("Shaking", seed=seed, plugins=plugins) for seed in seeds]
    made = [one.animate(FACE, (TONE, 16_000)).pictures for one in animators]
    np.testing.assert_array_equal(made[0], made[1])
    assert (made[0] != made[2]).mean() > 0.9
    again = animators[0].animate(FACE, (TONE, 16_000)).pictures
    np.testing.assert_array_equal(made[0], again)  # however often it was asked before


def test_what_cannot_be_done_is_a_sentence() -> None:
    mouth = talkingface.load("Loud_Mouth")
    sound = (TONE, 16_000)
    with pytest.raises(UsageError, match="Loud_Mouth has no control 'blink'"):
        mouth.animate(FACE, sound, eye="wink.mp4")
    with pytest.raises(UsageError, match=r"no control 'poze'\. Did you mean 'pose'"):
        mouth.animate(FACE, sound, poze="nod.mp4")  # type: ignore[call-arg]
    with pytest.raises(UsageError, match="Loud_Mouth needs a portrait"):
        mouth.animate(None, sound)
    with pytest.raises(UsageError, match="--paste_back puts back what --align has cut out"):
        mouth.animate(FACE, sound, paste_back=True)
    with pytest.raises(UsageError, match=r"--strength\.pose says how far to follow, but not whom"):
        mouth.animate(FACE, sound, strength={"pose": 2.0})
    with pytest.raises(UsageError, match="SyncNet scores videos and makes none"):
        talkingface.load("SyncNet")
    with pytest.raises(ConfigError, match=r"this call: unknown key 'sede'\. Did you mean 'seed'"):
        talkingface.load("Loud_Mouth", settings={"sede": 3})


def test_the_rate_of_a_method_is_said() -> None:
    assert talkingface.load("Still_Portrait").fps == Fraction(25)
