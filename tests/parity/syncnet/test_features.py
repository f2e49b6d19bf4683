"""Our arithmetic of features, FID and identity, against the goldens."""

import numpy as np
import pytest

from talkingface.metrics.arcface import face_crop, five_points
from talkingface.metrics.csim import cosine
from talkingface.metrics.frechet import frechet_distance
from talkingface.metrics.moments import Moments
from tests.parity.syncnet.inputs import GOLDEN, face_landmarks, normal


def moments(rows):
    result = Moments()
    result.update(rows)
    return result


def test_the_frechet_distance_is_that_of_the_goldens():
    mix = normal("frechet.mix", [16, 16]).astype(np.float64) / 4
    real = normal("frechet.real", [80, 16]).astype(np.float64) @ mix
    fake = normal("frechet.fake", [64, 16]).astype(np.float64) @ mix * 1.2 + 0.3
    golden = GOLDEN["frechet"]
    ours = frechet_distance(moments(fake), moments(real))
    assert ours == pytest.approx(golden["value"], abs=1e-9)
    assert frechet_distance(moments(real), moments(real)) == pytest.approx(0, abs=1e-9)
    # the covariance of 8 rows is singular: roots of rounding errors remain
    few = frechet_distance(moments(fake[:8]), moments(real[:8]))
    assert few == pytest.approx(golden["few"], abs=1e-6)


def test_likeness_of_embeddings_is_that_of_the_goldens():
    one = normal("csim.a", [10, 512]).astype(np.float64)
    other = one + np.float32(0.7) * normal("csim.b", [10, 512])  # the product is float32
    golden = GOLDEN["csim"]
    np.testing.assert_allclose(cosine(one, other), golden["per_frame"], rtol=1e-12)
    assert cosine(one[:1], other).mean() == pytest.approx(golden["against_first"], rel=1e-9)


def test_faces_are_aligned_as_in_the_goldens():
    golden = GOLDEN["arcface_alignment"]
    face = face_landmarks()[0]
    np.testing.assert_allclose(five_points(face), golden["five_points"], rtol=1e-12)
    np.testing.assert_allclose(face_crop(face).matrix, golden["matrix"], rtol=1e-9, atol=1e-12)
