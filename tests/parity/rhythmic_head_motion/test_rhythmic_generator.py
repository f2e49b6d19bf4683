"""Our generator against the published one, with its ablations, on weights that anyone can make."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.few_shot import PUBLISHED_CHANNELS, FewShotGenerator
from talkingface.models.rhythmic_head_motion.generator import (
    Composed,
    Generator,
    Source,
    SourceName,
)
from talkingface.models.rhythmic_head_motion.weight_generator import (
    FeatureCorrelation,
    LevelWeights,
)
from talkingface.models.rhythmic_head_motion.weights import generator_weights
from talkingface.nn.folding import fold
from talkingface.nn.spectral_norm import own_name
from tests.parity.rhythmic_head_motion.recipe import HERE, GeneratorWeights, inputs, to_be_filled

# float32 on both sides; sums are taken in another order, and some 60 layers follow each other
IMAGE = 5e-5
FEATURES = 1e-5  # up to 30 layers
FLOW_PX = 1e-4  # 25 layers, then enlarged 20 times
ATTENTION = 1e-6  # 3 layers; sums of 128 products


@dataclass(frozen=True)
class Variant:
    """A golden, and what makes our generator the network that it was made by."""

    golden: str
    weights: str
    few_shot: dict[str, Any] = field(default_factory=dict)
    warped: tuple[SourceName, ...] = ("reference", "ani")
    pictures: Literal["moved", "still"] = "moved"
    size: int = 128
    batch: int = 1

    @property
    def num_references(self) -> int:
        return int(self.few_shot.get("num_references", 8))

    @property
    def stride(self) -> int:
        return 4 if self.size == 256 or self.batch == 2 else 2


ONE, SEPARATE, LINEAR = {"num_references": 1}, {"embedding": "separate"}, {"maps": ("label",)}
VARIANTS = [
    Variant("full_n8", "full_n8", size=256),
    Variant("full_n1", "full_n1", ONE, size=256),
    Variant("old_no_atten_n8", "old_no_atten_n8", SEPARATE | {"attention": "uniform"}),
    Variant("old_linear_n8", "old_linear_n8", SEPARATE | LINEAR),
]
# Three to eight seconds each, for ablations whose parts the others cover.
SLOW_VARIANTS = [
    Variant("full_n8_b2", "full_n8", batch=2),
    Variant("no_warp_n8", "full_n8", pictures="still"),
    Variant("no_ani_n8", "no_ani_n8", warped=("reference",)),
    Variant("linear_new_n8", "linear_new_n8", LINEAR),
    Variant("old_n8", "old_n8", SEPARATE),
    Variant("no_raw_n8", "full_n8"),
    Variant("old_linear_n1", "old_linear_n1", SEPARATE | LINEAR | ONE),
]


@dataclass
class Seen:
    """What a generator made, in the end and on the way."""

    variant: Variant
    golden: dict[str, np.ndarray]
    composed: Composed
    features: tuple[Tensor, Tensor]  # of image and label, pooled
    matrices: list[Tensor]
    weights: list[LevelWeights]
    label_maps: list[Tensor]
    level_2: Tensor

    def compare(self, name: str, ours: Tensor, tolerance: float) -> None:
        np.testing.assert_allclose(ours.numpy(), self.golden[name], rtol=0, atol=tolerance)

    def compare_all(self, name: str, ours: Tensor, stride: int, tolerance: float) -> None:
        """Compare every pixel's share in five numbers, and some pixels one by one."""
        self.compare(name, ours[..., ::stride, ::stride], tolerance)
        pixels = ours.double()
        numbers = [pixels.mean(), pixels.std(correction=0), pixels.min(), pixels.max()]
        whole = torch.stack([*numbers, pixels.abs().mean()])
        self.compare(f"{name}_stats", whole, tolerance)


@pytest.fixture(scope="module")
def weights() -> GeneratorWeights:
    return GeneratorWeights()


@pytest.fixture(scope="module")
def generators(weights: GeneratorWeights) -> Callable[[Variant], Generator]:
    """Return the function from a variant to its generator; variants share what they can."""
    made: dict[str, Generator] = {}

    def generator_of(variant: Variant) -> Generator:
        if variant.weights not in made:
            with to_be_filled():
                generator = Generator(FewShotGenerator(**variant.few_shot), warped=variant.warped)
            filled = generator_weights(weights.of(variant.weights))
            generator.load_state_dict(filled, strict=True, assign=True)
            made[variant.weights] = generator.eval()
        made[variant.weights].pictures = variant.pictures
        return made[variant.weights]

    return generator_of


@pytest.fixture(
    scope="module",
    params=[
        *(pytest.param(variant, id=variant.golden) for variant in VARIANTS),
        *(
            pytest.param(variant, id=variant.golden, marks=pytest.mark.slow)
            for variant in SLOW_VARIANTS
        ),
    ],
)
def seen(request: pytest.FixtureRequest, generators: Callable[[Variant], Generator]) -> Seen:
    variant: Variant = request.param
    with torch.no_grad():
        return run(generators(variant), variant)


@pytest.fixture(scope="module")
def correlation(weights: GeneratorWeights) -> FeatureCorrelation:
    """Return the published network whole: of its smallest matrix our generator makes no use."""
    place = re.compile(r"netG\.comb_encoder\.ref_(img|label)_up_(\d)\.(\w+)(.+)")
    names = {"img": "image", "label": "label", "conv": "conv", "bn": "norm"}
    filled = {
        own_name(f"{names[found[1]]}.{found[2]}.{names[found[3]]}{found[4]}"): tensor
        for name, tensor in weights.of("full_n8").items()
        if (found := place.fullmatch(name))
    }
    with to_be_filled():
        network = FeatureCorrelation(PUBLISHED_CHANNELS).eval().requires_grad_(False)
    network.load_state_dict(filled, strict=True)
    return network


def run(generator: Generator, variant: Variant) -> Seen:
    x = inputs(variant.num_references, variant.batch, variant.size)
    few_shot, kept = generator.few_shot, {}

    def keep(name: str) -> Callable[[nn.Module, Any, Any], None]:
        return lambda _module, given, made: kept.update({name: made, f"{name} given": given})

    watched = {
        "matrices": few_shot.correlation,
        "weights": few_shot.weight_generator,
        "label_maps": few_shot.label_embedding,
        "level_2": few_shot.blocks[2],
    }
    hooks = [part.register_forward_hook(keep(name)) for name, part in watched.items()]
    references = generator.encode_references(x["images"], x["labels"])
    sources = {name: Source(x[f"{name}_label"], x[f"{name}_picture"]) for name in generator.flows}
    with_raw = variant.golden != "no_raw_n8"
    composed = generator.compose(references, x["target_label"], sources, with_raw=with_raw)
    for hook in hooks:
        hook.remove()
    golden = dict(np.load(HERE / f"{variant.golden}.npz"))
    made = {name: kept[name] for name in watched}
    return Seen(variant, golden, composed, kept["matrices given"], **made)


def test_the_frames_are_the_originals(seen: Seen) -> None:
    size = seen.variant.size
    middle = slice(size // 2 - 16, size // 2 + 16)
    seen.compare_all("image", seen.composed.image, seen.variant.stride, IMAGE)
    seen.compare("image_crop", seen.composed.image[..., middle, middle], IMAGE)


def test_frames_of_a_folded_generator_are_the_originals(weights: GeneratorWeights) -> None:
    variant = next(one for one in SLOW_VARIANTS if one.golden == "no_raw_n8")
    with to_be_filled():
        generator = Generator(FewShotGenerator())
    generator.load_state_dict(generator_weights(weights.of(variant.weights)), assign=True)
    with torch.no_grad():
        folded = run(fold(generator.eval()), variant)
    test_the_frames_are_the_originals(folded)
    test_flows_masks_and_warped_pictures_are_the_originals(folded)


def test_raw_and_half_blended_frames_are_the_originals(seen: Seen) -> None:
    made = {"raw": seen.composed.raw, "image_ani": seen.composed.half_blended}
    assert {name for name, image in made.items() if image is not None} == made.keys() & seen.golden
    for name, image in made.items():
        if image is not None:
            seen.compare_all(name, image, seen.variant.stride, IMAGE)


def test_flows_masks_and_warped_pictures_are_the_originals(seen: Seen) -> None:
    stride = 2 * seen.variant.stride
    for name, warped in seen.composed.warped.items():
        ending = {"reference": "ref"}.get(name, name)
        seen.compare_all(f"flow_{ending}", warped.flow, stride, FLOW_PX)
        seen.compare_all(f"mask_{ending}", warped.mask, stride, FEATURES)
        seen.compare_all(f"warped_{ending}", warped.picture, stride, IMAGE)


def test_the_attention_is_the_originals(seen: Seen) -> None:
    if "attention" not in seen.golden:
        assert torch.all(seen.composed.attention == 1 / seen.variant.num_references)
        return
    flat = seen.composed.attention.flatten(2)
    seen.compare("attention", flat[..., ::16], ATTENTION)
    seen.compare("attention_sum", flat.sum(dim=-1), ATTENTION * flat.shape[-1])
    assert seen.composed.main_reference.tolist() == seen.golden["ref_idx"].tolist()


def test_the_pooled_references_are_the_originals(seen: Seen) -> None:
    seen.compare("encoder_image", seen.features[0][:, ::16], FEATURES)
    if "encoder_label" in seen.golden:
        seen.compare("encoder_label", seen.features[1][:, ::16], FEATURES)


def test_the_correlations_of_features_are_the_originals(
    seen: Seen, correlation: FeatureCorrelation
) -> None:
    matrices = correlation(*seen.features)
    for index, matrix in enumerate(matrices):
        step = matrix.shape[-1] // 16
        # sums over up to 64 positions of features around 1
        seen.compare(f"comb_{index}", matrix[0, ::step, ::step], 5 * FEATURES)
    assert all(map(torch.equal, matrices[1:], seen.matrices))


def test_the_generated_weights_are_the_originals(seen: Seen) -> None:
    for index, level in enumerate(seen.weights):
        assert level.shortcut is not None
        made = {"0": level.norm_0, "1": level.norm_1, "s": level.shortcut}
        for place, modulation in made.items():
            pair = {"gamma": modulation.scale, "beta": modulation.shift}
            for kind, conv in pair.items():
                seen.compare(f"spade_{index}_{place}_{kind}", thinned(conv.weight[0]), FEATURES)
        seen.compare(f"embed_{index}", thinned(level.embedding.weight[0].T), FEATURES)


def thinned(weight: Tensor) -> Tensor:
    return weight[:: weight.shape[0] // 8, :: weight.shape[1] // 8]


def test_the_embedded_drawings_are_the_originals(seen: Seen) -> None:
    for index, embedded in enumerate(seen.label_maps):
        steps = [side // 8 for side in embedded.shape[1:2]]
        steps += [max(1, side // 8) for side in embedded.shape[2:]]
        thin = embedded[0, :: steps[0], :: steps[1], :: steps[2]]
        seen.compare(f"label_embedding_{index}", thin, FEATURES)
        whole = torch.stack([embedded.mean(), embedded.std(correction=0)])
        seen.compare(f"label_embedding_{index}_stats", whole, FEATURES)


def test_the_last_level_before_the_composition_is_the_originals(seen: Seen) -> None:
    thin = seen.level_2[0, ::8, ::4, ::4]
    # values around 10, behind 40 layers
    seen.compare("up_2", thin, 10 * IMAGE)
