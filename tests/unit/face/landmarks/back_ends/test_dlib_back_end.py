"""dlib on a real face: the portrait of Eileen Collins (NASA, public domain) in scikit-image."""

import cv2
import numpy as np
import pytest
from skimage import data

from talkingface.errors import DataError, PluginError
from talkingface.face.landmarks import find_face, open_finder
from talkingface.face.landmarks.back_ends import dlib as back_end

# Read off the picture by eye: left eye, right eye, tip of the nose, mouth.
BY_EYE = [
    (slice(36, 42), (205, 102)),
    (slice(42, 48), (248, 104)),
    (slice(30, 31), (225, 126)),
    (slice(48, 68), (224, 147)),
]


@pytest.fixture(scope="module")
def finder():
    return open_finder("dlib")


@pytest.fixture(scope="module")
def portrait():
    return data.astronaut()


def test_the_points_lie_where_eyes_nose_and_mouth_are(finder, portrait):
    face = find_face(portrait, finder)
    assert face.found_by == "dlib"
    # we read to about 3 px; the face is 90 px large
    for group, place in BY_EYE:
        np.testing.assert_allclose(face.points[group].mean(axis=0), place, atol=4)


@pytest.mark.parametrize("scale", [3, 0.5])
def test_a_face_is_found_at_any_size_and_told_in_the_pictures_own_pixels(finder, portrait, scale):
    resized = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    face = find_face(resized, finder)
    place = find_face(portrait, finder).points.mean(axis=0)
    np.testing.assert_allclose(face.points.mean(axis=0) / scale, place, atol=4)


def test_the_face_moves_with_the_picture(finder, portrait):
    # dlib's pyramid is laid out from the corner, so boxes move by its steps, points nearly exactly
    shifted = np.roll(portrait, (8, 16), axis=(0, 1))
    moved = find_face(shifted, finder).points - find_face(portrait, finder).points
    np.testing.assert_allclose(moved.mean(axis=0), (16, 8), atol=2)


def test_two_people_are_two_faces(finder, portrait):
    together = np.hstack([portrait[:, 100:350], portrait[:, 100:350]])
    assert len(finder.find(together)) == 2


def test_a_picture_of_nobody_has_no_face(finder, portrait):
    with pytest.raises(DataError, match=r"coffee\.png: no face was found"):
        find_face(data.coffee(), finder, where="coffee.png")


@pytest.mark.parametrize("cut", [(slice(125, None), slice(None)), (slice(None), slice(225, None))])
def test_a_badge_is_not_taken_for_a_face_when_the_face_is_cut_in_half(finder, portrait, cut):
    with pytest.raises(DataError, match=r"at the edge|no face"):
        find_face(portrait[cut], finder)


def test_a_missing_model_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(back_end, "packaged_file", lambda package, file: None)
    with pytest.raises(PluginError, match="pip install face_recognition_models"):
        back_end.open_finder()
