"""The back end for drawn faces, with the weights that come with the toolkit."""

import cv2
import numpy as np
import pytest

from talkingface.data.synth import factor_row, person, render, truth
from talkingface.face.landmarks import back_end_names, find_face, landmark_track, open_finder

SOMEBODY = 990_500  # no corpus has this person, nor did the reader learn from them


@pytest.fixture(scope="module")
def finder():
    return open_finder("SynthTalk")


def test_it_is_found_by_being_there():
    assert "synthtalk" in back_end_names()


@pytest.mark.parametrize("size", [112, 224])
def test_the_face_of_a_drawn_picture_is_found_in_its_own_pixels(finder, size):
    factors = factor_row(yaw=0.3, roll=-0.1, open=0.6)
    face = find_face(render(person(SOMEBODY), factors, size), finder)
    true = truth(person(SOMEBODY), factors[None], size).landmarks[0]
    off = np.linalg.norm(face.points - true[:, :2], axis=1).mean() * 112 / size
    assert off < 1.5  # px at 112: one frame of one person may be half as bad again as the mean
    assert face.found_by == "synthtalk"
    assert face.box.left == face.points[:, 0].min()
    assert face.depth is not None
    assert np.corrcoef(face.depth, true[:, 2])[0, 1] > 0.97  # the nose in front, the ears behind


def nothing():
    rng = np.random.default_rng(0)
    row = np.arange(112, dtype=np.uint8)
    face = render(person(SOMEBODY), factor_row(), 112)
    return {
        "black": np.zeros((112, 112, 3), np.uint8),
        "white": np.full((112, 112, 3), 255, np.uint8),
        "skin": np.full((112, 112, 3), (224, 172, 138), np.uint8),
        "slope": np.dstack([np.tile(2 * row, (112, 1))] * 3),
        "noise": rng.integers(0, 256, (112, 112, 3)).astype(np.uint8),
        "blobs": cv2.resize(rng.integers(0, 256, (5, 5, 3)).astype(np.uint8), (112, 112)),
        "upside down": np.ascontiguousarray(face[::-1]),
        "wall": np.ascontiguousarray(np.tile(face[:6, :6], (19, 19, 1))[:112, :112]),
    }


@pytest.mark.parametrize("kind", nothing())
def test_a_picture_without_an_upright_face_has_none(finder, kind):
    assert finder.find(nothing()[kind]) == []


def test_a_gap_in_a_clip_is_a_gap_in_its_track(finder):
    pictures = [render(person(SOMEBODY), factor_row(yaw=turn), 112) for turn in (-0.3, 0, 0.3)]
    pictures[1] = np.zeros_like(pictures[1])
    track = landmark_track(pictures, finder, missing="pass")
    assert track.found.tolist() == [True, False, True]
    assert np.isnan(track.points[1]).all()
