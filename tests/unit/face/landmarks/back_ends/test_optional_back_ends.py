"""Back ends whose packages are optional, against stand-ins that answer as the packages do."""

import sys
from enum import IntEnum
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from talkingface.errors import PluginError
from talkingface.face.landmarks import find_face, open_finder
from talkingface.face.landmarks.back_ends.mediapipe import MESH_OF_68

PICTURE = np.zeros((200, 400, 3), np.uint8)
POINTS_3D = np.random.default_rng(0).uniform(50, 150, (68, 3))


class LandmarksType(IntEnum):
    TWO_D = 1
    THREE_D = 3


@pytest.fixture
def face_alignment(monkeypatch):
    """The package's interface as of version 1.5, with one face in every picture."""

    class FaceAlignment:
        def __init__(self, landmarks_type, device, compile):  # noqa: A002 - its own name
            self.width = 3 if landmarks_type == LandmarksType.THREE_D else 2

        def get_landmarks_from_image(self, picture, return_bboxes):
            assert return_bboxes
            if not picture.any():
                return None, None, None
            return [POINTS_3D[:, : self.width]], None, [np.array([50, 60, 150, 140, 0.99])]

    package = ModuleType("face_alignment")
    package.FaceAlignment, package.LandmarksType = FaceAlignment, LandmarksType
    monkeypatch.setitem(sys.modules, "face_alignment", package)
    return package


@pytest.mark.parametrize("name", ["face_alignment", "face_alignment_3d"])
def test_face_alignment_gives_points_and_depth_in_3d(face_alignment, name):
    finder = open_finder(name)
    assert finder.find(PICTURE) == []
    face = find_face(PICTURE + 1, finder)
    assert (face.found_by, face.box) == (name, (50, 60, 150, 140))
    np.testing.assert_allclose(face.points, POINTS_3D[:, :2], rtol=1e-6)  # float32
    assert (face.depth is None) == (name == "face_alignment")


def test_weights_that_cannot_be_fetched_are_an_error_with_a_way_out(face_alignment):
    def offline(*_, **__):
        raise OSError("no route to host")

    face_alignment.FaceAlignment = offline
    with pytest.raises(PluginError, match=r"no route to host.*choose 'dlib'"):
        open_finder("face_alignment")


def stand_in_for_mediapipe(monkeypatch, face_mesh):
    solutions = ModuleType("mediapipe.python.solutions")
    solutions.face_mesh = SimpleNamespace(FaceMesh=face_mesh)
    for name in ("mediapipe", "mediapipe.python"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "mediapipe.python.solutions", solutions)


def test_mediapipes_shares_become_pixels_and_near_points_have_the_larger_depth(monkeypatch):
    rng = np.random.default_rng(1)
    mesh = [SimpleNamespace(x=x, y=y, z=z) for x, y, z in rng.uniform(0.2, 0.6, (478, 3))]
    answer = SimpleNamespace(multi_face_landmarks=[SimpleNamespace(landmark=mesh)])
    stand_in_for_mediapipe(monkeypatch, lambda **_: SimpleNamespace(process=lambda picture: answer))

    face = find_face(PICTURE, open_finder("mediapipe"))
    chin = mesh[152]  # the mesh's lowest point
    np.testing.assert_allclose(face.points[8], (400 * chin.x, 200 * chin.y), rtol=1e-6)
    np.testing.assert_allclose(face.depth[8], -400 * chin.z, rtol=1e-6)


def test_mediapipe_that_is_not_there_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(PluginError, match=r"'mediapipe' cannot start .*protobuf.*choose 'dlib'"):
        open_finder("mediapipe")


def test_mediapipe_beside_a_protobuf_that_is_too_new_says_which_it_needs(monkeypatch):
    def beside_protobuf_7(**_):
        raise AttributeError("'FieldDescriptor' object has no attribute 'label'")

    stand_in_for_mediapipe(monkeypatch, beside_protobuf_7)
    with pytest.raises(PluginError, match=r"no attribute 'label'.*protobuf>=6\.31\.1,<7"):
        open_finder("mediapipe")


def test_the_68_points_of_the_mesh_are_different_points():
    assert len(set(MESH_OF_68.tolist())) == 68


def test_mediapipe_and_dlib_agree_on_a_real_face():
    pytest.importorskip("mediapipe", reason="optional, and needs its own install step")
    from skimage import data

    dlib, mesh = (find_face(data.astronaut(), open_finder(name)) for name in ("dlib", "mediapipe"))
    apart = np.linalg.norm(dlib.points - mesh.points, axis=1)
    # 60 px between the outer corners of the eyes; brows and jaw are drawn by other rules
    assert apart[27:].mean() < 3
    assert apart.mean() < 5
