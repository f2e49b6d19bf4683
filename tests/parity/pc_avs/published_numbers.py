"""The goldens of PC-AVS, the inputs that they were made from, and how close is close."""

from pathlib import Path

import numpy as np
import torch

from tests.parity.deterministic import normal

GOLDENS = Path(__file__).parent / "goldens"
VARIANT = Path(__file__).parent / "speech2talking_face"
NUM_SCORES = 100

# Pictures in [-1, 1] after 16 float32 layers whose activations reach 10. Modulation in another
# order moves them by 2e-5 to 5e-5, another count of threads by less.
PICTURE_TOLERANCE = 1e-4
# Features are as large as their deviation; 50 layers in float32, another machine measured 1e-5.
FEATURE_TOLERANCE = 3e-5


def manifest(file):
    """Return where the names and shapes in a published file stand."""
    label = file.removeprefix("latest_net_").removesuffix(".pth")
    return GOLDENS / f"net{label}.json"


def golden(name, folder=GOLDENS):
    return np.load(folder / f"{name}.npz")


def pictures(name, shape):
    return torch.from_numpy(np.clip(np.float32(0.5) * normal(name, shape), -1, 1))


def mels(name, shape):
    return torch.from_numpy(np.clip(np.float32(0.4) + np.float32(0.2) * normal(name, shape), 0, 1))


def numbers(name, shape):
    return torch.from_numpy(normal(name, shape))


def explicit_noise(generator, batch):
    """Return the noise that the goldens call explicit, of the first `batch` samples."""
    return [
        numbers(f"input/noise_{index}", (2, 1, size, size))[:batch]
        for index, size in enumerate(generator.noise_sizes)
    ]


def assert_close(ours, theirs):
    """Compare features: relative to the golden's deviation."""
    ours = np.asarray(ours)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < FEATURE_TOLERANCE * theirs.std()


def assert_pictures(ours, goldens, prefix, tolerance=PICTURE_TOLERANCE):
    """Compare pictures with the golden's pixels and figures, as many samples as we have."""
    ours = ours.numpy()
    count = len(ours)
    for part, view in {
        "stride4": ours[:, :, ::4, ::4],
        "centre32": ours[:1, :, 96:128, 96:128],
        "mean": ours.mean(axis=(2, 3)),
        "std": ours.std(axis=(2, 3)),
    }.items():
        np.testing.assert_allclose(
            view, goldens[f"{prefix}_{part}"][:count], rtol=0, atol=tolerance
        )
