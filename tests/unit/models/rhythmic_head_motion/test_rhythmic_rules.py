"""Lips and heads that nobody has taught: judged on SynthTalk, whose truth is known."""

import numpy as np
import pytest

from talkingface.data.synth import FACTOR_NAMES
from talkingface.face.mesh.mouth import FACING
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import posed
from talkingface.models.rhythmic_head_motion.head_rules import NECK, NOD_DEGREES, swaying, turned
from talkingface.models.rhythmic_head_motion.hearing import Heard
from talkingface.models.rhythmic_head_motion.lip_rules import ruled_movements
from talkingface.models.rhythmic_head_motion.motion_series import SAMPLE_RATE_HZ
from talkingface.models.rhythmic_head_motion.placing import turns_to_front
from talkingface.models.rhythmic_head_motion.resting import MIDDLE, SPEAKING_POINTS
from tests.unit.models.rhythmic_head_motion.people import NUM_FRAMES, talking_people

PLACES = {int(point): place for place, point in enumerate(SPEAKING_POINTS)}
STILL = np.zeros(6)


def opening_of(moved: np.ndarray) -> np.ndarray:
    upper, lower = (moved[:, [PLACES[one] for one in side], 1].mean(axis=1) for side in FACING)
    return lower - upper


def ruled(waveform: np.ndarray) -> np.ndarray:
    heard = Heard.of(waveform, NUM_FRAMES)
    return ruled_movements(heard.mel, NUM_FRAMES)


def test_lips_open_when_the_speaker_opens_them():
    correlations = []
    for clip in talking_people():
        made = opening_of(ruled(clip.speech.read(SAMPLE_RATE_HZ)))
        correlations.append(np.corrcoef(made, clip.truth("mouth_opening"))[0, 1])
    assert np.mean(correlations) > 0.7  # .83 over twelve people and three seconds each


def test_lips_are_nearly_shut_where_the_speaker_presses_them():
    shut, others = [], []
    for clip in talking_people():
        made = opening_of(ruled(clip.speech.read(SAMPLE_RATE_HZ)))
        press = clip.truth("factors")[:, FACTOR_NAMES.index("press")]
        shut += made[press > 0.6].tolist()
        others += made[press < 0.1].tolist()
    assert len(shut) >= 4
    assert np.mean(shut) < 0.6 * np.mean(others)


def test_silence_moves_nothing():
    assert not ruled(np.zeros(NUM_FRAMES * 640, np.float32)).any()


def tone(*frequencies: float) -> np.ndarray:
    times = np.arange(NUM_FRAMES * 640) / SAMPLE_RATE_HZ
    return sum(0.2 * np.sin(2 * np.pi * one * times) for one in frequencies).astype(np.float32)


def test_bright_sounds_spread_the_lips_and_dark_ones_round_them():
    bright, dark = ruled(tone(600, 2600)), ruled(tone(600, 800))
    middle = NUM_FRAMES // 2
    left, right = PLACES[48], PLACES[54]
    assert bright[middle, left, 0] < 0 < bright[middle, right, 0]
    assert dark[middle, right, 0] < 0 < dark[middle, left, 0]
    assert dark[middle, PLACES[51], 2] > bright[middle, PLACES[51], 2]  # lips pushed forward


def degrees_turned(motions: np.ndarray) -> np.ndarray:
    traces = np.trace(turns_to_front(motions), axis1=1, axis2=2)
    return np.degrees(np.arccos(((traces - 1) / 2).clip(-1, 1)))


def test_a_head_sways_a_little_from_where_it_is():
    motions = swaying(STILL, np.zeros(250 * 640, np.float32))
    assert len(motions) == 250
    np.testing.assert_allclose(motions[0], STILL, atol=1e-9)
    assert 1 < degrees_turned(motions).max() < 5
    assert np.abs(np.diff(motions, axis=0)[:, :3]).max() < np.radians(0.3)  # a frame


def test_a_head_nods_when_the_voice_swells():
    waveform = np.zeros(100 * 640, np.float32)
    waveform[40 * 640 : 46 * 640] = 0.3
    still, nods = swaying(STILL, 0 * waveform), swaying(STILL, waveform)
    further = degrees_turned(nods) - degrees_turned(still)
    assert np.abs(further).argmax() in range(40, 47)
    assert 0.3 * NOD_DEGREES < np.abs(further).max() < NOD_DEGREES
    assert np.abs(further[:30]).max() < 0.1


def test_the_neck_stays_where_it_is():
    motions = turned(STILL, np.radians([(0, 0, 0), (25, 10, -8)]))
    where = posed((MIDDLE + NECK)[None, None], motions)[:, 0]
    np.testing.assert_allclose(where[1], where[0], atol=1e-9)


@pytest.mark.parametrize("angle", [0.2, -0.4])
def test_positive_pitch_lowers_the_nose(angle):
    (after,) = posed(CANONICAL_FACE[None], turned(STILL, np.array([[0.0, angle, 0.0]])))
    tip, bridge = 30, 27
    before = CANONICAL_FACE[tip, 1] - CANONICAL_FACE[bridge, 1]
    assert np.sign(after[tip, 1] - after[bridge, 1] - before * np.cos(angle)) == np.sign(angle)
