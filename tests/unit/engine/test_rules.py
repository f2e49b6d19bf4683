"""Clips of other length and size are made alike by a stated rule, or refused in a sentence."""

import numpy as np
import pytest

from talkingface.engine.rules import Rules, resized, size_of
from talkingface.errors import DataError

GRADIENT = np.tile(np.linspace(0, 255, 64).astype(np.uint8)[None, :, None], (1, 48, 1, 3))


@pytest.mark.parametrize(
    ("rule", "generated", "reference", "common"),
    [
        ("smaller", (112, 112), (224, 224), (112, 112)),
        ("smaller", (256, 256), (224, 224), (224, 224)),
        ("smaller", (224, 224), (224, 224), (224, 224)),
        ("smaller", (114, 112), (113, 112), (113, 112)),  # a column that an encoder added
        ("reference", (112, 112), (224, 224), (224, 224)),
        ("equal", (224, 224), (224, 224), (224, 224)),
    ],
)
def test_each_rule_finds_one_size(rule, generated, reference, common):
    assert Rules(size=rule).common_size(generated, reference) == common


def test_another_shape_and_a_strict_rule_are_refused():
    with pytest.raises(DataError, match="224 x 112 px and the real ones 224 x 224 px, which"):
        Rules().common_size((224, 112), (224, 224))
    with pytest.raises(DataError, match=r"--evaluate\.size=smaller"):
        Rules(size="equal").common_size((112, 112), (224, 224))


@pytest.mark.parametrize(("num_generated", "fails"), [(98, False), (102, False), (97, True)])
def test_lengths_may_differ_by_so_much(num_generated, fails):
    rules = Rules(length_tolerance=2)
    if not fails:
        rules.check_length(num_generated, 100)
        return
    with pytest.raises(DataError, match="97 frames and the real one 100; they may differ by 2"):
        rules.check_length(num_generated, 100)


def test_shrinking_averages_areas():
    checks = np.indices((8, 8)).sum(axis=0) % 2 * 255
    pictures = np.repeat(checks[None, :, :, None], 3, axis=3).astype(np.uint8)
    blocks = pictures.reshape(1, 4, 2, 4, 2, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(resized(pictures, (4, 4)), blocks, atol=1)  # rounding to levels


def test_growing_keeps_what_is_smooth_and_equal_sizes_are_left_alone():
    grown = resized(GRADIENT, (128, 96))
    assert size_of(grown) == (128, 96)
    np.testing.assert_allclose(grown[:, ::2, ::2].mean(), GRADIENT.mean(), atol=1.5)
    assert resized(GRADIENT, (64, 48)) is GRADIENT


def test_the_rules_stand_in_the_results_with_setting_and_sentence():
    plain = Rules(3, "reference").as_plain()
    assert plain["length"]["setting"] == 3
    assert "more than 3 frames" in plain["length"]["sentence"]
    assert plain["size"]["setting"] == "reference"
    assert "bicubic" in plain["size"]["sentence"]
