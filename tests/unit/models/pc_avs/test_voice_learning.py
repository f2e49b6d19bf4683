"""What each phase of Speech2Talking-Face teaches, and to whom."""

import pytest
import torch

from tests.unit.models.pc_avs.tiny import batch_of
from tests.unit.models.pc_avs.tiny_voice import voice_learner


@pytest.fixture(scope="module")
def batch():
    """Return one example of each person, for all phases."""
    model = voice_learner(pose_pictures="drawn")
    return batch_of(model.preparation)


def taught_by(model, phase: str, batch, loss: str | None = None) -> set[str]:
    """Return the networks that a phase, or one loss of it, gives a gradient."""
    model.zero_grad()
    losses = model.losses(phase, batch)
    chosen = list(losses.values()) if loss is None else [losses[loss]]
    torch.stack(chosen).sum().backward()
    return {
        name
        for name, network in model.networks.items()
        if any(one.grad is not None and one.grad.any() for one in network.parameters())
    }


@pytest.mark.parametrize(
    ("loss", "taught"),
    [
        ("seen_people", {"people"}),
        ("heard_people", {"identity_encoder", "people"}),
        ("voice_to_face", {"identity_encoder"}),
        ("voice_to_centroid", {"identity_encoder"}),
    ],
)
def test_a_voice_learns_from_portraits_that_stay(batch, loss: str, taught: set[str]) -> None:
    assert taught_by(voice_learner(), "voice", batch, loss) == taught


def test_the_phase_identity_teaches_the_encoder_of_portraits(batch) -> None:
    assert taught_by(voice_learner(), "identity", batch) == {"portrait_encoder", "people"}


def test_a_voice_that_has_the_portraits_vector_has_nothing_left_to_learn(batch) -> None:
    model = voice_learner()
    learning = model.learning
    seen = learning.seen(model.network, _portraits(batch))
    model.network.identity_encoder.forward = lambda windows: seen
    losses = model.losses("voice", batch)
    assert losses["voice_to_centroid"] < 1e-6
    assert losses["heard_people"] == losses["seen_people"]
    assert losses["voice_to_face"] < 1e-3  # of three people, each finds itself


def test_a_centroid_is_the_mean_of_what_was_seen_of_a_person() -> None:
    learning = voice_learner().learning
    vectors = torch.randn(6, 1, learning.centroids.shape[1])
    for vector in vectors[:5]:
        found = learning._centroids_with(vector, torch.tensor([1]))
    torch.testing.assert_close(found, vectors[:5].mean(dim=0))
    assert not learning.centroids[0].any()
    both = learning._centroids_with(vectors[5].expand(2, -1), torch.tensor([1, 0]))
    torch.testing.assert_close(both[0], vectors.mean(dim=(0, 1)))
    torch.testing.assert_close(both[1], vectors[5, 0])


def test_an_old_centroid_follows_the_encoder() -> None:
    learning = voice_learner().learning
    one = torch.ones(1, learning.centroids.shape[1])
    for _ in range(100):
        learning._centroids_with(0 * one, torch.tensor([0]))
    for _ in range(50):
        found = learning._centroids_with(one, torch.tensor([0]))
    torch.testing.assert_close(found, (1 - 0.9**50) * one)


def test_identities_are_seen_at_first_then_both_and_in_the_end_heard(batch) -> None:
    model = voice_learner(seen_steps=10, curriculum_steps=100).eval()
    learning = model.learning
    three = torch.arange(3).repeat(20)
    batch = {"portraits": batch["portraits"], "voice": batch["voice"]}
    seen = learning.seen(model.network, _portraits(batch)).vector[three]
    heard = model.network.identify(batch["voice"]).vector[three]

    @torch.inference_mode()
    def share_heard(step: int) -> float:
        learning.num_drawn.fill_(step)
        drawn = learning.identified(model.network, {k: one[three] for k, one in batch.items()})
        assert drawn.start is None
        by_voice, by_sight = (
            torch.isclose(drawn.vector, one, atol=1e-6).all(dim=1) for one in (heard, seen)
        )
        assert (by_voice ^ by_sight).all()
        return float(by_voice.float().mean())

    assert share_heard(0) == share_heard(9) == 0
    # 60 draws: three deviations of the mean are 0.2.
    assert share_heard(59) == pytest.approx(0.5, abs=0.2)
    assert share_heard(109) == share_heard(10_000) == 1


def test_only_phases_that_draw_go_on_in_the_curriculum_and_a_checkpoint_knows_how_far(
    batch,
) -> None:
    model = voice_learner()
    for phase in ("voice", "start", "quarter_size", "generator", "discriminator"):
        model.losses(phase, batch)
    assert model.state_dict()["learning.num_drawn"] == 2
    assert any(pattern == "learning.*" for pattern in model.training_only)


def test_a_face_that_is_heard_teaches_the_voice_and_not_the_portraits(batch) -> None:
    model = voice_learner(curriculum_steps=0, generate_from_audio_only=True)
    taught = taught_by(model, "quarter_size", batch)
    assert {"identity_encoder", "generator", "speech_encoder"} <= taught
    assert "portrait_encoder" not in taught


def test_the_start_map_becomes_the_mean_of_those_that_portraits_give(batch) -> None:
    model = voice_learner()
    assert taught_by(model, "start", batch) == {"generator"}
    model.eval()
    given = model.learning.seen(model.network, _portraits(batch)).start
    model.network.generator.input.input.data.copy_(given.mean(dim=0, keepdim=True))
    assert model.losses("start", batch)["start"] < 1e-12


def _portraits(batch):
    levels = batch["portraits"].float()  # (B, R, H, W, 3)
    return levels.permute(0, 1, 4, 2, 3) / 127.5 - 1
