"""What a user asks for, before any file is opened; lists of jobs are tested in integration."""

from pathlib import Path

import pytest

from talkingface.config.settings import GenerateSettings
from talkingface.engine.requests import requests_of
from talkingface.errors import UsageError


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
