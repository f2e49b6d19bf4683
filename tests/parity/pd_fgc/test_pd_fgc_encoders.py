"""The encoders of PD-FGC against the authors', at full size."""

import pytest
import torch

from tests.parity.pd_fgc.published_numbers import assert_close, assert_figures, golden, numbers
from tests.parity.pd_fgc.recorded_layers import recorded


def stages_of(trunk):
    return {f"layer{stage}": trunk.get_submodule(f"layer{stage}") for stage in (1, 2, 3, 4)}


def test_appearances_are_seen_as_the_authors_do(appearance_encoder):
    goldens = golden("appearance")
    portraits = torch.tanh(numbers("appearance", (2, 3, 224, 224)))
    with recorded(**stages_of(appearance_encoder.model)) as layers:
        appearance = appearance_encoder(portraits[:, None])
    assert_close(appearance.vector, goldens["pooled"])
    assert_close(appearance.start, goldens["spatial"])
    assert_close(appearance_encoder.scores(appearance.vector), goldens["scores_first64"])
    assert_close(layers["layer1"][:, ::32, ::8, ::8], goldens["layer1_s"])
    for name, output in layers.items():
        assert_figures(output, goldens[f"{name}_stats"])


def test_motion_is_seen_as_the_authors_do(motion_encoder):
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


def test_lips_are_heard_as_the_authors_do(speech_encoder):
    goldens = golden("audio")
    mels = (0.5 + 0.2 * numbers("audio", (4, 1, 80, 20))).clip(0, 1)[:, 0]
    trunk = speech_encoder.model
    with recorded(attention=trunk.attention, **stages_of(trunk)) as layers:
        features = speech_encoder(mels)
    assert_close(features, goldens["feat"])
    assert_close(speech_encoder.lip_codes(features), goldens["mouth_embed"])
    assert_close(layers.pop("attention")[:, ::16], goldens["attention_s"])
    assert_close(layers["layer4"][:, ::8], goldens["layer4"])
    for name, output in layers.items():
        assert_figures(output, goldens[f"{name}_stats"])


def test_other_sound_is_told_apart_at_these_tolerances(speech_encoder):
    mels = (0.5 + 0.2 * numbers("other", (4, 1, 80, 20))).clip(0, 1)[:, 0]
    with pytest.raises(AssertionError):
        assert_close(speech_encoder(mels), golden("audio")["feat"])
