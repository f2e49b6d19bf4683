"""How lips and head learn: from what they hear, and from how faces move meanwhile."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import torch

from talkingface.clip import FrameArray
from talkingface.errors import ConfigError, DataError
from talkingface.face.pose.rigid import frontal, head_motions
from talkingface.media.features.mel import mel_spectrogram
from talkingface.models.rhythmic_head_motion.lip_network import LipNetwork
from talkingface.models.rhythmic_head_motion.mesh_warp import MeshWarp
from talkingface.models.rhythmic_head_motion.motion_series import normalised_motion
from talkingface.models.rhythmic_head_motion.resting import (
    SPEAKING_POINTS,
    at_rest,
    movements,
    spoken_fronts,
)
from tests.unit.models.rhythmic_head_motion.acting_tiny import learner, settings
from tests.unit.models.rhythmic_head_motion.people import NUM_FRAMES, talking, talking_people


def batch_of(model: MeshWarp, *phases: str, seed: int = 0) -> dict[str, torch.Tensor]:
    prepares = model.preparation_for(phases or model.phases)
    chance = np.random.default_rng(seed)
    examples = [prepares.example(prepares.prepare(clip), chance) for clip in talking_people()]
    return {
        name: torch.from_numpy(np.stack([one[name] for one in examples])) for name in examples[0]
    }


def test_shapes_are_those_of_the_settings():
    shapes = {name: tuple(one.shape) for name, one in batch_of(learner()).items()}
    assert shapes == {
        "lip_windows": (3, 5, 80, 20),
        "lip_movements": (3, 5, 37, 3),
        "head_windows": (3, 21, 28, 20),
        "head_motions": (3, 21, 6),
    }


@pytest.mark.parametrize(
    ("phase", "names"),
    [
        ("lips", {"lip_windows", "lip_movements"}),
        ("head", {"head_windows", "head_motions"}),
        ("head_critic", {"head_windows", "head_motions"}),
    ],
)
def test_an_example_holds_what_its_phase_needs_and_no_more(phase, names):
    assert set(batch_of(learner(), phase)) == names


def test_what_is_heard_belongs_to_what_moves():
    clip = talking_people()[0]
    prepares = learner().preparation_for(("lips",))
    prepared = prepares.prepare(clip)
    rows = mel_spectrogram(clip.speech.read(16_000)[: NUM_FRAMES * 640])
    padded = np.concatenate([rows[:1].repeat(8, 0), rows, rows[-1:].repeat(20, 0)])
    for seed in range(3):
        example = prepares.example(prepared, np.random.default_rng(seed))
        whole = prepared["movements"]
        starts = [
            first
            for first in range(NUM_FRAMES - 4)
            if np.array_equal(whole[first : first + 5], example["lip_movements"])
        ]
        (first,) = starts
        np.testing.assert_array_equal(
            example["lip_windows"][2], padded[4 * (first + 2) : 4 * (first + 2) + 20].T
        )


def test_movements_and_motions_are_those_of_the_landmarks():
    """From head views of 256 px: the pictures are a quarter as large, and the head as wide."""
    clip = talking_people()[1]
    prepared = learner().preparation_for(("lips",)).prepare(clip)
    points = 4 * clip.truth("landmarks_3d").astype(np.float64)
    motions = head_motions(points)
    fronts = frontal(points, motions)
    rest = at_rest(fronts)
    moved = movements(fronts, rest)[:, SPEAKING_POINTS]
    np.testing.assert_allclose(prepared["movements"], moved, atol=0.05)  # the crop's whole pixels
    # in radians over .07 and more, the same turns
    np.testing.assert_allclose(
        prepared["motions"][:, :3], normalised_motion(motions)[:, :3], atol=1e-3
    )


def test_components_give_the_movements_back_that_they_were_taken_from():
    prepares = learner().preparation_for(("lips",))
    moved = torch.from_numpy(np.concatenate([prepares.prepare(c)["movements"] for c in PEOPLE]))
    network = LipNetwork(8, num_components=10)
    network.take_components(moved)
    flat = moved.flatten(1) - network.mean
    axes = network.components
    amounts = flat @ axes.T / axes.square().sum(dim=1)
    assert (amounts @ axes - flat).abs().mean() < 0.1  # px; the lips move by up to ten
    np.testing.assert_allclose(amounts.std(dim=0), 1, rtol=0.02)  # each about one deviation
    np.testing.assert_allclose((axes @ axes.T).triu(1), 0, atol=1e-2)


PEOPLE = talking_people()


def test_few_frames_have_few_components():
    network = LipNetwork(8, num_components=10)
    network.take_components(torch.randn(4, 37, 3))
    assert network.components[4:].abs().max() == 0
    assert network(torch.zeros(2, 80, 20)).isfinite().all()


def losses_after(model: MeshWarp, phase: str, steps: int) -> list[float]:
    optimizer = torch.optim.Adam(model.parameters_of(phase), lr=3e-3)
    batch, found = batch_of(model, phase), []
    for _ in range(steps):
        losses = model.losses(phase, batch)
        total = torch.stack(list(losses.values())).sum()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        found.append(total.item())
    return found


@pytest.mark.parametrize("phase", ["lips", "head", "head_critic"])
def test_each_phase_learns_its_batch(phase):
    found = losses_after(learner(), phase, 40)
    assert found[-1] < 0.8 * found[0]


def test_losses_are_those_of_the_page():
    model, batch = learner().eval(), batch_of(learner())
    named = {phase: set(model.losses(phase, batch)) for phase in model.phases}
    assert named == {
        "lips": {"points", "opening", "velocity"},
        "head": {"motion", "natural"},
        "head_critic": {"true", "made_up"},
    }
    assert set().union(*named.values()) == set(model.loss_names)
    made = model.head(batch["head_windows"], batch["head_motions"][:, :13])
    expected = (made - batch["head_motions"][:, 13:]).square().mean()
    torch.testing.assert_close(model.losses("head", batch)["motion"], expected)


def test_perfect_lips_have_no_loss():
    model, batch = learner(), batch_of(learner())

    class Knows(torch.nn.Module):
        def forward(self, windows):
            return batch["lip_movements"].flatten(0, 1)

    model.lips = Knows()
    assert all(float(loss) == 0 for loss in model.losses("lips", batch).values())


def test_each_phase_updates_what_it_teaches_and_nothing_else():
    model = learner()
    for phase, name in (("lips", "lips"), ("head", "head"), ("head_critic", "head_critic")):
        updated = {id(one) for one in model.parameters_of(phase)}
        assert updated == {id(one) for one in model.networks[name].parameters()}


def test_what_goes_by_rules_has_nothing_to_learn():
    model = learner(lips="rules")
    assert set(model.networks) == {"head", "head_critic"}
    with pytest.raises(ConfigError, match=r"model.network.lips is rules. Write --model.network"):
        model.losses("lips", batch_of(learner()))


def test_weights_for_generating_are_those_of_lips_and_head():
    assert {name.split(".")[0] for name in learner().state_dict()} == {"lips", "head", "critics"}
    assert MeshWarp(settings()).state_dict().keys() == {
        name for name in learner().state_dict() if not name.startswith("critics.")
    }
    assert MeshWarp.training_only == ("critics.*",)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"frames": None}, "lacks frames or sound"),
        ({"frames": FrameArray(np.zeros((9, 8, 8, 3), np.uint8), Fraction(30))}, "has 30. Open it"),
        ({"speech": None}, "lacks frames or sound"),
    ],
)
def test_a_clip_that_nothing_can_be_learnt_from_is_a_sentence(change, sentence):
    with pytest.raises(DataError, match=sentence):
        learner().preparation.prepare(replace(talking_people()[0], **change))


def test_a_clip_that_is_too_short_says_what_to_lower():
    prepares = learner(head_history=40).preparation_for(("head",))
    prepared = prepares.prepare(talking_people()[0])
    with pytest.raises(DataError, match=r"has 32 frames with sound and an example 48"):
        prepares.example(prepared, np.random.default_rng(0))


def test_without_a_clip_whose_lips_are_seen_training_does_not_begin():
    blind = replace(talking(997_005), frames=None)
    with pytest.raises(DataError, match=r"No clip shows how lips move\. The first: clip-997005"):
        MeshWarp(settings()).start_training([blind], {})


def test_what_is_spoken_is_added_to_any_face():
    rest = at_rest(np.random.default_rng(0).normal(100, 30, (1, 68, 3)))
    moved = spoken_fronts(rest, np.zeros((2, 37, 3)))
    np.testing.assert_array_equal(moved, np.stack([rest, rest]))
