"""Which weights a call means, by each way to name them, and what is said where there are none."""

import os

import pytest

from talkingface.config.locations import weights_table
from talkingface.engine.found_weights import find_weights
from talkingface.engine.published_weights import joined, published_of
from talkingface.errors import CheckpointError
from talkingface.plugins import discover
from talkingface.storage.catalogue import load_catalogue, of_model
from talkingface.storage.receipt import write_receipt
from talkingface.storage.weights import write_weights
from tests.unit.engine.toy_method import ROW, SPEC, write_published

LOUD_MOUTH = discover().models.get("Loud_Mouth")


@pytest.fixture
def table(checkpoints):
    """Return the folder of weights, whose table knows of the toy's."""
    with (checkpoints / "weights.yaml").open("a") as file:
        file.write(ROW)
    return checkpoints


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def take_in(table):
    """Put the published weights where `download` puts them."""
    (table / "Toy").mkdir(exist_ok=True)
    file = table / "Toy" / "published.safetensors"
    write_weights(file, joined(SPEC, write_published(table / "elsewhere")))
    return file


def refused(given, spec=SPEC):
    with pytest.raises(CheckpointError) as caught:
        find_weights(spec, given)
    return str(caught.value)


def test_without_a_word_the_demo_weights_are_taken_even_beside_the_published(table):
    assert find_weights(SPEC, None) is None
    published = take_in(table)
    assert find_weights(SPEC, None).place == published  # better than nothing
    demo = touch(table / "Toy" / "demo.safetensors")
    assert find_weights(SPEC, None).place == demo


def test_the_word_published_asks_for_what_was_downloaded(table):
    touch(table / "Toy" / "demo.safetensors")
    published = take_in(table)
    found = find_weights(SPEC, "published")
    assert (found.place, found.published) == (published, {})


def test_the_word_published_finds_what_a_hand_has_unpacked(table):
    files = write_published(table / "unpacked")
    found = find_weights(SPEC, "published")
    assert (found.place, found.published) == (table / "unpacked", files)


def test_the_word_published_says_how_to_get_what_is_not_here(table):
    assert "published.safetensors is missing. Fetch toy.zip by hand from" in refused("published")
    assert refused("published", LOUD_MOUTH) == (
        "There are no published weights of Loud_Mouth to be had."
    )


def test_published_weights_that_changed_since_they_came_are_refused(table):
    file = take_in(table)
    write_receipt(table / "Toy" / "toy.receipt.json", "0" * 64, [file], verified=False)
    assert find_weights(SPEC, "published").place == file
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    assert "was changed since it came" in refused("published")


@pytest.mark.parametrize("place", ["", "demo", "checkpoints/demo"])
def test_a_folder_is_searched_two_levels_deep(tmp_path, table, place):
    files = write_published(tmp_path / "given" / place)
    assert find_weights(SPEC, str(tmp_path / "given")).published == files


def test_one_of_the_files_stands_for_all_beside_it(tmp_path, table):
    files = write_published(tmp_path / "given")
    assert find_weights(SPEC, str(files["net_E.pth"])).published == files


def test_a_converted_file_is_preferred_to_its_original(tmp_path, table):
    files = write_published(tmp_path)
    safe = touch(tmp_path / "net_G.safetensors")
    found = find_weights(SPEC, str(tmp_path))
    assert found.published == files | {"net_G.pth": safe}


def test_published_files_in_two_places_are_not_guessed_at(tmp_path, table):
    write_published(tmp_path / "given" / "old")
    write_published(tmp_path / "given" / "new")
    assert "given/new, " in refused(str(tmp_path / "given"))


def test_a_run_stands_for_what_was_trained_in_it(tmp_path, table):
    weights = touch(tmp_path / "weights.safetensors")
    assert find_weights(SPEC, str(tmp_path)).place == weights
    assert find_weights(SPEC, str(weights)).place == weights
    assert "no folder of a run" in refused(os.fspath(table), LOUD_MOUTH)


def test_the_older_name_of_the_weights_means_the_demo_weights(table):
    demo = touch(table / "Loud_Mouth" / "demo.safetensors")
    assert find_weights(LOUD_MOUTH, "./checkpoints/Loud_Mouth/simple_model.pth").place == demo


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.safetensors", "There is no file"),
        ("empty/", "holds no weights of Toy: neither weights.safetensors of a run nor net_G.pth,"),
        ("toy.zip", "is an archive. Take the weights in it with `download NAME --from"),
        ("other.pth", "is none of the files that the authors of Toy published: net_G.pth, net_E"),
        ("checkpoints/step-00000001.pt", "is a state of training"),
    ],
)
def test_what_is_no_weights_is_a_sentence(tmp_path, table, name, said):
    path = tmp_path / "given" / name
    if name.endswith("/"):
        path.mkdir(parents=True)
    elif name != "nowhere.safetensors":
        touch(path)
    assert said in refused(str(path))


def test_a_pickle_for_a_method_without_published_files_is_a_sentence(tmp_path, table):
    said = refused(str(touch(tmp_path / "a.pth")), LOUD_MOUTH)
    assert said.endswith("a file of PyTorch; Loud_Mouth takes its weights from .safetensors files.")


def test_a_set_of_files_has_one_checksum_that_sees_each(tmp_path, table):
    write_published(tmp_path)
    before = find_weights(SPEC, str(tmp_path)).sha256()
    assert find_weights(SPEC, str(tmp_path)).sha256() == before
    (tmp_path / "net_E.pth").write_bytes(b"another")
    assert find_weights(SPEC, str(tmp_path)).sha256() != before


@pytest.mark.parametrize("spec", list(discover().models), ids=lambda spec: spec.name)
def test_what_a_method_declares_and_its_row_of_the_table_agree(spec):
    published, entry = published_of(spec), of_model(load_catalogue(weights_table()), spec.name)
    files = set(entry.holds or (entry.file,)) if entry else set()
    needed = set(published.files) - set(published.without) if published else set()
    assert files == needed
