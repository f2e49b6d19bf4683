"""The meshes of THEval's scripts, against a stand-in that answers as MediaPipe does."""

import sys
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from talkingface.metrics.theval.meshes import MESHES, Meshes

FRAMES = np.random.default_rng(3).integers(0, 256, (5, 90, 160, 3), dtype=np.uint8)
FRAMES[3] = 0


class FaceMesh:
    """Answers with points that tell what was shown; dark pictures have no face."""

    opened: ClassVar[list["FaceMesh"]] = []

    def __init__(self, **options):
        self.options, self.shown, self.is_open = options, [], True
        FaceMesh.opened.append(self)

    def close(self):
        self.is_open = False

    def process(self, picture):
        assert picture.flags.c_contiguous
        self.shown.append(picture)
        if not picture.any():
            return SimpleNamespace(multi_face_landmarks=None)
        count = 478 if self.options["refine_landmarks"] else 468
        points = [SimpleNamespace(x=k / 500, y=len(self.shown) / 10, z=0.0) for k in range(count)]
        return SimpleNamespace(multi_face_landmarks=[SimpleNamespace(landmark=points)])


@pytest.fixture(autouse=True)
def mediapipe(monkeypatch):
    solutions = ModuleType("mediapipe.python.solutions")
    solutions.face_mesh = SimpleNamespace(FaceMesh=FaceMesh)
    for name in ("mediapipe", "mediapipe.python"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "mediapipe.python.solutions", solutions)
    monkeypatch.setattr(FaceMesh, "opened", [])


def test_each_mesh_is_shown_the_frames_in_its_own_way():
    known = Meshes().of(FRAMES)
    assert not FaceMesh.opened  # nobody has asked yet
    plain, square, swapped = (known[name]() for name in MESHES)
    assert (plain.shape, square.shape, swapped.shape) == ((5, 478, 2), (5, 478, 2), (5, 468, 2))
    np.testing.assert_array_equal(FaceMesh.opened[0].shown, FRAMES)
    assert FaceMesh.opened[1].shown[0].shape == (256, 256, 3)
    np.testing.assert_array_equal(FaceMesh.opened[2].shown, FRAMES[..., ::-1])
    for mesh in FaceMesh.opened:
        assert (mesh.options["static_image_mode"], mesh.options["max_num_faces"]) == (False, 1)


def test_points_are_shares_and_a_frame_without_a_face_has_none():
    mesh = Meshes().of(FRAMES)["mesh"]()
    np.testing.assert_allclose(mesh[1, 250], (0.5, 0.2))
    assert np.isnan(mesh[3]).all()
    assert np.isfinite(mesh[[0, 1, 2, 4]]).all()


def test_one_tracker_follows_a_video_through_its_windows_and_no_other():
    first, second = Meshes(), Meshes()
    for part in (FRAMES[:2], FRAMES[2:]):
        for video in (first, second):
            video.of(part)["mesh"]()
    assert [len(one.shown) for one in FaceMesh.opened] == [5, 5]


def test_a_tracker_is_closed_after_its_video():
    meshes = Meshes()
    meshes.of(FRAMES)["mesh"]()
    assert FaceMesh.opened[0].is_open
    del meshes
    assert not FaceMesh.opened[0].is_open
