"""The goldens of PD-FGC, the inputs that they were made from, and how close is close."""

from pathlib import Path

import numpy as np
import torch

from tests.parity.deterministic import normal

GOLDENS = Path(__file__).parent / "goldens"
NUM_SCORES = 64

# Pictures in [-1, 1] after 16 float32 layers whose activations reach 10: measured 1.4e-6, and 9e-7
# from files. The specification allows 1e-4.
PICTURE_TOLERANCE = 1e-5
# Features, relative to their deviation: 30 to 60 float32 layers, measured 5e-6.
FEATURE_TOLERANCE = 3e-5
# Codes are about as large as 1: measured 7e-6 from files. The specification allows 1e-4.
CODE_TOLERANCE = 3e-5


def golden(name):
    return np.load(GOLDENS / f"{name}.npz")


def numbers(name, shape):
    return torch.from_numpy(normal(f"input/{name}", shape))


def layer_noise(generator):
    """Return the noise that all goldens have, layer by layer."""
    layers = ["conv1", *(f"convs.{index}" for index in range(len(generator.convs)))]
    return [
        torch.from_numpy(normal(f"noise/{layer}", (1, 1, size, size)))
        for layer, size in zip(layers, generator.noise_sizes, strict=True)
    ]


def aligned_picture(name):
    """Return a picture of squares, (224, 224, 3), as it lies in the authors' folders."""
    squares = np.clip(np.round(128 + 48 * normal(f"input/img/{name}", (28, 28, 3))), 0, 255)
    return np.kron(squares, np.ones((8, 8, 1))).astype(np.uint8)


def waveform(num_samples):
    """Return the sound of the goldens."""
    t = np.arange(num_samples) / 16000
    tone = 0.35 * np.sin(2 * np.pi * 140 * t)
    warble = np.sin(2 * np.pi * (420 + 50 * np.sin(2 * np.pi * 3 * t)) * t)
    swelling = 0.2 * warble * (0.5 + 0.5 * np.sin(2 * np.pi * 4 * t))
    rising = 0.1 * np.sin(2 * np.pi * (300 + 1500 * t) * t)
    return (tone + swelling + rising) * (0.3 + 0.7 * np.abs(np.sin(2 * np.pi * 1.5 * t)))


def assert_close(ours, theirs, tolerance=FEATURE_TOLERANCE):
    """Compare features: relative to the golden's deviation."""
    ours = np.asarray(ours)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < tolerance * theirs.std()


def assert_figures(ours, theirs, tolerance=FEATURE_TOLERANCE):
    """Compare mean, deviation and greatest magnitude of a tensor with those of the golden."""
    figures = (ours.mean(), ours.std(), ours.abs().max())
    np.testing.assert_allclose(figures, theirs, rtol=0, atol=tolerance * theirs[1])
