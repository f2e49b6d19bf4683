"""The generator as a whole: what is computed once, what learns, what is refused."""

import pytest
import torch
from torch.nn import functional as F

from talkingface.errors import DataError
from talkingface.models.rhythmic_head_motion.blocks import EnlargingConvBlock
from talkingface.models.rhythmic_head_motion.generator import Source
from talkingface.models.rhythmic_head_motion.initialization import initialize
from talkingface.nn.folding import fold
from talkingface.nn.precision import lower
from tests.unit.models.rhythmic_head_motion.narrow import narrow_generator, random_inputs

ROUNDING = 1e-5  # float32, some 40 narrow layers

ABLATIONS = {
    "full": {},
    "mended": {"quirks": "mended"},
    "one reference": {"num_references": 1},
    "separate": {"embedding": "separate"},
    "no attention": {"attention": "uniform"},
    "linear": {"maps": ("label",)},
    "all levels adaptive": {"num_adaptive_levels": 4},
}
each_ablation = pytest.mark.parametrize("ablation", ABLATIONS.values(), ids=ABLATIONS.keys())


@each_ablation
@torch.no_grad()
def test_references_of_a_video_are_encoded_once_for_many_frames(ablation):
    generator = narrow_generator(**ablation).eval()
    x = random_inputs(3, num_references=generator.few_shot.num_references)
    images, labels = x["images"][:1], x["labels"][:1]
    once = generator.compose(generator.encode_references(images, labels), x["label"], x["sources"])
    for index in range(3):
        one = slice(index, index + 1)
        sources = {
            name: Source(source.label[one], source.picture[one])
            for name, source in x["sources"].items()
        }
        alone = generator(images, labels, x["label"][one], sources)
        torch.testing.assert_close(once.image[one], alone.image, rtol=0, atol=ROUNDING)


@each_ablation
def test_every_parameter_learns(ablation):
    generator = narrow_generator(**ablation).train()
    x = random_inputs(2, num_references=generator.few_shot.num_references)
    made = generator(**x)
    loss = made.image.square().mean() + made.raw.square().mean()
    loss += sum(
        warped.mask.mean() + warped.picture.square().mean() for warped in made.warped.values()
    )
    loss.backward()
    idle = [name for name, value in generator.named_parameters() if value.grad is None]
    assert idle == []


def test_an_ablated_picture_has_no_networks():
    generator = narrow_generator(warped=("reference",), maps=("label", "reference"))
    assert not [name for name, _ in generator.named_parameters() if "ani" in name]
    x = random_inputs(1)
    del x["sources"]["ani"]
    assert generator(**x).image.shape == (1, 3, 48, 48)


@torch.no_grad()
def test_warped_pictures_stand_where_the_linear_mask_is_zero():
    generator = narrow_generator(maps=("label",)).eval()
    x = random_inputs(1)
    for flow in generator.flows.values():
        flow.to_mask.bias.fill_(-100)  # nothing is to be painted
    made = generator(**x)
    torch.testing.assert_close(made.image, made.warped["reference"].picture)
    torch.testing.assert_close(made.half_blended, made.warped["ani"].picture)
    assert not torch.equal(made.raw, made.image)


@torch.no_grad()
def test_the_order_of_separate_references_does_not_matter():
    generator = narrow_generator(embedding="separate").eval()
    x = random_inputs(1)
    made = generator(**x)
    turned = generator(**x | {"images": x["images"].flip(1), "labels": x["labels"].flip(1)})
    torch.testing.assert_close(turned.image, made.image, rtol=0, atol=ROUNDING)
    assert turned.main_reference == 2 - made.main_reference


@torch.no_grad()
def test_the_attention_weighs_every_place_of_the_references():
    generator = narrow_generator().eval()
    x = random_inputs(2)
    attention = generator(**x).attention
    assert attention.shape == (2, 3, 12, 12)
    torch.testing.assert_close(attention.sum(dim=1), torch.ones(2, 12, 12))
    query = generator.few_shot.attention.query(x["label"])
    key = generator.few_shot.attention.key(x["labels"][:, 1])
    others = [generator.few_shot.attention.key(x["labels"][:, index]) for index in (0, 1, 2)]
    energies = torch.stack([(query * other).sum(dim=1) for other in others]).exp()
    mine = (query * key).sum(dim=1).exp() / energies.sum(dim=0)
    torch.testing.assert_close(attention[:, 1], mine, rtol=0, atol=ROUNDING)


@each_ablation
@torch.no_grad()
def test_a_folded_generator_gives_the_same_frames(ablation):
    generator = narrow_generator(**ablation).double().eval()
    for name, tensor in generator.named_buffers():
        if name.endswith("running_mean"):
            tensor.normal_(0.2, 0.1)
        elif name.endswith("running_var"):
            tensor.uniform_(0.5, 2)
    x = random_inputs(2, num_references=generator.few_shot.num_references)
    images, labels, label = (x[name].double() for name in ("images", "labels", "label"))
    sources = {
        name: Source(one.label.double(), one.picture.double()) for name, one in x["sources"].items()
    }
    before = generator(images, labels, label, sources)
    after = fold(generator)(images, labels, label, sources)
    assert before.raw is not None
    for one, other in ((after.image, before.image), (after.raw, before.raw)):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-10)  # float64, 40 layers


@torch.no_grad()
def test_convolutions_of_half_the_digits_draw_nearly_the_same():
    full, half = (fold(narrow_generator().eval()) for _ in range(2))
    lower(half, torch.bfloat16)
    x = random_inputs(2)
    image, expected = half(**x).image.float(), full(**x).image
    error = (image - expected).std() / expected.std()
    assert 0 < error < 0.05  # bfloat16 has 8 bits; 40 layers


@torch.no_grad()
def test_enlarging_within_a_convolution_is_enlarging_before_it():
    block = EnlargingConvBlock(3, 4, bias=True).double().eval()
    block.norm.running_mean.normal_(0.2, 0.1)
    features = torch.randn(2, 3, 5, 6, dtype=torch.float64)
    before = block(features)
    assert before.shape == (2, 4, 10, 12)
    torch.testing.assert_close(fold(block)(features), before, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("num_references", "size", "words"),
    [(2, 48, "made for 3. Give 3"), (3, 40, "must be multiples of 16")],
)
def test_references_that_do_not_fit_are_refused(num_references, size, words):
    x = random_inputs(1, size, num_references)
    with pytest.raises(DataError, match=words):
        narrow_generator().encode_references(x["images"], x["labels"])


def test_mended_quirks_need_no_other_weights():
    kept, mended = narrow_generator(), narrow_generator(quirks="mended")
    mended.load_state_dict(kept.state_dict(), strict=True)
    x = random_inputs(1)
    with torch.no_grad():
        assert F.l1_loss(mended.eval()(**x).image, kept.eval()(**x).image) > 1e-3


def test_training_begins_with_small_weights_and_norms_near_one():
    generator = narrow_generator()
    initialize(generator)
    state = generator.state_dict()
    conv = state["few_shot.blocks.2.conv_0.parametrizations.weight.original"]  # 32 to 16, 3 x 3
    expected = 0.02 * (2 / (9 * (16 + 32))) ** 0.5
    assert conv.std().item() == pytest.approx(expected, rel=0.05)  # of 4608 draws
    norm = state["few_shot.encoder.image.down.3.norm.weight"]
    assert 0 < (norm - 1).abs().max() < 0.1
    assert not state["few_shot.to_image.bias"].any()
