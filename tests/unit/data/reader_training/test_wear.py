"""What is done to pictures is done to their truth as well."""

import numpy as np
import torch

from talkingface.data.reader_training.absence import KINDS, without_faces
from talkingface.data.reader_training.wear import ABSENT, Wear
from talkingface.face.pose.angles import rotations_of
from talkingface.face.reader.network import FaceValues

COUNT, SIDE = 16, 112


def values_with(points):
    generator = torch.Generator().manual_seed(1)
    return FaceValues(
        landmarks=points,
        pose=torch.rand(len(points), 3, generator=generator) - 0.5,
        mouth_opening=torch.full((len(points),), 5.0),
        emotion=torch.zeros(len(points), 5),
        blink=torch.zeros(len(points)),
        gaze=torch.zeros(len(points), 2),
        presence=torch.ones(len(points)),
    )


def blobs(points):
    """Return pictures with a soft bright blob at the first of the points (B, 68, 3) of each."""
    y, x = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    first = points[:, 0, :, None, None]
    apart = (x - first[:, 0]) ** 2 + (y - first[:, 1]) ** 2
    return (2 * torch.exp(-apart / 18) - 1)[:, None].repeat(1, 3, 1, 1)


def centres(pictures):
    """Return where the blobs are (B, 2), by their centre of mass."""
    y, x = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    mass = (pictures.mean(dim=1) + 1).clamp(min=0)
    total = mass.sum(dim=(1, 2))
    return torch.stack([(mass * x).sum((1, 2)) / total, (mass * y).sum((1, 2)) / total], dim=1)


def test_landmarks_move_with_the_pixels():
    points = 30 + 50 * torch.rand(COUNT, 68, 3, generator=torch.Generator().manual_seed(0))
    wear = Wear(torch.Generator().manual_seed(2))
    pictures, values = wear._moved(blobs(points), values_with(points))
    moved = (values.landmarks - points)[..., :2].norm(dim=2)
    assert moved.max() > 2
    # 0.05 px: the blob is sampled linearly
    np.testing.assert_allclose(centres(pictures), values.landmarks[:, 0, :2], atol=0.05)


def test_a_head_that_is_turned_in_the_plane_has_the_pose_that_its_points_have():
    points = 30 + 50 * torch.rand(COUNT, 68, 3, generator=torch.Generator().manual_seed(0))
    before = values_with(points)
    _, after = Wear(torch.Generator().manual_seed(2))._moved(blobs(points), before)
    for index in range(COUNT):
        old, new = (values.landmarks[index].double().numpy() for values in (before, after))
        old, new = old - old.mean(0), new - new.mean(0)
        turn = (
            rotations_of(after.pose[index].double().numpy())
            @ rotations_of(before.pose[index].double().numpy()).T
        )
        zoom = float(after.mouth_opening[index]) / 5
        np.testing.assert_allclose(new, zoom * old @ turn.T, atol=1e-3)  # float32, tens of px


def test_one_in_eight_loses_its_face_and_only_they():
    points = torch.full((COUNT, 68, 3), 50.0)
    worn, values = Wear(torch.Generator().manual_seed(0))(blobs(points), values_with(points))
    assert values.presence.tolist() == [0] * (COUNT // ABSENT) + [1] * (COUNT - COUNT // ABSENT)
    assert worn.shape == (COUNT, 3, SIDE, SIDE)
    assert worn.abs().max() <= 1


def test_wear_is_repeated_by_its_seed():
    points = torch.full((COUNT, 68, 3), 50.0)
    first, again = (
        Wear(torch.Generator().manual_seed(3))(blobs(points), values_with(points))[0]
        for _ in range(2)
    )
    assert torch.equal(first, again)


def test_every_kind_of_absence_is_a_picture_of_the_same_size():
    pictures = torch.rand(2 * len(KINDS), 3, SIDE, SIDE) * 2 - 1
    spoiled = without_faces(pictures, torch.Generator().manual_seed(0))
    assert spoiled.shape == pictures.shape
    assert spoiled.abs().max() <= 1
    same = (spoiled == pictures).flatten(1).all(dim=1)
    assert not same.any()


def test_shuffled_and_upside_down_faces_keep_their_pixels():
    pictures = torch.rand(len(KINDS), 3, SIDE, SIDE)
    spoiled = without_faces(pictures, torch.Generator().manual_seed(0))
    for index in (3, 4):
        torch.testing.assert_close(
            spoiled[index].flatten().sort().values, pictures[index].flatten().sort().values
        )
