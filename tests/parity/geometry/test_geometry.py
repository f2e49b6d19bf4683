"""Pose, label maps and boxes against those of Rhythmic head motion."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.face.label_map import label_map
from talkingface.face.pose.affine import affine_mapped, least_squares_affine
from talkingface.face.pose.rigid import frontal, head_motions, most_frontal, posed
from talkingface.face.regions import eye_and_mouth_boxes, eye_and_mouth_mask
from talkingface.face.smoothing import smoothed

GOLDEN = np.load(Path(__file__).parent / "geometry.npz")
LANDMARKS = GOLDEN["landmarks"]
EXACT = 1e-11  # float64 of numbers up to 250, through one decomposition


def unpacked(name):
    return np.unpackbits(GOLDEN[name], axis=-1) * 255


def test_the_motions_and_the_frontal_landmarks_are_the_originals():
    motions = head_motions(LANDMARKS)
    np.testing.assert_allclose(motions, GOLDEN["rt"], rtol=0, atol=EXACT)
    np.testing.assert_allclose(frontal(LANDMARKS, motions), GOLDEN["front"], rtol=0, atol=EXACT)


def test_the_most_frontal_frame_is_the_originals():
    assert most_frontal(GOLDEN["rt"]) == GOLDEN["front_id"]


def test_frontal_landmarks_are_turned_into_every_frames_pose_as_in_the_original():
    key_frame = GOLDEN["front"][GOLDEN["front_id"]]
    turned = posed(key_frame[None], GOLDEN["rt"])
    np.testing.assert_allclose(turned, GOLDEN["ani_landmarks"], rtol=0, atol=EXACT)


def test_a_mesh_is_put_onto_the_face_and_posed_as_in_the_original():
    key_frame = GOLDEN["front"][GOLDEN["front_id"]]
    matrix = least_squares_affine(GOLDEN["prnet_landmarks"], key_frame)
    np.testing.assert_allclose(matrix, GOLDEN["mesh_affine"], rtol=0, atol=EXACT)
    mesh = affine_mapped(matrix, GOLDEN["mesh_vertices"])
    turned = posed(mesh[None], GOLDEN["rt"][:4])
    np.testing.assert_allclose(turned, GOLDEN["mesh_posed"], rtol=0, atol=EXACT)


@pytest.mark.parametrize(
    ("landmarks", "maps"),
    [("landmarks", "label_map_packed"), ("ani_landmarks", "ani_label_map_packed")],
)
def test_the_label_maps_are_the_originals_pixel_by_pixel(landmarks, maps):
    ours = [label_map(points, (256, 256)) for points in GOLDEN[landmarks]]
    np.testing.assert_array_equal(ours, unpacked(maps))


def test_a_label_map_of_a_smaller_frame_is_enlarged_as_in_the_original():
    ours = label_map(LANDMARKS[0] * 224 / 256, (224, 224))
    np.testing.assert_array_equal(ours, GOLDEN["label_map_from_224"])


def test_the_boxes_of_eyes_and_mouth_are_the_originals():
    boxes = np.array([eye_and_mouth_boxes(points) for points in LANDMARKS])
    in_their_order = boxes[..., [0, 2, 1, 3]]  # x0, x1, y0, y1
    np.testing.assert_array_equal(in_their_order, GOLDEN["roi_boxes_x0x1y0y1"])
    areas = [eye_and_mouth_mask(points).sum() for points in LANDMARKS]
    np.testing.assert_array_equal(areas, GOLDEN["roi_sum"])


def test_the_landmarks_are_smoothed_over_time_as_in_the_original():
    ours = smoothed(LANDMARKS[..., :2], 5)
    np.testing.assert_allclose(ours, GOLDEN["landmarks_smoothed"][..., :2], rtol=0, atol=EXACT)
