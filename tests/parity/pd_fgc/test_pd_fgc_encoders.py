"""The encoders of PD-FGC against the authors', at full size."""

import pytest
import torch

from tests.parity.pd_fgc.published_numbers import (
    assert_close,
    assert_figures,
    assert_the_authors_motion,
    golden,
    numbers,
)
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
    assert_the_authors_motion(motion_encoder)


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
