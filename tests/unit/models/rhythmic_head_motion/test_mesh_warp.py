"""A photograph that speaks, by its own skin on a mesh."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from skimage.data import astronaut

from talkingface.clip import Clip, FrameArray
from talkingface.data.synth import person, render, truth
from talkingface.data.synth.camera import PORTRAIT
from talkingface.data.synth.factors import neutral_factors
from talkingface.engine.drawn_pictures import to_pictures
from talkingface.face.landmarks import open_finder
from talkingface.job import Control
from talkingface.media import SpeechArray
from tests.unit.models.rhythmic_head_motion.acting_tiny import by_rules, learner
from tests.unit.models.rhythmic_head_motion.people import (
    NUM_FRAMES,
    job_of,
    talking,
    talking_people,
)

CLIP = talking_people()[0]


def made(model, job) -> np.ndarray:
    """Return the frames that a model makes, (T, H, W, 3)."""
    with torch.inference_mode():
        windows = list(model.generate(job))
    assert all(window.abs().max() <= 1 for window in windows)
    return np.concatenate([to_pictures(window) for window in windows])


def silent(job, num_frames: int):
    return replace(job, speech=SpeechArray(np.zeros(num_frames * 640, np.float32)))


def test_a_video_lasts_as_long_as_the_speech_and_is_as_large_as_the_portrait():
    model = by_rules()
    assert not list(model.parameters())  # it needs no weights
    assert made(model, job_of(CLIP)).shape == (NUM_FRAMES, 64, 64, 3)
    job = job_of(CLIP)
    wide = np.pad(job.portraits[0], ((10, 8), (40, 30), (0, 0)), mode="edge")
    moved = CLIP.truth("landmarks_3d") + np.array([40, 10, 0], np.float32)
    subject = replace(CLIP, known={"landmarks_3d": lambda: moved})
    job = replace(job, portraits=(wide,), subject=subject)
    assert made(model, silent(job, 2)).shape == (2, 82, 134, 3)
    assert made(by_rules(longest_px=67), silent(job, 2)).shape == (2, 41, 67, 3)


def test_a_network_that_has_learnt_moves_it_too():
    model = learner().eval()
    assert made(model, job_of(CLIP)).shape == (NUM_FRAMES, 64, 64, 3)


def test_who_holds_still_and_says_nothing_is_the_portrait():
    who, (rest,) = person(997_010), neutral_factors()
    portrait = render(who, rest, 128, PORTRAIT)
    points = truth(who, rest[None], 128, PORTRAIT).landmarks
    subject = replace(
        CLIP, frames=FrameArray(portrait[None]), known={"landmarks_3d": lambda: points}
    )
    job = silent(replace(job_of(CLIP), portraits=(portrait,), subject=subject), 3)
    frames = made(by_rules(blink_every=0), job)
    # the lips of a drawn face at rest are shut but for a pixel, and a sway of a hundredth of a turn
    assert np.abs(frames[0].astype(int) - portrait).mean() < 1.5
    assert np.abs(frames[2].astype(int) - portrait).mean() < 3


@pytest.fixture(scope="module")
def large():
    """Return a clip of 160 px, in which a reader sees lips."""
    return talking(997_001, 160)


def test_who_drives_himself_is_made_again(large):
    """Nearer to the clip than its repeated portrait, lips and head."""
    frames = made(by_rules(blink_every=0), job_of(large, lip=large, pose=large))
    true = large.frames.pictures[:NUM_FRAMES].astype(int)
    warped = np.abs(frames - true).mean(axis=(1, 2, 3))
    still = np.abs(true[:1] - true).mean(axis=(1, 2, 3))
    assert warped.mean() < 0.8 * still.mean()


def test_what_is_drawn_is_what_acts(large):
    """Landmarks that a reader finds in the frames are those that the face was given."""
    job = job_of(large, lip=large, pose=large)
    frames = made(by_rules(blink_every=0), job)[::6]
    landmarks = large.truth("landmarks_3d")
    finder = open_finder("synthtalk")
    read = np.stack([finder.find(frame)[0].points for frame in frames])
    error = np.linalg.norm(read - landmarks[:NUM_FRAMES:6, :, :2], axis=2)
    assert error.mean() < 3  # px of 160; the reader's own error is one


def test_the_background_rests_and_no_hole_opens(large):
    frames = made(by_rules(), job_of(large, pose=talking_people()[2])).astype(int)
    portrait = large.frames.pictures[0].astype(int)
    corners = [np.s_[:, :12, :12], np.s_[:, :12, -12:]]
    for corner in corners:
        assert np.abs(frames[corner] - portrait[corner[1:]]).max() <= 2
    # nothing is as dark as a hole would be that the portrait is not
    assert frames.min(axis=(1, 2, 3)).min() >= max(0, portrait.min() - 12)


def test_a_photograph_opens_its_lips_when_there_is_something_to_hear():
    times = np.arange(20 * 640) / 16_000
    vowel = np.where((times > 0.3) & (times < 0.6), np.sin(2 * np.pi * 700 * times), 0)
    job = replace(job_of(CLIP), portraits=(astronaut(),), subject=None)
    job = replace(job, speech=SpeechArray((0.3 * vowel).astype(np.float32)))
    frames = made(by_rules(blink_every=0), job)
    assert frames.shape == (20, 512, 512, 3)
    finder = open_finder()
    openings = []
    for index in (2, 11, 19):
        points = finder.find(frames[index])[0].points
        openings.append(np.linalg.norm(points[66] - points[62]))
    assert openings[1] > openings[0] + 2  # px
    assert openings[1] > openings[2] + 2


def test_a_head_that_is_to_turn_too_far_is_held_back_and_said_so_once(caplog):
    still = by_rules(blink_every=0)
    job = silent(job_of(CLIP), 2)

    def looking(degrees: float) -> np.ndarray:
        angles = {"pose": Control((np.radians(degrees), 0.0, 0.0))}
        return made(still, replace(job, controls=angles)).astype(int)

    near, far, farther = looking(0), looking(45), looking(70)
    assert np.abs(far - near).mean() > 10 * np.abs(farther - far).mean()
    said = [record.getMessage() for record in caplog.records if "turn" in record.getMessage()]
    assert len(said) == 3  # once a video; this one looks to the other side
    assert all("12 at most" in one for one in said)
    assert "62 degrees" in said[2]


def test_the_motion_of_a_video_can_be_kept():
    other = talking_people()[1]
    kept = by_rules().motion_of(other)
    saved = Clip("saved", known={name: (lambda one=one: one) for name, one in kept.items()})
    first = made(by_rules(), job_of(CLIP, lip=other, pose=other))
    second = made(by_rules(), job_of(CLIP, lip=saved, pose=saved))
    assert np.abs(first.astype(int) - second).max() <= 1  # kept as float32


def test_large_photographs_are_shrunk_evenly():
    picture = cv2.resize(astronaut(), (1024, 1024))
    job = silent(replace(job_of(CLIP), portraits=(picture,), subject=None), 1)
    (frame,) = made(by_rules(longest_px=300), job)
    small = cv2.resize(picture, (300, 300), interpolation=cv2.INTER_AREA)
    assert frame.shape == (300, 300, 3)
    assert np.abs(frame.astype(int) - small).mean() < 2  # the lips close
