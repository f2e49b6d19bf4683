"""The goldens of PD-FGC, the inputs that they were made from, and how close is close."""

from pathlib import Path

import numpy as np
import torch

from tests.parity.deterministic import normal
from tests.parity.pd_fgc.recorded_layers import recorded

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


def assert_the_authors_motion(motion_encoder):
    """Compare all that the motion encoder sees, and what it computes on the way."""
    goldens = golden("motion")
    trunk = motion_encoder.model
    watched = {
        "conv2": trunk.conv2,
        "conv4": trunk.conv4,
        "hourglass": trunk.hourglass,
        "top": trunk.after_hourglass,
        "heat": trunk.to_heat_maps,
        "conv6": trunk.shrink,
    }
    with recorded(**watched) as layers:
        features = motion_encoder(torch.tanh(numbers("motion", (3, 3, 224, 224))))
    assert_close(features, goldens["backbone"])
    for name in ("conv2", "conv4", "hourglass", "top", "heat"):
        assert_figures(layers[name], goldens[f"{name}_stats"])
    assert_close(layers["hourglass"][:, ::32, ::7, ::7], goldens["hourglass_s"])
    assert_close(layers["heat"][:, ::8, ::7, ::7], goldens["heat_s"])
    assert_close(layers["conv6"], goldens["conv6"])
    for head in ("to_eye", "to_emo", "to_headpose"):
        assert_close(motion_encoder.get_submodule(head)(features), goldens[head])
    assert_close(motion_encoder.lip_features(features), goldens["mouth_feat"])
    lip, emotion, eye, pose = motion_encoder.motion(features).split([500, 30, 6, 6], dim=1)
    assert_close(lip, goldens["mouth_embed"])
    assert_close(emotion, goldens["emo"])
    assert_close(eye, goldens["eye"])
    assert_close(pose, goldens["headpose"])
