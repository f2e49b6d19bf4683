"""A photograph whose face moves: soft where it parts, whole where it turns, at rest elsewhere."""

import cv2
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from talkingface.face.mesh import Photograph
from talkingface.face.mesh.mouth import with_lips_shut
from talkingface.face.pose.angles import rotations_of
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import frontal, head_motions, posed

SIZE = 256
MIDDLE = np.array([128.0, 128, -20])  # of the canonical head, about which it is turned
SHUT = with_lips_shut(CANONICAL_FACE)
SKIN = 200
MOUTH = np.s_[150:205, 95:161]
LOWER = [55, 56, 57, 58, 59, 65, 66, 67]
STILL = np.zeros(6)


def turned(**degrees) -> np.ndarray:
    """Return the motion (6,) of a head with yaw, pitch, roll whose middle stays."""
    back = rotations_of(np.radians([degrees.get(one, 0) for one in ("yaw", "pitch", "roll")])).T
    return np.concatenate([Rotation.from_matrix(back).as_rotvec(), MIDDLE - back @ MIDDLE])


def opened(px, front=SHUT) -> np.ndarray:
    moved = front.copy()
    moved[LOWER, 1] += px
    return moved


@pytest.fixture(scope="module")
def plain():
    """Return a photograph of one colour: what is darker in a frame is the mouth."""
    return Photograph(np.full((SIZE, SIZE, 3), SKIN, np.uint8), SHUT)


@pytest.fixture(scope="module")
def ramps():
    """Return a photograph whose levels rise by 1 a pixel: what leaps in a frame is torn."""
    column, row = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
    return Photograph(np.dstack([column, row, (column + row) // 2]).astype(np.uint8), SHUT)


def darkness(frame) -> np.ndarray:
    return SKIN - frame[..., 0].astype(float)


@pytest.mark.parametrize("degrees", [{}, {"yaw": 20, "pitch": -8, "roll": 11}])
def test_a_face_that_does_nothing_leaves_the_photograph_as_it_is(degrees):
    noise = np.random.default_rng(0).integers(0, 256, (300, 280, 3)).astype(np.uint8)
    landmarks = posed(SHUT[None], turned(**degrees)[None])[0] + (20, 15, 0)
    motions = head_motions(landmarks[None])
    frame = Photograph(noise, landmarks).drawn(frontal(landmarks[None], motions)[0], motions[0])
    # float32 places are read at 32nds of a pixel: at whole pixels, exactly
    np.testing.assert_array_equal(frame, noise)


def test_far_from_the_face_nothing_moves():
    noise = np.random.default_rng(0).integers(0, 256, (640, 700, 3)).astype(np.uint8)
    photograph = Photograph(noise, SHUT + np.array([220, 190, 0]))
    motion = turned(yaw=15, roll=10)
    motion[3:] -= Rotation.from_rotvec(motion[:3]).apply((225, 188, 0))  # its place, and a shift
    frame = photograph.drawn(opened(12), motion)
    column, row = np.meshgrid(np.arange(700), np.arange(640))
    far = np.hypot(column - 348, row - 318) > 2.7 * 100  # the forehead ends 100 px off the middle
    np.testing.assert_array_equal(frame[far], noise[far])
    assert (frame != noise).any(axis=2).mean() > 0.15


@pytest.mark.parametrize("yaw", [-15, 0, 15])
@pytest.mark.parametrize("crossed_px", [0, -2])
def test_lips_that_touch_or_cross_show_nothing_of_the_mouth(plain, yaw, crossed_px):
    frame = plain.drawn(opened(crossed_px), turned(yaw=yaw))
    assert np.abs(darkness(frame)).max() <= 1


def test_the_opened_mouth_is_dark_inside_and_its_rim_is_neither_dark_nor_light(plain):
    dark = darkness(plain.drawn(opened(14), STILL))
    inside, rim = dark > 60, (dark > 5) & (dark <= 60)
    outline = opened(14)[60:68, :2]
    area = cv2.contourArea(outline.astype(np.float32))
    assert 0.75 * area < inside.sum() < 1.1 * area  # the rim is a pixel, and teeth are light
    assert rim.sum() > 30
    # Round lips leave their landmarks' polygon by a pixel or two.
    lips = cv2.fillPoly(np.zeros((SIZE, SIZE), np.uint8), [np.rint(outline).astype(np.int32)], 1)
    assert np.abs(dark[cv2.dilate(lips, np.ones((7, 7))) == 0]).max() <= 1


def test_the_mouth_opens_without_a_leap(plain):
    """A pixel that is drawn or not would leap by more than a hundred levels."""
    gaps = np.arange(0, 3, 0.1)
    frames = np.stack([darkness(plain.drawn(opened(gap), STILL))[MOUTH] for gap in gaps])
    # A tenth of a pixel of 1.2 from the lip, by what the mouth differs from skin; and teeth end.
    assert np.abs(np.diff(frames, axis=0)).max() < 0.25 * SKIN
    assert (np.diff(frames.sum(axis=(1, 2))) >= -SKIN).all()


@pytest.fixture(scope="module")
def half_open():
    """Return a photograph, bright above its parted lips, dark below, and green between them."""
    points = opened(16)
    picture = np.full((SIZE, SIZE, 3), 40, np.uint8)
    picture[: int(points[62, 1]) + 3] = SKIN
    picture[int(points[62, 1]) + 3 : int(points[66, 1]) - 2] = (40, SKIN, 40)
    return Photograph(picture, points)


@pytest.mark.parametrize("gap_px", [0, 0.4, 0.8])
def test_lips_that_shut_hide_what_the_photograph_has_between_them(half_open, gap_px):
    front = opened(gap_px)
    front[48:, 1] += 8  # to where the photograph is green
    frame = half_open.drawn(front, STILL).astype(int)[168:193, 118:139]
    green = frame[..., 1] - frame[..., 0]
    assert green.max() <= (SKIN - 40) * (gap_px / 2) / 1.2 + 2  # as between lips of one colour
    between = (frame[..., 0] > 60) & (frame[..., 0] < 180)
    assert between.any(axis=0).all()  # from lip to lip it is no hard step


@pytest.mark.parametrize("degrees", [{"yaw": 15}, {"yaw": -15}, {"pitch": 12}, {"roll": 15}])
def test_the_turned_face_has_no_seam_to_its_surroundings(ramps, degrees):
    frame = ramps.drawn(SHUT, turned(**degrees)).astype(int)
    assert np.abs(frame - np.stack([ramps.drawn(SHUT, STILL)])[0]).max() > 8  # it has moved
    steps = [np.abs(np.diff(frame, axis=axis)).max() for axis in (0, 1)]
    # A level a pixel, three where skin is pressed together. A face laid over it leaps by 4 to 8.
    assert max(steps) <= 3
