"""Each phase has the losses of the paper, and teaches the networks that it is for and no other."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from talkingface.config.settings import TrainSettings
from talkingface.data.synth import FACTOR_NAMES
from talkingface.engine.stages import learning_only, optimizer_of, stages_of
from talkingface.face.judges import JUDGED_LOSSES
from talkingface.face.reader.network import ReaderNetwork
from talkingface.models.pd_fgc.factors import smoothed_lips
from talkingface.models.pd_fgc.known_codes import code_errors, eye_code, named, pose_code
from talkingface.models.pd_fgc.losses import decorrelation, eye_contrast
from talkingface.models.pd_fgc.model import PDFGC
from talkingface.models.pd_fgc.part_learning import with_eyes
from talkingface.models.pd_fgc.picture_learning import asked_motion
from talkingface.nn.contrast import brought_together
from talkingface.nn.pictures import from_levels
from tests.talking_people import batch_of
from tests.unit.models.pd_fgc.narrow import learner

TRUNK = {"motion_encoder"}
LIPS, EYES = {"to_mouth", "mouth_embed"}, {"to_eye", "eye_embed"}
POSE, MOOD = {"to_headpose", "headpose_embed"}, {"to_emo", "emo_embed"}
DRAWING = {"appearance_encoder", "speech_encoder", "generator"} | TRUNK | EYES | POSE | MOOD
PICTURES = {"pixels", "patches", "edges", "inner"}
SEEN_AGAIN = {"consistency", "lip_consistency"}
TAUGHT = {
    "identity": {"appearance_encoder", "people"},
    "unified": {"appearance_encoder", "first_generator"} | TRUNK,
    "motion": TRUNK | LIPS | EYES | POSE | MOOD | {"lip_reader"},
    "lips": TRUNK | LIPS | {"speech_encoder"},
    "eyes": TRUNK | EYES,
    "pose": TRUNK | POSE,
    "expression": TRUNK | MOOD,
    "quarter_size": DRAWING,
    "half_size": DRAWING,
    "full_size": DRAWING,
    "generator": DRAWING,
    "discriminator": {"discriminator"},
}
LOSSES = {
    "identity": {"identity"},
    "unified": PICTURES,
    "motion": {"pose", "blink", "gaze", "emotion", "lip_shape"},
    "lips": {"speech_to_mouth", "mouth_to_speech", "cross_modal"},
    "eyes": {"blink", "gaze"},
    "pose": {"pose"},
    "expression": {"emotion", "decorrelation"},
    "quarter_size": PICTURES,
    "half_size": PICTURES,
    "full_size": PICTURES | SEEN_AGAIN,
    "generator": PICTURES | SEEN_AGAIN | {"gan", "features"},
    "discriminator": {"real", "fake"},
}
FILMED = [phase for phase in PDFGC.phases if phase != "motion"]


@pytest.fixture(scope="module")
def batch():
    return batch_of(learner(drivers="drawn").preparation)


@pytest.fixture(scope="module")
def filmed():
    return batch_of(learner().preparation_for(FILMED))


@pytest.fixture
def at_rest():
    """Return a model whose results follow from its inputs alone."""
    return learner().eval()


def pulled(model: PDFGC) -> set[str]:
    """Return the networks that have a gradient."""
    return {
        name
        for name, network in model.networks.items()
        if any(one.grad is not None and one.grad.any() for one in network.parameters())
    }


def taught(model: PDFGC, phase: str, batch) -> tuple[set[str], dict[str, torch.Tensor]]:
    """Return which networks one update of a phase pulls at, as the trainer does it, and why."""
    train = TrainSettings()
    optimizer = optimizer_of(model, phase, stages_of(model, train)[0], train)
    with learning_only(model, optimizer):
        losses = model.losses(phase, batch)
        sum(losses.values()).backward()
    return pulled(model), losses


@pytest.mark.parametrize("phase", PDFGC.phases)
def test_a_phase_has_its_losses_and_teaches_its_networks(phase: str, batch) -> None:
    networks, losses = taught(learner(), phase, batch)
    assert set(losses) == LOSSES[phase]
    assert all(loss.ndim == 0 and torch.isfinite(loss) for loss in losses.values())
    assert networks == TAUGHT[phase]


def test_every_loss_is_declared() -> None:
    of_filmed = {"eyes"}
    assert set(PDFGC.loss_names) == set().union(*LOSSES.values(), of_filmed, JUDGED_LOSSES)


@pytest.mark.parametrize("phase", ["eyes", "pose", "expression", "full_size"])
def test_filmed_people_teach_the_same_networks(phase: str, filmed) -> None:
    networks, losses = taught(learner(), phase, filmed)
    own = {"eyes": {"eyes"}, "expression": {"decorrelation"}}
    assert set(losses) == own.get(phase, LOSSES[phase])
    assert networks == TAUGHT[phase]


def test_lips_that_are_seen_are_drawn_as_often_as_the_settings_say(batch) -> None:
    model = learner(drivers="drawn", seen_lips=1.0).eval()
    seen = batch_of(model.preparation_for(["full_size", "generator"]))
    networks, _ = taught(model, "full_size", seen)
    assert networks == (DRAWING | LIPS) - {"speech_encoder"}
    features = model.network.motion_encoder(from_levels(seen["lips_shown"]))
    codes = model.network.motion_encoder.motion(features)[:, :10]
    torch.testing.assert_close(asked_motion(model.network, seen)[:, :10], codes)
    seen["lips_are_seen"][:2] = False
    mixed = asked_motion(model.network, seen)[:, :10]
    heard = model.network.smoothed_lip_codes(seen["mels"])
    torch.testing.assert_close(mixed[:2], heard[:2])
    torch.testing.assert_close(mixed[2], codes[2])


def test_known_factors_stand_for_an_encoder_that_reads_without_fault(at_rest) -> None:
    batch = batch_of(learner(drivers="drawn").preparation_for(["full_size"]))
    factors = named(batch["factors_shown"])
    motion = asked_motion(at_rest.network, batch)
    of_parts = motion[:, 10:].split([motion.shape[1] - 22, 6, 6], dim=1)
    codes = dict(zip(("emotion", "eyes", "pose"), of_parts, strict=True))
    assert not any(code_errors(codes, factors).values())


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


def test_each_factor_of_what_is_drawn_comes_from_its_own_picture(at_rest, batch) -> None:
    encoder = at_rest.network.motion_encoder
    motion = asked_motion(at_rest.network, batch)
    lips, moods, eyes, poses = motion.split([10, 5, 6, 6], dim=1)
    of = {
        name: encoder.motion(encoder(from_levels(batch[name]))).split([10, 5, 6, 6], dim=1)
        for name in ("eyes_shown", "pose_shown")
    }
    close = {"rtol": 1e-4, "atol": 1e-6}  # float32, in batches of other sizes
    torch.testing.assert_close(eyes, of["eyes_shown"][2], **close)
    torch.testing.assert_close(poses, of["pose_shown"][3], **close)
    each = [encoder.emotion_codes(encoder(from_levels(batch["moods_shown"][:, k]))) for k in (0, 1)]
    torch.testing.assert_close(moods, (each[0] + each[1]) / 2, **close)
    mels = batch["mels"]
    three = torch.stack([at_rest.network.lip_codes(mels[:, k]) for k in range(3)])
    torch.testing.assert_close(lips, smoothed_lips(three)[0], **close)


def test_sounds_find_the_lips_of_their_moment(at_rest, batch) -> None:
    hears, sees = Told(3, 3, 10, seed=1), Told(3, 3, 10, seed=2)  # of clips, of their moments
    at_rest.network.speech_encoder.mouth_embed = hears
    at_rest.network.motion_encoder.mouth_embed = sees
    expected = brought_together(hears.codes.flatten(0, 1), sees.codes.flatten(0, 1))
    losses = at_rest.losses("lips", batch)
    for name, loss in expected.items():
        torch.testing.assert_close(losses[name], loss)


def test_codes_of_drawn_heads_are_taught_what_is_true(at_rest, batch) -> None:
    factors = named(batch["head_factors"].flatten(0, 1))
    encoder = at_rest.network.motion_encoder
    eyes, poses = Told(3, 2, 6, seed=1), Told(3, 2, 6, seed=2)
    encoder.eye_embed, encoder.headpose_embed = eyes, poses
    losses = at_rest.losses("motion", batch)
    pose = F.smooth_l1_loss(poses.codes.flatten(0, 1), pose_code(factors))
    torch.testing.assert_close(losses["pose"], pose)
    errors = F.smooth_l1_loss(eyes.codes.flatten(0, 1), eye_code(factors), reduction="none")
    torch.testing.assert_close(losses["blink"], errors[:, [0, 1, 4, 5]].mean())
    is_open = (1 - factors["blink"])[:, None]
    torch.testing.assert_close(losses["gaze"], (is_open * errors[:, 2:4]).mean())
    for name, phase in (("pose", "pose"), ("gaze", "eyes"), ("blink", "eyes")):
        torch.testing.assert_close(at_rest.losses(phase, batch)[name], losses[name])


def test_where_eyes_are_closed_any_gaze_is_right(at_rest, batch) -> None:
    closed = {**batch, "head_factors": batch["head_factors"].clone()}
    closed["head_factors"][..., FACTOR_NAMES.index("blink")] = 1
    assert at_rest.losses("eyes", closed)["gaze"] == 0
    assert at_rest.losses("eyes", batch)["gaze"] > 0


def test_eyes_of_filmed_people_are_told_from_those_of_the_next_face(
    at_rest, filmed, monkeypatch
) -> None:
    encoder = at_rest.network.motion_encoder
    monkeypatch.setattr(encoder, "forward", lambda pictures: pictures.flatten(1))
    monkeypatch.setattr(encoder, "eye_codes", lambda pixels: pixels)
    faces = from_levels(filmed["face"])
    next_faces = torch.cat([faces[-1:], faces[:-1]])
    codes = [one.flatten(1) for one in (with_eyes(next_faces, faces), faces, next_faces)]
    torch.testing.assert_close(at_rest.losses("eyes", filmed)["eyes"], eye_contrast(*codes))


def test_only_the_eyes_are_pasted() -> None:
    face, other = torch.zeros(1, 3, 100, 100), torch.ones(1, 3, 100, 100)
    mixed = with_eyes(face, other)[0, 0]
    rows, columns = np.indices((100, 100))
    # eyes of an aligned face: at 31 % from above, 37 and 63 % from the left; the mouth at 62 %
    inside = (rows >= 20) & (rows < 40) & (columns >= 12) & (columns < 88)
    np.testing.assert_array_equal(mixed.numpy() == 1, inside)


def test_faces_that_were_not_found_teach_no_pose(at_rest, filmed) -> None:
    told = Told(3, 6)
    at_rest.network.motion_encoder.headpose_embed = told
    known = {**filmed, "head_pose": torch.randn(3, 6)}
    known["head_pose"][1] = torch.nan
    errors = (told.codes - known["head_pose"]).abs()[[0, 2]]
    torch.testing.assert_close(at_rest.losses("pose", known)["pose"], errors.mean())
    known["head_pose"][:] = torch.nan
    assert at_rest.losses("pose", known)["pose"] == 0


def test_expressions_and_lips_are_compared_over_the_last_batches(batch) -> None:
    model = learner()
    moods, lips = Told(3, 2, 5, seed=1), Told(3, 2, 10, seed=2)
    model.network.motion_encoder.emo_embed = moods
    model.network.motion_encoder.mouth_embed = lips
    first = model.losses("expression", batch)["decorrelation"]
    torch.testing.assert_close(
        first, decorrelation(moods.codes.flatten(0, 1), lips.codes.flatten(0, 1))
    )
    before = [one.codes.flatten(0, 1).clone() for one in (moods, lips)]
    lips.codes = torch.randn(3, 2, 10)
    now = [one.codes.flatten(0, 1) for one in (moods, lips)]
    both = [torch.cat(pair) for pair in zip(now, before, strict=True)]
    second = model.losses("expression", batch)["decorrelation"]
    torch.testing.assert_close(second, decorrelation(*both))
    assert second != first


def test_lips_stay_as_they_are_where_the_expression_learns(filmed) -> None:
    model = learner()
    model.losses("expression", filmed)["decorrelation"].backward()
    assert pulled(model) == TRUNK | MOOD


@pytest.mark.parametrize("name", sorted(SEEN_AGAIN))
def test_what_is_drawn_is_seen_again_by_an_encoder_that_takes_no_note(
    name: str, batch, monkeypatch
) -> None:
    model, asked = learner(), torch.randn(3, 27)
    place = "talkingface.models.pd_fgc.picture_learning.asked_motion"
    monkeypatch.setattr(place, lambda network, batch: asked)
    kept = {key: one.clone() for key, one in model.network.motion_encoder.named_buffers()}
    model.losses("full_size", batch)[name].backward()
    assert pulled(model) == {"appearance_encoder", "generator"}
    for key, buffer in model.network.motion_encoder.named_buffers():
        assert torch.equal(buffer, kept[key]), key


def test_a_perfect_picture_is_consistent(at_rest, batch, monkeypatch) -> None:
    """Where the generator draws what the encoder sees as asked for, nothing is lost."""
    pictures, encoder = from_levels(batch["target"]), at_rest.network.motion_encoder
    seen = encoder.motion(encoder(pictures))
    at_place = "talkingface.models.pd_fgc.picture_learning."
    monkeypatch.setattr(at_place + "asked_motion", lambda network, batch: seen)
    monkeypatch.setattr(at_place + "grown", lambda *_: [pictures[..., ::2, ::2], pictures])
    losses = at_rest.losses("full_size", batch)
    assert losses["consistency"] == pytest.approx(0, abs=1e-6)  # float32
    assert losses["lip_consistency"] == pytest.approx(0, abs=1e-6)
    monkeypatch.setattr(at_place + "asked_motion", lambda network, batch: seen + 1)
    assert at_rest.losses("full_size", batch)["consistency"] == pytest.approx(1, abs=1e-5)


def test_mouth_and_eyes_count_as_much_more_as_the_settings_say(batch) -> None:
    def pixels(**weights: float) -> float:
        plain = {"mouth_weight": 0.0, "eye_weight": 0.0}
        model = learner(**(plain | weights)).eval()
        with torch.no_grad():
            return float(model.losses("quarter_size", batch)["pixels"])

    plain, mouth, eyes = pixels(), pixels(mouth_weight=2.0), pixels(eye_weight=3.0)
    both = pixels(mouth_weight=2.0, eye_weight=3.0)
    assert mouth > plain < eyes
    assert both - plain == pytest.approx(mouth + eyes - 2 * plain, rel=1e-3)  # float32 differences


def test_teachers_are_neither_saved_nor_trained(batch) -> None:
    reader = ReaderNetwork(width=2).eval().requires_grad_(False)
    model = learner({"SynthTalkReader": reader})
    assert model.state_dict().keys() == learner().state_dict().keys()
    found = set(model.losses("unified", batch)) - PICTURES
    assert found == {"reader_values", "reader_maps"}
    assert not {id(one) for one in model.parameters()} & {id(one) for one in reader.parameters()}


def test_a_little_noise_is_on_what_is_heard(batch) -> None:
    noisy = learner(mel_noise=0.1).eval()
    first, second = (noisy.losses("lips", batch)["cross_modal"] for _ in range(2))
    assert first != second
    assert noisy.losses("motion", batch)["pose"] == noisy.losses("motion", batch)["pose"]
