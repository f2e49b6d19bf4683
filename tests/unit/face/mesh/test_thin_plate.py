"""The thin plate against SciPy's."""

import numpy as np
from scipy.interpolate import RBFInterpolator

from talkingface.face.mesh.thin_plate import thin_plate_weights


def test_the_plate_bends_as_scipys():
    rng = np.random.default_rng(0)
    held, heights = rng.uniform(0, 256, (40, 2)), rng.normal(size=(40, 3))
    places = rng.uniform(0, 256, (200, 2))
    theirs = RBFInterpolator(held, heights, kernel="thin_plate_spline", degree=1)(places)
    # Both solve a system of 43 equations, whose numbers reach 1e6.
    np.testing.assert_allclose(thin_plate_weights(held, places) @ heights, theirs, atol=1e-8)
