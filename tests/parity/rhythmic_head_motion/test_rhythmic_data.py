"""Our series over time and our choice of references against the published program's."""

import numpy as np
import torch

from talkingface.face.regions import eye_and_mouth_mask
from talkingface.models.rhythmic_head_motion.covering import hidden
from talkingface.models.rhythmic_head_motion.motion_series import normalised_motion
from talkingface.models.rhythmic_head_motion.references import (
    farthest_reference,
    mouth_measures,
    nearest_reference,
)
from tests.parity.rhythmic_head_motion.recipe import HERE, picture

GOLDEN = np.load(HERE / "clip.npz")
REFERENCES = [0, 3, 5, 9]


def test_normalised_motion_is_the_originals() -> None:
    ours = normalised_motion(GOLDEN["rt"])
    # our result is float32, with values up to 10
    np.testing.assert_allclose(ours, GOLDEN["rt_normalised_smoothed"], rtol=0, atol=1e-6)


def test_the_warped_references_are_the_originals() -> None:
    motion = GOLDEN["rt"]
    known = motion[REFERENCES]
    nearest = [nearest_reference(known, target) for target in motion]
    farthest = [farthest_reference(known, target) for target in motion]
    assert nearest == GOLDEN["warp_ref_choice_test"].tolist()
    assert farthest == GOLDEN["warp_ref_choice_train_worst"].tolist()


def test_the_measure_of_open_mouths_is_the_originals() -> None:
    ours = mouth_measures(GOLDEN["landmarks"])
    np.testing.assert_allclose(ours, GOLDEN["open_rate"], rtol=0, atol=1e-9)  # float64


def test_hidden_eyes_and_mouth_are_the_originals() -> None:
    image = picture("input/crop_ref_image", [3, 256, 256]).numpy()
    ours = torch.from_numpy(hidden(image, eye_and_mouth_mask(GOLDEN["landmarks"][0])))
    # the original divides where ours puts the number: a step of float32
    np.testing.assert_allclose(ours[:, ::8, ::8], GOLDEN["crop_ref_masked"], rtol=0, atol=1e-6)
