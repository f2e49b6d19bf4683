"""What a user asks for, before any file is opened; lists of jobs are tested in integration."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.config.settings import GenerateSettings
from talkingface.engine.requests import requests_of
from talkingface.errors import UsageError
from tests.filming import film, numbered


def asked(**choices):
    settings = GenerateSettings(source=("face.png",), audio="talk.wav", **choices)
    (request,) = requests_of(settings, Path("videos"))
    return request


def test_eyes_are_blink_and_gaze_together_and_either_may_differ() -> None:
    assert asked(eye="a.mp4").controls == {"blink": "a.mp4", "gaze": "a.mp4"}
    assert asked(eye="a.mp4", gaze="b.mp4").controls == {"blink": "a.mp4", "gaze": "b.mp4"}


def test_a_strength_without_somebody_to_follow_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"how far to follow, but not whom\. Give --pose a video"):
        asked(strength={"pose": 2.0})
    assert asked(strength={"lip": 0.5}).controls == {}  # the speech is followed unasked
    assert asked(strength={"blink": 0.5}, eye="a.mp4")


def test_a_strength_of_no_control_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"names no control\. Did you mean 'pose'"):
        asked(strength={"poze": 2.0})


def test_a_list_of_rhythmic_head_motion_moves_each_video_by_itself(tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    demo.mkdir()
    for name in ("a", "b"):
        film(demo / f"{name}_aligned.mp4", [numbered(0)])
    np.save(demo / "a_aligned.npy", np.zeros((1, 68, 3)))
    np.save(demo / "a_aligned_front.npy", np.zeros((1, 68, 3)))
    np.save(demo / "a_aligned_rt.npy", np.zeros((1, 6)))
    np.save(tmp_path / "vox_demo_ani.npy", np.array([[f"demo/{n}_aligned.mp4", "0"] for n in "ab"]))
    settings = GenerateSettings(jobs=str(tmp_path / "vox_demo_ani.npy"), pose="nod.mp4")
    first, second = requests_of(settings, tmp_path / "videos")
    assert first.out == tmp_path / "videos" / "a.mp4"
    assert first.controls == {"lip": first.clip, "pose": "nod.mp4"}
    assert first.clip.truth("head_motion").shape == (1, 6)
    assert first.with_panels
    assert not first.fault
    assert "b_aligned.npy" in second.fault
    assert "b_aligned_rt.npy" in second.fault
    assert "preprocess --dataset=Rhythmic_Head_MotionDataset --input=VIDEOS" in second.fault
