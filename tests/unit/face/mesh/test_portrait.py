"""Portraits over the mesh, in their own pose and in others."""

import cv2
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from talkingface.data.synth import person, render, truth
from talkingface.data.synth.camera import PORTRAIT
from talkingface.data.synth.factors import FACTOR_INDEX, neutral_factors
from talkingface.data.synth.rendering import render_bare_faces
from talkingface.face.mesh import Canvas, PortraitMesh, posed_faces
from talkingface.face.pose.angles import rotations_of
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import head_motions, posed

SIZE = 256
MIDDLE = np.array([128.0, 128, -20])  # of the canonical head, about which it is turned
PLAIN = np.full((SIZE, SIZE, 3), 90, np.uint8)
RNG = np.random.default_rng(0)
NOISE = cv2.GaussianBlur(RNG.integers(0, 256, (SIZE, SIZE, 3)).astype(np.uint8), (0, 0), 1)


def turned(**degrees):
    """Return the motion (6,) of a head with yaw, pitch, roll whose middle stays."""
    angles = np.radians([degrees.get(name, 0) for name in ("yaw", "pitch", "roll")])
    back = rotations_of(angles).T
    return np.concatenate([Rotation.from_matrix(back).as_rotvec(), MIDDLE - back @ MIDDLE])


def drawn(mesh, motion, front=None):
    canvas = Canvas(SIZE, SIZE)
    mesh.draw(canvas, mesh.front if front is None else front, motion)
    return canvas


def with_open_mouth(points, px):
    opened = points.copy()
    opened[[55, 56, 57, 58, 59, 65, 66, 67], 1] += px
    opened[5:12, 1] += px
    return opened


def likeness_of(ours, theirs):
    """Return shared over common area of two faces on black, and how their levels differ in it."""
    ours, theirs = (picture[80:200].astype(int) for picture in (ours, theirs))  # below the hair
    we, they = ours.any(axis=2), theirs.any(axis=2)
    return (we & they).sum() / (we | they).sum(), np.abs(ours - theirs)[we & they].mean()


@pytest.mark.parametrize("gap_px", [-4, 0, 12])
@pytest.mark.parametrize("degrees", [{}, {"yaw": 25, "pitch": -8, "roll": 11}])
def test_in_its_own_pose_the_mesh_is_the_portrait(degrees, gap_px):
    face = with_open_mouth(CANONICAL_FACE, gap_px)
    landmarks = posed(face[None], turned(**degrees)[None])[0]
    canvas = drawn(mesh := PortraitMesh.of(NOISE, landmarks), mesh.motion)
    hull = cv2.convexHull(landmarks[27:, :2].astype(int))  # of nose, eyes and mouth
    inside = cv2.fillConvexPoly(np.zeros((SIZE, SIZE), np.uint8), hull, 1)
    assert canvas.covered[inside > 0].all()
    # OpenCV reads at 32nds of a pixel, so what is read at whole pixels is exact.
    np.testing.assert_array_equal(canvas.picture[canvas.covered], NOISE[canvas.covered])


def test_what_the_portrait_shows_at_a_landmark_is_drawn_where_the_landmark_goes():
    seen = [8, 17, 19, 27, 30, 36, 39, 48, 51, 57]  # not turned away at this pose
    motion = turned(yaw=15, pitch=5)
    moved = posed(CANONICAL_FACE[None], motion[None])[0]
    for point in seen:
        portrait = PLAIN.copy()
        cv2.circle(
            portrait, np.rint(CANONICAL_FACE[point, :2]).astype(int).tolist(), 2, (255,) * 3, -1
        )
        picture = drawn(PortraitMesh.of(portrait, CANONICAL_FACE), motion).picture[..., 0]
        rows, columns = np.nonzero(picture > 170)
        # The dot's middle was rounded to a pixel; at an edge, half of it lies beyond.
        np.testing.assert_allclose([columns.mean(), rows.mean()], moved[point, :2], atol=1.5)


def test_a_head_that_turns_right_shows_more_of_its_left_cheek_and_less_of_its_right():
    portrait = PLAIN.copy()
    portrait[:, :128], portrait[:, 129:] = (200, 0, 0), (0, 200, 0)
    mesh = PortraitMesh.of(portrait, CANONICAL_FACE)
    left, right = [], []
    for yaw in (-40, -20, 0, 20, 40):
        picture = drawn(mesh, turned(yaw=yaw)).picture
        left.append((picture[..., 0] > 100).sum())
        right.append((picture[..., 1] > 100).sum())
    assert left[2] == pytest.approx(right[2], rel=0.02)
    assert left == sorted(left)
    assert right == sorted(right, reverse=True)


def test_the_far_side_of_the_head_does_not_show_through():
    portrait = PLAIN.copy()
    cv2.circle(portrait, (72, 126), 4, (255, 255, 255), -1)  # before the left ear
    mesh = PortraitMesh.of(portrait, CANONICAL_FACE)
    shown = [(drawn(mesh, turned(yaw=yaw)).picture > 200).sum() for yaw in (40, 0, -40)]
    assert shown[0] > shown[1] > shown[2] == 0


@pytest.mark.parametrize("yaw", [-40, -20, 20, 40])
@pytest.mark.parametrize("opened_px", [0, 5, 25])
def test_the_turned_face_has_no_tear_whatever_the_mouth_does(yaw, opened_px):
    mesh = PortraitMesh.of(PLAIN, CANONICAL_FACE + np.random.default_rng(1).normal(size=(68, 3)))
    front = with_open_mouth(mesh.front, opened_px)
    covered = drawn(mesh, turned(yaw=yaw), front).covered
    num_grounds, _ = cv2.connectedComponents((~covered).astype(np.uint8), connectivity=4)
    num_faces, _ = cv2.connectedComponents(covered.astype(np.uint8), connectivity=4)
    assert (num_grounds, num_faces) == (2, 2)  # each counts what it is not as another


def test_the_turned_mesh_of_a_rendered_person_is_near_the_rendered_turned_person():
    factors = neutral_factors(3)
    factors[:, FACTOR_INDEX["yaw"]] = (0, -0.3, 0.3)
    who = person(3)
    known = truth(who, factors, SIZE, PORTRAIT)
    landmarks = known.landmarks.astype(np.float64)
    mesh = PortraitMesh.of(render(who, factors[0], SIZE, PORTRAIT), landmarks[0])
    unturned, *drawings = posed_faces(mesh, head_motions(landmarks), SIZE)
    before, *rendered = render_bare_faces(who, factors, SIZE, PORTRAIT)
    shared, difference = likeness_of(unturned, before)
    assert shared > 0.95  # hair and jaw end a pixel or two elsewhere
    assert difference < 1
    for drawn_one, rendered_one in zip(drawings, rendered, strict=True):
        shared, difference = likeness_of(drawn_one, rendered_one)
        shared_before, difference_before = likeness_of(unturned, rendered_one)
        assert shared > 0.9 > 0.8 > shared_before
        # What is left is light: the renderer's stays where it is, a portrait's turns with the head.
        assert difference < 0.6 * difference_before
