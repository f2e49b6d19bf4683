"""Files as the authors publish them are read, renamed and loaded, whatever the sizes."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from talkingface.errors import CheckpointError
from talkingface.models.rhythmic_head_motion.discriminator import adversary
from talkingface.models.rhythmic_head_motion.few_shot import FewShotGenerator
from talkingface.models.rhythmic_head_motion.generator import Generator
from talkingface.models.rhythmic_head_motion.head_motion import HeadMotion
from talkingface.models.rhythmic_head_motion.weights import (
    discriminator_weights,
    generator_weights,
    head_motion_weights,
)
from talkingface.storage.fitting import load_into
from talkingface.storage.published import read_published
from tests.parity.rhythmic_head_motion.recipe import GeneratorWeights, shapes_in

SIZES = {"channels": (2, 4, 8, 16, 32, 64), "num_references": 2}
NARROW_MOTION = {"window_shape": (7, 12), "hidden_size": 6, "feature_size": 4}


def small_generator() -> Generator:
    return Generator(FewShotGenerator(**SIZES), flow_channels=(2, 4, 8, 8))


def published_form(network: nn.Module, names: dict[str, str]) -> dict[str, Tensor]:
    """Return the state of `network` under published names; what is unused has any shape."""
    state = network.state_dict()
    assert set(names.values()) - {""} == set(state)
    return {theirs: state[ours] if ours else torch.zeros(3) for theirs, ours in names.items()}


def own_generator_names() -> dict[str, str]:
    anything = torch.zeros(0)
    published = GeneratorWeights().shapes("full_n8")
    return {name: next(iter(generator_weights({name: anything})), "") for name in published}


def same(left: nn.Module, right: nn.Module) -> bool:
    pairs = zip(left.state_dict().items(), right.state_dict().items(), strict=True)
    return all(a == b and torch.equal(x, y) for (a, x), (b, y) in pairs)


def test_the_generators_file_is_loaded(tmp_path: Path) -> None:
    first, second = small_generator(), small_generator()
    names = own_generator_names()
    assert [name for name, ours in names.items() if not ours]  # some tensors nothing depends on
    path = tmp_path / "latest_net_G.pth"
    torch.save(published_form(first, names), path)
    assert not same(first, second)
    assert load_into(second, generator_weights(read_published(path)), source=path.name) == ()
    assert same(first, second)


def test_a_generators_file_for_another_number_of_references_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latest_net_G.pth"
    torch.save(published_form(small_generator(), own_generator_names()), path)
    other = Generator(FewShotGenerator(**SIZES | {"num_references": 4}), flow_channels=(2, 4, 8, 8))
    with pytest.raises(CheckpointError, match="image_summary"):
        load_into(other, generator_weights(read_published(path)), source=path.name)


def test_an_unknown_name_stays_unknown() -> None:
    strange = generator_weights({"netG.memory.weight": torch.zeros(1)})
    with pytest.raises(CheckpointError, match="1 unknown"):
        load_into(small_generator(), small_generator().state_dict() | strange, source="a.pth")


def test_the_discriminators_file_is_loaded() -> None:
    network = adversary(channels=4).discriminator
    names = {
        name: next(iter(discriminator_weights({name: torch.zeros(0)})))
        for name in shapes_in("discriminator_names.json")
    }
    published = published_form(network, names)
    assert load_into(network, discriminator_weights(published), source="latest_net_D.pth") == ()


def test_the_three_networks_of_head_motion_are_loaded_from_one_file(tmp_path: Path) -> None:
    first, second = HeadMotion(**NARROW_MOTION), HeadMotion(**NARROW_MOTION)
    places = {"encode": "rt_encode", "mid_net": "audio_encode", "decode": "rt_decode"}
    shapes = shapes_in("head_motion_names.json")
    theirs = [f"{place}.{name}" for place, part in places.items() for name in shapes[part]]
    names = {name: next(iter(head_motion_weights({name: torch.zeros(0)}))) for name in theirs}
    nested: dict[str, dict[str, Tensor]] = {place: {} for place in places}
    for name, tensor in published_form(first, names).items():
        place, rest = name.split(".", 1)
        nested[place][rest] = tensor
    path = tmp_path / "best_model.pth.tar"
    torch.save(nested | {"epoch": 40}, path)
    assert load_into(second, head_motion_weights(read_published(path)), source=path.name) == ()
    assert same(first, second)


def test_fine_tuning_updates_what_the_published_program_does() -> None:
    generator = small_generator()
    parameters = dict(generator.named_parameters())
    chosen = {id(parameter) for parameter in generator.personal_parameters()}
    for theirs, ours in own_generator_names().items():
        if ours in parameters:
            tuned = any(part in theirs for part in ("fc", "conv_img", "up"))
            assert (id(parameters[ours]) in chosen) == tuned, theirs
