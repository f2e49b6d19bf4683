"""What teaches the generator."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from talkingface.errors import ConfigError
from talkingface.face.reader.network import ReaderNetwork
from talkingface.models.rhythmic_head_motion.generator import Source
from talkingface.models.rhythmic_head_motion.losses import confidence
from talkingface.models.rhythmic_head_motion.model import PICTURE_PHASES
from talkingface.models.rhythmic_head_motion.picture_learning import GROWING_PHASES
from talkingface.nn.perceptual import VGG19Features
from talkingface.nn.pictures import from_levels
from tests.unit.models.rhythmic_head_motion.rhythmic_tiny import batch_of, learner

LIKENESS = {"face_l1", "mask_l1", "patches", "edges"}
MOVING = {"flow", "warp", "mask"}
PAGE = {"gan", "features"} | MOVING | LIKENESS


@pytest.fixture(scope="module")
def batch():
    return batch_of(learner(), "generator", "personal", "discriminator")


def test_losses_are_those_of_the_page(batch):
    model = learner()
    named = {phase: set(model.losses(phase, batch)) for phase in PICTURE_PHASES}
    assert named == {
        **dict.fromkeys(GROWING_PHASES, MOVING | LIKENESS),
        "generator": PAGE,
        "personal": PAGE - MOVING,  # no flow is taught of one person
        "discriminator": {"real", "fake"},
    }


def test_teachers_add_what_they_say(batch):
    teachers: dict[str, nn.Module] = {"VGG19": VGG19Features(), "Reader": ReaderNetwork(2)}
    found = learner(teachers).losses("generator", batch)
    assert set(found) == PAGE | {"perceptual", "reader_values", "reader_maps"}
    assert all(one.isfinite() for one in found.values())
    model = learner(teachers)
    read = MOVING | LIKENESS | {"reader_values", "reader_maps"}
    assert set(model.losses("full_size", batch)) == read
    assert set(model.losses("half_size", batch)) == MOVING | LIKENESS


def in_training(model, batch):
    """Return what the generator makes of a batch, and what the discriminator says of pictures."""
    references = from_levels(batch["references"].flatten(0, 1)).unflatten(0, (3, 2))
    labels = {name: batch[name].float() / 255 for name in batch if name.endswith("label")}
    sources = {
        "reference": Source(labels["warped_label"][:, None], from_levels(batch["warped"])),
        "ani": Source(labels["ani_label"][:, None], from_levels(batch["ani"])),
    }
    composed = model.generator(
        references,
        batch["reference_labels"].float()[:, :, None] / 255,
        labels["target_label"][:, None],
        sources,
    )
    conditions = [
        labels["warped_label"][:, None],
        from_levels(batch["warped"]),
        labels["target_label"][:, None],
    ]

    def judge(pictures):
        seen = torch.cat([*conditions, pictures], dim=1)
        (judgement,) = model.learning.adversary.discriminator(seen)
        return judgement

    return composed, judge


def test_the_final_image_and_the_raw_one_are_both_judged(batch):
    """By the hinge that ends at the margin, and by features of true and generated, as published."""
    model = learner().eval()
    found = model.losses("generator", batch)
    composed, judge = in_training(model, batch)
    target = from_levels(batch["target"])
    true = judge(target)
    gan = features = 0.0
    for fake in (composed.image, composed.raw):
        said = judge(fake)
        gan += F.relu(1 - said.prediction).mean()
        features += sum(
            F.l1_loss(ours, theirs)
            for ours, theirs in zip(said.features, true.features, strict=True)
        )
    torch.testing.assert_close(found["gan"], gan)
    torch.testing.assert_close(found["features"], features)
    rival = model.losses("discriminator", batch)
    torch.testing.assert_close(rival["real"], 2 * F.relu(1 - true.prediction).mean())
    fooled = sum(F.relu(1 + judge(one).prediction).mean() for one in (composed.image, composed.raw))
    torch.testing.assert_close(rival["fake"], fooled)


def test_the_raw_image_can_be_left_out(batch):
    model = learner(judges_raw=False).eval()
    found = model.losses("generator", batch)
    composed, judge = in_training(model, batch)
    torch.testing.assert_close(found["gan"], F.relu(1 - judge(composed.image).prediction).mean())
    linear = learner(judges_raw=False, composition="linear").eval()
    found = linear.losses("generator", batch)  # there it is made, and left out all the same
    composed, judge = in_training(linear, batch)
    said = [judge(one).prediction for one in (composed.image, composed.half_blended)]
    torch.testing.assert_close(found["gan"], sum(F.relu(1 - one).mean() for one in said))


def test_pictures_grow():
    model = learner()
    for phase, side in (("quarter_size", 16), ("half_size", 32), ("full_size", 64)):
        batch = batch_of(model, phase)
        assert batch["target"].shape == (3, side, side, 3)
        assert batch["ani_flow"].shape == (3, 2, side, side)
        found = model.losses(phase, batch)
        assert all(one.isfinite() for one in found.values())
    assert batch_of(model, "half_size", "generator")["target"].shape == (3, 64, 64, 3)
    with pytest.raises(ConfigError, match="cannot be halved"):
        learner(channels=(4, 4, 4, 4, 4, 4)).preparation_for(["quarter_size"])


def test_what_is_moved_is_compared_with_what_it_shows(batch):
    model = learner().eval()
    found = model.losses("generator", batch)
    composed, _ = in_training(model, batch)
    flow = warp = 0.0
    for name, own, shown, compared in (
        ("reference", "warped", "shown_target", "target"),
        ("ani", "ani", "bare_target", "bare_target"),
    ):
        warped = composed.warped[name]
        taught = batch[f"{own}_flow"]
        sure = confidence(from_levels(batch[shown]), from_levels(batch[own]), taught)
        assert 0.2 < sure.mean() <= 1
        flow += (warped.flow * sure - taught * sure).abs().mean()
        warp += (warped.picture - from_levels(batch[compared])).abs().mean()
    torch.testing.assert_close(found["flow"], flow)
    torch.testing.assert_close(found["warp"], warp)


def test_the_loss_of_the_region_is_that_of_eyes_and_mouth(batch):
    model = learner().eval()
    found = model.losses("personal", batch)
    composed, _ = in_training(model, batch)
    difference = (composed.image - from_levels(batch["target"])).abs()
    torch.testing.assert_close(found["face_l1"], difference.mean())
    regions = batch["eyes_and_mouth"][:, None]
    torch.testing.assert_close(found["mask_l1"], (difference * regions).mean())


@pytest.mark.parametrize(
    "form",
    [
        {"warped": ("reference",)},
        {"warped": ("ani",)},
        {"warped": ()},
        {"composition": "linear"},
        {"embedding": "separate", "attention": "uniform"},
        {"warping": "still"},
        {"quirks": "kept"},
        {"references": 1},
    ],
    ids=str,
)
def test_every_ablation_learns(form):
    model = learner(**form)
    found = model.losses("generator", batch_of(model, "generator"))
    expected = PAGE if form.get("warped", True) else PAGE - MOVING
    assert set(found) == expected
    torch.stack(list(found.values())).sum().backward()
    silent = [
        name
        for name, one in model.generator.named_parameters()
        if one.grad is None or not one.grad.isfinite().all()
    ]
    assert silent == []


def test_the_discriminator_leaves_the_generator_alone(batch):
    model = learner()
    torch.stack(list(model.losses("discriminator", batch).values())).sum().backward()
    assert all(one.grad is None for one in model.generator.parameters())
    assert all(one.grad is not None for one in model.parameters_of("discriminator"))


def test_a_few_steps_bring_the_image_nearer(batch):
    model = learner()
    optimizer = torch.optim.Adam(model.parameters_of("generator"), lr=1e-2)
    found = []
    for _ in range(5):
        loss = model.losses("generator", batch)["face_l1"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    assert found[-1] < 0.9 * found[0]
