"""What a face does: by speech, or as somebody who is given."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from talkingface.clip import Clip
from talkingface.errors import DataError
from talkingface.face.pose.angles import angles_of
from talkingface.face.pose.rigid import posed
from talkingface.job import Control
from talkingface.media import SpeechArray
from talkingface.models.rhythmic_head_motion.acting import Acting, Actor, Face
from talkingface.models.rhythmic_head_motion.blinking import blinking
from talkingface.models.rhythmic_head_motion.head_prediction import predicted_motions
from talkingface.models.rhythmic_head_motion.hearing import Heard
from talkingface.models.rhythmic_head_motion.lip_rules import ruled_movements
from talkingface.models.rhythmic_head_motion.placing import turns_to_front
from talkingface.models.rhythmic_head_motion.resting import (
    SPEAKING_POINTS,
    at_rest,
    face_size,
    movements,
    opening,
)
from talkingface.models.rhythmic_head_motion.seeing import fronts_seen, head_view, motions_seen
from tests.unit.models.rhythmic_head_motion.acting_tiny import by_rules, learner
from tests.unit.models.rhythmic_head_motion.people import NUM_FRAMES, job_of, talking_people

CLIP, OTHER = talking_people()[:2]
STILL = np.zeros(6)


def face_of(clip: Clip) -> Face:
    landmarks = clip.truth("landmarks_3d")
    return Face.seen(landmarks[0], head_view(clip, landmarks[:1]))


def acted(actor: Actor, job, num_frames: int = NUM_FRAMES) -> Acting:
    with torch.inference_mode():
        return actor.act(job, face_of(CLIP), num_frames)


def test_speech_alone_moves_lips_by_rules_and_the_head_a_little():
    acting = acted(by_rules().actor, job_of(CLIP))
    face, rest = face_of(CLIP), at_rest(face_of(CLIP).front[None])
    assert acting.landmarks.shape == (NUM_FRAMES, 68, 3)
    heard = Heard.of(CLIP.speech.read(16_000), NUM_FRAMES)
    moved = ruled_movements(heard.mel, NUM_FRAMES) * face_size(rest)
    np.testing.assert_allclose(acting.fronts[:, SPEAKING_POINTS], rest[SPEAKING_POINTS] + moved)
    np.testing.assert_allclose(acting.motions[0], face.motion, atol=1e-9)
    assert 0 < np.abs(acting.motions[:, :3] - face.motion[:3]).max() < np.radians(8)


def test_networks_that_are_there_are_asked():
    model = learner().eval()
    acting = acted(model.actor, job_of(CLIP))
    heard = Heard.of(CLIP.speech.read(16_000), NUM_FRAMES)
    with torch.inference_mode():
        moved = model.lips(torch.from_numpy(heard.lip_windows(range(NUM_FRAMES)))).numpy()
    rest = at_rest(face_of(CLIP).front[None])
    expected = rest[SPEAKING_POINTS] + face_size(rest) * moved
    np.testing.assert_allclose(acting.fronts[:, SPEAKING_POINTS], expected, atol=1e-4)  # float32
    ruled = acted(by_rules().actor, job_of(CLIP))
    assert np.abs(acting.motions - ruled.motions).max() > 1e-3


def test_a_clip_that_drives_itself_moves_as_it_did():
    """But for the smoothing of its landmarks over three frames."""
    acting = acted(by_rules(blink_every=0).actor, job_of(CLIP, lip=CLIP, pose=CLIP))
    true = face_of(CLIP).view
    seen = motions_seen(CLIP, "any", true)
    np.testing.assert_allclose(acting.motions, seen)
    np.testing.assert_allclose(acting.landmarks, posed(fronts_seen(CLIP, "any", true), seen))


def test_somebody_else_lends_lips_and_not_a_face():
    acting = acted(by_rules(blink_every=0).actor, job_of(CLIP, lip=OTHER))
    fronts = fronts_seen(OTHER, "any")
    rest = at_rest(face_of(CLIP).front[None])
    np.testing.assert_allclose(
        movements(acting.fronts, rest), movements(fronts, at_rest(fronts)), atol=1e-9
    )


def test_the_head_of_somebody_else_is_followed_back_and_forth():
    short = replace(OTHER, known={"head_motion": lambda: motions_seen(OTHER, "any")[:10]})
    acting = acted(by_rules().actor, job_of(CLIP, pose=short))
    there_and_back = [*range(10), *reversed(range(10)), *range(10), 9, 8]
    np.testing.assert_allclose(acting.motions, motions_seen(OTHER, "any")[there_and_back])


def test_a_head_can_be_held_at_angles():
    angles = tuple(np.radians([15.0, -5.0, 3.0]))
    acting = acted(by_rules().actor, job_of(CLIP, pose=angles))
    posed_heads = np.swapaxes(turns_to_front(acting.motions), 1, 2)
    np.testing.assert_allclose(angles_of(posed_heads), np.tile(angles, (NUM_FRAMES, 1)), atol=1e-9)


@pytest.mark.parametrize("strength", [0.0, 0.5, 2.0])
def test_strengths_scale_what_is_added_to_the_portrait(strength):
    job = job_of(CLIP, lip=OTHER, pose=OTHER)
    controls = {name: Control(OTHER, strength) for name in ("lip", "pose")}
    whole = acted(by_rules(blink_every=0).actor, job)
    part = acted(by_rules(blink_every=0).actor, replace(job, controls=controls))
    face, rest = face_of(CLIP), at_rest(face_of(CLIP).front[None])
    np.testing.assert_allclose(part.fronts - rest, strength * (whole.fronts - rest), atol=1e-9)
    np.testing.assert_allclose(
        part.motions - face.motion, strength * (whole.motions - face.motion), atol=1e-9
    )


def test_frontal_landmarks_that_end_early_stay():
    fronts = fronts_seen(OTHER, "any")[:4].astype(np.float32)
    lost = Clip("lost", known={"frontal_landmarks": lambda: fronts})
    acting = acted(by_rules(blink_every=0).actor, job_of(CLIP, lip=lost))
    np.testing.assert_allclose(acting.fronts[4:], acting.fronts[3:4].repeat(NUM_FRAMES - 4, 0))
    assert np.abs(np.diff(acting.fronts[:4], axis=0)).max() > 0


def test_silence_shuts_the_lips():
    job = replace(job_of(CLIP), speech=SpeechArray(np.zeros(NUM_FRAMES * 640, np.float32)))
    acting = acted(by_rules().actor, job)
    assert np.abs(opening(acting.fronts)).max() < 1e-9


def test_speech_without_samples_is_a_sentence():
    job = replace(job_of(CLIP), speech=SpeechArray(np.zeros(0, np.float32)))
    with pytest.raises(DataError, match="The speech has no samples"):
        acted(by_rules().actor, job, 1)


def test_eyes_close_every_so_many_frames_and_open_again():
    front = face_of(CLIP).front[None].repeat(30, axis=0)
    blinked = blinking(front, 12)
    gap = np.linalg.norm(blinked[:, [37, 38, 43, 44]] - blinked[:, [41, 40, 47, 46]], axis=2)
    share = (gap / gap[0]).mean(axis=1)
    # the authors' closing: of half the opening, from both lids
    np.testing.assert_allclose(1 - share[7:12], [0.45, 0.85, 0.95, 0.8, 0.45])
    np.testing.assert_allclose(share[[0, 6, 12, 18, 24, 29]], 1)
    np.testing.assert_array_equal(blinking(front, 0), front)


def test_motion_is_predicted_stretch_by_stretch_without_a_leap():
    model = learner().eval()
    heard = Heard.of(CLIP.speech.read(16_000), NUM_FRAMES)
    asked = []

    class Head(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.one = torch.nn.Parameter(torch.ones(1))

        def forward(self, windows, history):
            asked.append((windows.shape[1], history.clone()))
            num = windows.shape[1] - history.shape[1]
            return torch.full((1, num, 6), float(len(asked)))

    start = predicted_motions(model.head, STILL, heard, "mel", 13, 8)
    assert start.shape == (NUM_FRAMES, 6)
    motions = predicted_motions(Head(), STILL, heard, "mel", 13, 8)
    assert [length for length, _ in asked] == [21] * 4
    first = asked[0][1]
    assert first.shape == (1, 13, 6)
    assert (first == first[:, :1]).all()  # it has held still
    turns = motions[:, 0]
    assert np.abs(np.diff(turns)).max() < 0.02  # of steps of .066 between what is predicted
