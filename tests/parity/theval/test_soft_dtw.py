"""Our Soft-DTW against tslearn's, and against all paths counted one by one."""

import json

import numpy as np
import pytest

from talkingface.metrics.csim import cosine
from talkingface.metrics.soft_dtw import align, paced
from tests.parity.theval.inputs import HERE, features, normal, retimed

GOLDEN = json.loads((HERE / "soft_dtw.json").read_text())
MATRICES = np.load(HERE / "alignments.npz")
CLOSE = {"rel": 1e-9, "abs": 1e-9}  # both sides in float64; total costs reach 500


def of_matrix(costs, gamma, band=None):
    times = paced(*costs.shape)
    return align(lambda rows, columns: costs[rows, columns], *times, gamma=gamma, band=band)


def gamma_of(key):
    return 0.0 if "hard" in key else float(key.removeprefix("gamma="))


def test_every_path_through_a_small_table_is_counted():
    golden = GOLDEN["small"]
    costs = np.abs(normal("theval.sdtw.small", [5, 6])).astype(np.float64)
    assert of_matrix(costs, 0).total == pytest.approx(golden["hard"], **CLOSE)
    for gamma, value in golden["values"].items():
        assert of_matrix(costs, float(gamma)).total == pytest.approx(value, **CLOSE)
    for gamma in ("0.1", "1.0"):
        ours = of_matrix(costs, float(gamma)).matrix(6)
        np.testing.assert_allclose(ours, MATRICES[f"small_alignment_{gamma}"], atol=1e-9)


@pytest.mark.parametrize("radius", sorted(GOLDEN["square_band"].keys() - {"rigid_sum"}))
def test_a_band_leaves_the_paths_that_keep_within_it(radius):
    costs = np.abs(normal("theval.sdtw.square", [6, 6])).astype(np.float64)
    band = None if radius == "None" else float(radius)
    for key, value in GOLDEN["square_band"][radius].items():
        if key != "paths":
            assert of_matrix(costs, gamma_of(key), band).total == pytest.approx(value, **CLOSE)


X = features(40, 8, "theval.sdtw.x")
SEQUENCES = {
    "x": X,
    "y": retimed(X, 3, 0.05, "theval.sdtw.noise"),
    "z": features(33, 8, "theval.sdtw.z"),
}


def square_euclid(one, other):
    return ((one[:, None] - other[None]) ** 2).sum(axis=2)


@pytest.mark.parametrize("pair", GOLDEN["sequences"])
def test_totals_and_divergences_are_those_of_tslearn(pair):
    one, other = (SEQUENCES[name] for name in pair.split("_"))

    def total(gamma, first=one, second=other):
        return of_matrix(square_euclid(first, second), gamma).total

    for key, value in GOLDEN["sequences"][pair].items():
        if key.startswith("divergence_"):
            gamma = float(key.removeprefix("divergence_"))
            itself = (total(gamma, one, one) + total(gamma, other, other)) / 2
            assert total(gamma) - itself == pytest.approx(value, **CLOSE)
        elif key != "rigid_sum":
            assert total(gamma_of(key)) == pytest.approx(value, **CLOSE)


def test_the_expected_alignment_is_that_of_tslearn():
    ours = of_matrix(square_euclid(X, SEQUENCES["z"]), 1.0)
    np.testing.assert_allclose(ours.matrix(33), MATRICES["x_z_alignment_1.0"], atol=1e-9)


def mouths():
    real = 5 * features(50, 40, "theval.sdtw.mouth")
    late = retimed(real, 2, 0.3, "theval.sdtw.mouth.noise")
    points = [track.reshape(50, 20, 2) for track in (real, late)]
    return np.linalg.norm(points[0][:, None] - points[1][None], axis=-1).mean(axis=2)


def identities():
    real = features(40, 64, "theval.sdtw.identity", keep=0.95)
    late = retimed(real, 4, 0.2, "theval.sdtw.identity.noise")
    return 1 - cosine(real[:, None], late[None])


@pytest.mark.parametrize(("name", "costs"), [("lmd", mouths()), ("csim", identities())])
def test_aligned_cost_length_and_lag_are_those_of_the_goldens(name, costs):
    golden = GOLDEN[name]
    assert np.diag(costs).mean() == pytest.approx(golden["frame_wise"], **CLOSE)
    for key, row in golden["rows"].items():
        way, band = key.split("|band=")
        ours = of_matrix(costs, gamma_of(way), None if band == "None" else float(band))
        assert ours.total == pytest.approx(row["total"], **CLOSE)
        assert ours.mean_cost == pytest.approx(row["mean"], rel=1e-8)  # theirs: forward-backward
        assert ours.num_pairs == pytest.approx(row["steps"], rel=1e-8)
        assert ours.lag == pytest.approx(row["lag"], rel=1e-8, abs=1e-9)
        if "abs_lag" in row:
            assert ours.absolute_lag == pytest.approx(row["abs_lag"], rel=1e-8, abs=1e-9)
