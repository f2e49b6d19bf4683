"""Truth: landmarks, pose and mesh agree with independent geometry and with a real detector."""

import numpy as np
from scipy.spatial.transform import Rotation

from talkingface.data.synth import factor_row, person, render, truth
from talkingface.data.synth.camera import PORTRAIT
from talkingface.data.synth.ground_truth import face_mesh, visible_landmarks
from talkingface.face.landmarks.finder import open_finder
from talkingface.face.pose.rigid import STILL_POINTS, best_rotations

TURNED = factor_row(yaw=0.4, pitch=-0.2, roll=0.15)


def test_rotation_is_roll_after_yaw_after_pitch() -> None:
    known = truth(person(1), TURNED[None], 112)
    # SciPy's axes are right-handed; ours have y down and z to the viewer: pitch is mirrored.
    expected = Rotation.from_euler("ZYX", [0.15, 0.4, 0.2]).as_matrix()
    np.testing.assert_allclose(known.rotation[0], expected, atol=1e-6)  # float32


def test_landmarks_turn_as_the_rotation_says() -> None:
    rows = np.stack([factor_row(), TURNED])
    known = truth(person(2), rows, 224)
    still = known.landmarks[:, STILL_POINTS].astype(np.float64)
    turn = best_rotations(still[:1], still[1:])[0]
    np.testing.assert_allclose(turn, known.rotation[1], atol=1e-4)  # float32 px over 200 px


def test_positive_angles_move_the_nose_right_and_down() -> None:
    rows = np.stack([factor_row(), factor_row(yaw=0.3), factor_row(pitch=0.3)])
    # The mouth is pinned, so the tip of the nose is compared with the ears' line.
    points = truth(person(2), rows, 224).landmarks
    away = points[:, 30] - 0.5 * (points[:, 0] + points[:, 16])
    assert away[1, 0] > away[0, 0] + 5
    assert away[2, 1] > away[0, 1] + 5


def test_the_neutral_mouth_stays_where_the_framing_pins_it() -> None:
    rows = np.stack([factor_row(), TURNED, factor_row(yaw=-0.5, pitch=0.3)])
    mouth = truth(person(6), rows, 224).landmarks[:, 60:, :2].mean(axis=1)
    # The seam lies 1 px under the pin; lips stand off the teeth, so turning moves them a little.
    np.testing.assert_allclose(mouth, np.tile((111.5, 138.5), (3, 1)), atol=2.5)


def test_a_shift_moves_everything_by_head_units() -> None:
    known = truth(person(6), np.stack([factor_row(), factor_row(shift_x=0.1)]), 224)
    moved = known.landmarks[1] - known.landmarks[0]
    np.testing.assert_allclose(moved, np.tile((10.4, 0, 0), (68, 1)), atol=1e-3)  # 104 px a unit


def test_landmarks_run_in_ibug_order() -> None:
    points = truth(person(8), factor_row()[None], 224).landmarks[0, :, :2]
    x, y = points.T
    assert (np.diff(x[:17]) > 0).all(), "jaw from the left of the picture to the right"
    assert y[8] == y.max(), "the chin is the lowest"
    assert (np.diff(x[17:27]) > 0).all(), "brows from left to right"
    assert (np.diff(y[27:31]) > 0).all(), "bridge from top to tip"
    assert x[36] < x[39] < x[42] < x[45], "eyes, corners from left to right"
    assert y[37] < y[41], "upper lid above lower lid"
    assert x[48] < x[60] < x[64] < x[54], "inner corners lie within the outer ones"
    assert y[51] < y[62] <= y[66] < y[57], "lips from the upper to the lower"


def test_the_mouth_opens_with_the_jaw_only() -> None:
    rows = [factor_row(**{name: 1.0}) for name in ("open", "press", "round", "tuck")]
    opening = truth(person(8), np.stack(rows), 224).mouth_opening
    assert 25 < opening[0] < 35
    assert np.abs(opening[1:3]).max() < 0.5
    assert -4 < opening[3] <= 0, "tucked behind the teeth, the lower lip is above the upper one"


def test_pressed_lips_close_whatever_the_jaw_does() -> None:
    rows = np.stack([factor_row(open=1.0, press=p) for p in (0.0, 0.5, 1.0)])
    opening = truth(person(8), rows, 224).mouth_opening
    assert opening[0] > 20
    assert opening[2] < 0.5
    assert opening[0] > opening[1] > opening[2]


def test_the_hidden_side_of_the_jaw_is_not_visible() -> None:
    rows = np.stack([factor_row(), factor_row(yaw=0.6)])
    visible = visible_landmarks(person(8), rows)
    assert visible[0, 17:].all()
    assert not visible[1, 14:17].any(), "turned to the right of the picture, that side is hidden"
    assert visible[1, :6].all()


def test_the_mesh_lies_under_the_landmarks() -> None:
    row = factor_row(yaw=0.3, open=0.7, happy=1.0)[None]
    points = truth(person(8), row, 224).landmarks[0, 27:31]
    mesh = face_mesh(person(8), row, 224)
    gaps = np.linalg.norm(points[:, None] - mesh.vertices[0][None], axis=-1).min(axis=1)
    assert gaps.max() < 4  # px: half a cell of the mesh
    assert mesh.triangles.max() == len(mesh.vertices[0]) - 1
    assert mesh.texture_coordinates.min() == 0
    assert mesh.texture_coordinates.max() == 1


def test_triangles_of_the_front_run_clockwise() -> None:
    mesh = face_mesh(person(8), factor_row()[None], 224)
    a, b, c = (mesh.vertices[0][mesh.triangles[:, k], :2] for k in range(3))
    turn = np.cross(np.pad(b - a, ((0, 0), (0, 1))), np.pad(c - a, ((0, 0), (0, 1))))[:, 2]
    assert (turn > 0).mean() > 0.95  # y points down; the rest is the rim that looks away


def test_a_detector_of_real_faces_finds_the_drawn_ones() -> None:
    finder = open_finder("dlib")
    errors = []
    for number in range(6):
        row = factor_row(yaw=0.15 * (number % 5 - 2), open=0.3 * (number % 3))
        (face,) = finder.find(render(person(number), row, 256, PORTRAIT))
        points = truth(person(number), row[None], 256, PORTRAIT).landmarks[0, :, :2]
        errors.append(np.linalg.norm(face.points - points, axis=1))
    by_point = np.mean(errors, axis=0)
    # A detector trained on photographs: 2.8 px on eyes and 3.7 on the mouth over 40 people, of
    # a face 112 px high. A wrong order of the points would be off by 20 and more.
    assert by_point[36:48].mean() < 4.5
    assert by_point[48:].mean() < 6
