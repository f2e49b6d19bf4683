"""Each phase has the losses of the paper, and teaches the networks that it is for and no other."""

import pytest
import torch
import torch.nn.functional as F

from talkingface.config.settings import TrainSettings
from talkingface.engine.stages import learning_only, optimizer_of, stages_of
from talkingface.errors import ConfigError
from talkingface.face.judges import JUDGED_LOSSES
from talkingface.face.reader.network import ReaderNetwork
from talkingface.models.pc_avs.config import PCAVSSizes
from talkingface.models.pc_avs.model import PCAVS
from talkingface.models.pc_avs.network import Identity
from talkingface.nn.contrast import contrastive, cross_modal
from talkingface.nn.gan import OBJECTIVES
from talkingface.nn.perceptual import PerceptualLoss, VGG19Features
from talkingface.nn.pictures import from_levels
from tests.unit.models.pc_avs.tiny import SIZES, batch_of, learner, settings

MOUTH_SIDE = {"speech_encoder", "motion_encoder", "to_mouth"}
POSE_SIDE = {"motion_encoder", "to_headpose", "headpose_embed"}
DRAWING_SIDE = {"identity_encoder", "mouth_embed", "generator"} | MOUTH_SIDE | POSE_SIDE
TAUGHT = {
    "identity": {"identity_encoder", "people"},
    "motion": MOUTH_SIDE | POSE_SIDE | {"factor_head"},
    "pose": POSE_SIDE | {"factor_head"},
    "disentangling": POSE_SIDE | {"people_by_pose"},
    "quarter_size": DRAWING_SIDE,
    "half_size": DRAWING_SIDE,
    "full_size": DRAWING_SIDE,
    "generator": DRAWING_SIDE,
    "discriminator": {"discriminator"},
}
PICTURES = {"pixels", "patches", "edges", "inner"}
LOSSES = {
    "identity": {"identity"},
    "motion": {"speech_to_mouth", "mouth_to_speech", "cross_modal", "pose"},
    "pose": {"pose"},
    "disentangling": {"pose_people", "pose_uniform"},
    "quarter_size": PICTURES,
    "half_size": PICTURES,
    "full_size": PICTURES,
    "generator": PICTURES | {"gan", "features"},
    "discriminator": {"real", "fake"},
}


@pytest.fixture(scope="module")
def batch():
    return batch_of(learner(pose_pictures="drawn").preparation)


@pytest.fixture
def at_rest():
    """Return a model whose results follow from its inputs alone, and sees mouths as well."""
    return learner().eval()


def taught(model: PCAVS, phase: str, batch) -> tuple[set[str], dict[str, torch.Tensor]]:
    """Return which networks one update of a phase pulls at, as the trainer does it, and why."""
    train = TrainSettings()
    optimizer = optimizer_of(model, phase, stages_of(model, train)[0], train)
    model.zero_grad(set_to_none=True)
    with learning_only(model, optimizer):
        losses = model.losses(phase, batch)
        sum(losses.values()).backward()
    pulled = {
        name
        for name, network in model.networks.items()
        if any(one.grad is not None and one.grad.any() for one in network.parameters())
    }
    return pulled, losses


@pytest.mark.parametrize("phase", PCAVS.phases)
def test_a_phase_has_its_losses_and_teaches_its_networks(phase: str, batch) -> None:
    pulled, losses = taught(learner(pose_pictures="drawn"), phase, batch)
    assert set(losses) == LOSSES[phase]
    assert all(loss.ndim == 0 and torch.isfinite(loss) for loss in losses.values())
    assert pulled == TAUGHT[phase]


def test_every_loss_is_declared() -> None:
    assert set(PCAVS.loss_names) == set().union(*LOSSES.values(), JUDGED_LOSSES)


def test_from_sound_alone_no_mouth_is_seen(batch) -> None:
    pulled, _ = taught(learner(generate_from_audio_only=True), "generator", batch)
    assert pulled == DRAWING_SIDE - {"to_mouth"}


def test_who_it_is_is_read_from_the_vector_of_the_portrait(at_rest, batch) -> None:
    vector = at_rest.network.identify(from_levels(batch["portrait"])[:, None]).vector
    scores = at_rest.networks["people"](vector).softmax(dim=1)
    expected = -torch.log(scores[range(3), batch["label"]]).mean()
    torch.testing.assert_close(at_rest.losses("identity", batch)["identity"], expected)


class Told(torch.nn.Module):
    """Gives each picture or sound of the batch a code of its own, whatever it is shown."""

    def __init__(self, *shape: int, seed: int = 0) -> None:
        super().__init__()
        random = torch.Generator().manual_seed(seed)
        self.codes = torch.randn(*shape, generator=random)

    def forward(self, shown: torch.Tensor) -> torch.Tensor:
        codes = self.codes.flatten(0, -2)
        assert len(shown) == len(codes)
        return codes


@pytest.mark.parametrize("joined", [1, 2, 4])
def test_sounds_find_the_mouths_of_their_part_of_the_clip(joined: int, batch) -> None:
    model = learner(joined_frames=joined).eval()
    hears, sees = Told(3, 4, 16, seed=1), Told(3, 4, 16, seed=2)  # of clips, of their moments
    model.network.speech_encoder, model.network.non_identity_encoder.to_mouth = hears, sees
    starts = [(clip, first) for clip in range(3) for first in range(0, 4, joined)]
    heard, seen = (
        torch.stack([one.codes[clip, first : first + joined].flatten() for clip, first in starts])
        for one in (hears, sees)
    )
    losses = model.losses("motion", batch)
    expected = {
        "speech_to_mouth": contrastive(heard, seen),
        "mouth_to_speech": contrastive(seen, heard),
        "cross_modal": cross_modal(heard, seen),
    }
    for name, loss in expected.items():
        torch.testing.assert_close(losses[name], loss)
    assert losses["speech_to_mouth"] != losses["mouth_to_speech"]


def test_each_direction_of_the_contrast_moves_its_own_side(batch) -> None:
    for name, moved in (("speech_to_mouth", "speech_encoder"), ("mouth_to_speech", "to_mouth")):
        model = learner()
        model.losses("motion", batch)[name].backward()
        for side in ("speech_encoder", "to_mouth"):
            has_gradient = any(p.grad is not None for p in model.networks[side].parameters())
            assert has_gradient == (side == moved), (name, side)


def test_factors_are_read_from_the_codes_of_the_moments_and_of_the_stranger(at_rest, batch) -> None:
    head, network = at_rest.networks["factor_head"], at_rest.network
    read = [
        head(network.pose_codes(from_levels(batch["moments"].flatten(0, 1)))),
        head(network.pose_codes(from_levels(batch["shown"]))),
    ]
    true = [batch["moment_factors"].flatten(0, 1), batch["moment_factors"][:, 0]]
    error = (torch.cat(read) - torch.cat(true)).abs()
    huber = torch.where(error < 1, 0.5 * error**2, error - 0.5).mean()
    torch.testing.assert_close(at_rest.losses("motion", batch)["pose"], huber)


def test_both_strangers_have_the_factors_of_their_head(at_rest, batch) -> None:
    told = Told(3, 2, 4)  # of clips, of the two strangers
    at_rest.network.non_identity_encoder.headpose_embed = told
    read = at_rest.networks["factor_head"](told.codes)
    expected = F.smooth_l1_loss(read, batch["factors"][:, None].expand(-1, 2, -1))
    torch.testing.assert_close(at_rest.losses("pose", batch)["pose"], expected)


def test_poses_are_asked_for_the_person_of_their_clip(at_rest, batch) -> None:
    told, head = Told(3, 4, 4), at_rest.networks["people_by_pose"]  # of clips, of their moments
    at_rest.network.non_identity_encoder.headpose_embed = told
    chances = head(told.codes.reshape(3, 2, 8)).softmax(dim=-1)  # of parts of two moments
    losses = at_rest.losses("disentangling", batch)
    right = torch.stack([chances[clip, :, batch["label"][clip]] for clip in range(3)])
    torch.testing.assert_close(losses["pose_people"], -right.log().mean())
    torch.testing.assert_close(losses["pose_uniform"], ((chances - 1 / 3) ** 2).mean())


def test_telling_people_by_their_pose_is_a_game_of_two(batch) -> None:
    for name, learns in (("pose_people", {"people_by_pose"}), ("pose_uniform", POSE_SIDE)):
        model = learner()
        model.losses("disentangling", batch)[name].backward()
        pulled = {
            part
            for part, network in model.networks.items()
            if any(one.grad is not None and one.grad.any() for one in network.parameters())
        }
        assert pulled == learns, name


def test_what_keeps_people_out_of_the_pose_makes_them_harder_to_tell(batch) -> None:
    model = learner().eval()
    head = model.networks["people_by_pose"]
    torch.nn.init.normal_(head[1].weight, std=30)  # as if it had learnt to tell them
    optimizer = torch.optim.SGD(model.networks["headpose_embed"].parameters(), 0.05)
    values = []
    for _ in range(8):
        loss = model.losses("disentangling", batch)["pose_uniform"]
        values.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert values[-1] < 0.7 * values[0]


def picture_losses(model: PCAVS, phase: str, batch) -> dict[str, float]:
    with torch.no_grad():
        return {name: float(loss) for name, loss in model.losses(phase, batch).items()}


def test_pictures_of_heard_and_of_seen_mouths_count_alike(batch) -> None:
    """Untrained encoders tell nothing apart, so each person is told a lively style."""
    wide = SIZES.identity_channels * 32
    vectors, starts = Told(3, wide).codes, Told(3, 8, 8, 8).codes
    heard, seen, poses = Told(3, 8, seed=1).codes, Told(3, 8, seed=2).codes, Told(3, 4).codes
    found = {}
    for way, mouths in (("both", heard), ("heard", heard), ("seen", seen)):
        model = learner(generate_from_audio_only=way != "both").eval()
        model.network.identify = lambda portraits: Identity(vectors, starts)
        model.network.pose_codes = lambda pictures: 10 * poses
        model.network.mouth_codes = lambda mels, mouths=mouths: 10 * mouths
        model.network.non_identity_encoder.mouth_codes = lambda features: 10 * seen
        found[way] = picture_losses(model, "full_size", batch)
    for name in PICTURES:
        mean = (found["heard"][name] + found["seen"][name]) / 2
        assert found["both"][name] == pytest.approx(mean, rel=1e-5)  # float32
        assert found["heard"][name] != found["seen"][name]


def test_the_mouth_is_seen_in_the_frame_to_draw_and_the_pose_in_its_own_picture(at_rest, batch):
    shown = []
    encoder = at_rest.network.non_identity_encoder
    encoder.model.register_forward_pre_hook(lambda module, given: shown.append(given[0]))
    with torch.no_grad():
        at_rest.losses("full_size", batch)
    mouth, pose = shown
    assert torch.equal(mouth, from_levels(batch["target"]))
    assert torch.equal(pose, from_levels(batch["posed"]))


def drawn(model: PCAVS, batch) -> torch.Tensor:
    """Return what a model draws of the mouths that are heard."""
    network = model.network
    return network.draw(
        network.identify(from_levels(batch["portraits"][:, 0])[:, None]),
        network.mouth_codes(batch["mel"]),
        network.pose_codes(from_levels(batch["posed"])),
    )


def test_the_largest_picture_of_a_phase_is_what_the_generator_draws(batch) -> None:
    model = learner(generate_from_audio_only=True, mouth_weight=0.0).eval()
    with torch.no_grad():
        expected = (drawn(model, batch) - from_levels(batch["target"])).abs().mean()
    pixels = picture_losses(model, "full_size", batch)["pixels"]
    assert pixels == pytest.approx(float(expected), rel=1e-5)  # float32


def test_pictures_grow_from_phase_to_phase(batch, monkeypatch) -> None:
    sizes = {}
    model = learner()
    monkeypatch.setattr(
        "talkingface.nn.growing_pictures.patch_l1",
        lambda fake, real: (
            sizes.setdefault(phase, (fake.shape[-1], real.shape[-1]))[0] * fake.sum()
        ),
    )
    for phase in ("quarter_size", "half_size", "full_size", "generator"):
        model.losses(phase, batch)
    assert list(sizes.values()) == [(16, 16), (32, 32), (64, 64), (64, 64)]


def test_the_mouth_counts_as_much_more_as_the_settings_say(batch) -> None:
    plain = picture_losses(learner(mouth_weight=0.0).eval(), "full_size", batch)
    twice, thrice = (
        picture_losses(learner(mouth_weight=weight).eval(), "full_size", batch)
        for weight in (1.0, 2.0)
    )
    for name in ("pixels", "edges"):
        assert thrice[name] - twice[name] == pytest.approx(twice[name] - plain[name], rel=1e-3)
        assert twice[name] > plain[name]
    assert twice["patches"] == plain["patches"]


@pytest.mark.parametrize("name", ["hinge", "least_squares", "logistic", "wasserstein"])
def test_the_game_has_the_objective_of_the_settings(name: str, batch) -> None:
    model = learner(gan=name)
    assert model.networks["discriminator"].objective is OBJECTIVES[name]  # type: ignore[comparison-overlap]


def test_pictures_are_judged_by_the_teachers_where_they_are_whole(batch) -> None:
    vgg, reader = VGG19Features().eval(), ReaderNetwork(width=2).eval().requires_grad_(False)
    model = learner({"VGG19": vgg, "SynthTalkReader": reader}, generate_from_audio_only=True)
    model.eval()
    assert set(model.losses("half_size", batch)) == PICTURES
    losses = model.losses("full_size", batch)
    assert set(losses) == PICTURES | {"perceptual", "reader_values", "reader_maps"}
    with torch.no_grad():
        expected = PerceptualLoss(vgg)(drawn(model, batch), from_levels(batch["target"]))
    torch.testing.assert_close(losses["perceptual"], expected)


def test_teachers_are_neither_saved_nor_trained(batch) -> None:
    reader = ReaderNetwork(width=2).eval().requires_grad_(False)
    before = {name: one.clone() for name, one in reader.state_dict().items()}
    with_teacher, without = learner({"SynthTalkReader": reader}), learner()
    assert with_teacher.state_dict().keys() == without.state_dict().keys()
    own = {id(one) for one in with_teacher.parameters()}
    assert not own & {id(one) for one in reader.parameters()}
    with_teacher.train()
    sum(with_teacher.losses("full_size", batch).values()).backward()
    assert not reader.training
    assert all(torch.equal(one, before[name]) for name, one in reader.state_dict().items())


def test_a_little_noise_is_on_what_is_heard_and_on_nothing_else(batch) -> None:
    quiet, noisy = learner().eval(), learner(mel_noise=0.1).eval()
    before = batch["mel"].clone()
    for phase, name in (("motion", "cross_modal"), ("full_size", "pixels")):
        first, second = (picture_losses(noisy, phase, batch)[name] for _ in range(2))
        assert first != second
        assert (
            picture_losses(quiet, phase, batch)[name] == picture_losses(quiet, phase, batch)[name]
        )
    assert picture_losses(noisy, "pose", batch) == picture_losses(quiet, "pose", batch)
    assert torch.equal(batch["mel"], before)


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ({"generator_channels": (8, 8, 8)}, "A generator of 3 sizes"),
        ({"image_px": 100}, "draws no pictures of 100 px"),
        ({"identity_depths": (1, 1, 1)}, r"identity_depths is \[1, 1, 1\]. Give 4 numbers"),
        ({"speech_depths": (1,) * 5}, r"speech_depths is .* Give 4 numbers"),
    ],
)
def test_networks_that_cannot_be_are_a_sentence(sizes, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        PCAVSSizes(**sizes)


def test_parts_that_do_not_fill_the_clip_are_a_sentence() -> None:
    with pytest.raises(ConfigError, match=r"clip_frames=4 cannot be cut into parts of .*=3"):
        settings(joined_frames=3)


def test_smallest_pictures_are_seen_by_every_network() -> None:
    """One pixel is left in the middle of the hourglass at 64 px, none below."""
    model = learner().eval()
    assert model.settings.network.image_px == 64
    assert model.network.pose_codes(torch.rand(1, 3, 64, 64)).isfinite().all()
