"""The table of published weights is complete, and a wrong row is a sentence."""

import re
from pathlib import Path, PurePosixPath

import pytest

from talkingface.errors import ConfigError
from talkingface.storage.catalogue import PublishedFile, find, load_catalogue, of_model

TABLE = Path(__file__).parents[3] / "checkpoints" / "weights.yaml"
ROW = "{used_by: a, licence: b, page: c, file: d.pth, folder: e"


def test_the_table_names_what_the_papers_and_metrics_need() -> None:
    names = {entry.name for entry in load_catalogue(TABLE)}
    assert names >= {"pc_avs", "speech2talking_face", "pd_fgc", "rhythmic_head_motion", "syncnet"}


@pytest.mark.parametrize("entry", load_catalogue(TABLE), ids=lambda entry: entry.name)
def test_every_row_is_safe_and_useful(entry: PublishedFile) -> None:
    assert entry.address is None or entry.address.startswith("https://")
    assert entry.page.startswith("https://")
    for name in (entry.folder, entry.file, *entry.holds):
        assert not PurePosixPath(name).is_absolute()
        assert ".." not in PurePosixPath(name).parts
    assert entry.sha256 is None or re.fullmatch(r"[0-9a-f]{8}|[0-9a-f]{64}", entry.sha256)
    assert entry.git_blob is None or re.fullmatch(r"[0-9a-f]{40}", entry.git_blob)
    # PyTorch's custom: a name ends in the beginning of the checksum.
    hinted = re.search(r"-([0-9a-f]{8})\.pth$", entry.file)
    assert hinted is None or (entry.sha256 or "").startswith(hinted[1])


def test_no_two_rows_go_to_the_same_place() -> None:
    places = [path for entry in load_catalogue(TABLE) for path in entry.paths(Path())]
    assert len(places) == len(set(places))


def test_a_drive_id_is_an_address_that_answers_with_the_file() -> None:
    entry = find(load_catalogue(TABLE), "pc_avs")
    assert entry.address == (
        "https://drive.usercontent.google.com/download"
        "?id=1Zehr3JLIpzdg2S5zZrhIbpYPKF-4gKU_&export=download&confirm=t"
    )


def test_the_networks_of_a_method_become_one_file_and_lie_elsewhere_if_a_person_unpacks_them() -> (
    None
):
    entry = of_model(load_catalogue(TABLE), "PC_AVS")
    assert entry == find(load_catalogue(TABLE), "pc_avs")
    assert entry.paths(Path("w")) == (Path("w/PC_AVS/published.safetensors"),)
    assert entry.paths_by_hand(Path("w"))[0] == Path("w/demo/latest_net_G.pth")
    assert of_model(load_catalogue(TABLE), "Loud_Mouth") is None


def test_an_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match=r"'sync-nett'. Did you mean 'syncnet'\? Known: pc_avs,"):
        find(load_catalogue(TABLE), "sync-nett")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[1, 2]", "is no table"),
        ("a: 3", "a has no fields"),
        ("a: {used_by: x}", "a lacks licence, page, file, folder"),
        (f"a: {ROW}, licens: x}}", r"unknown field 'licens'. Did you mean 'licence'\?"),
        (f"a: {ROW}, size: '3'}}", "size of a cannot be '3'"),
        (f"a: {ROW}, size: 0}}", "size of a cannot be 0"),
        (f"a: {ROW}, sha256: 12345678}}", "sha256 of a cannot be 12345678"),
        (f"a: {ROW}, holds: x}}", "holds of a cannot be 'x'"),
        ("a: [", "cannot be read"),
        ("a: !!python/object/apply:os.getpid []", "cannot be read"),
    ],
)
def test_a_wrong_table_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "weights.yaml").write_text(text)
    with pytest.raises(ConfigError, match=sentence):
        load_catalogue(tmp_path / "weights.yaml")


def test_an_absent_table_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_catalogue(tmp_path / "weights.yaml")
