"""The eight-column metadata of PC-AVS, as its program writes it and with blanks in paths."""

from pathlib import Path

import pytest

from talkingface.data.metadata import BadLine, Row, read_rows, write_rows
from talkingface.errors import DataError

# The authors' own demo line.
DEMO = (
    "misc/Input/517600055 1 misc/Pose_Source/517600078 160 misc/Audio_Source/681600002.mp3 "
    "misc/Mouth_Source/681600002 363 dummy\n"
)
DEMO_ROW = Row(
    "misc/Input/517600055",
    1,
    "misc/Pose_Source/517600078",
    160,
    "misc/Audio_Source/681600002.mp3",
    "misc/Mouth_Source/681600002",
    363,
)


def test_the_authors_line_is_read_and_written_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "demo.csv"
    path.write_text(DEMO)
    assert read_rows(path) == [DEMO_ROW]
    write_rows(path, [DEMO_ROW])
    assert path.read_text() == DEMO
    assert not DEMO_ROW.has_blanks


def test_several_blanks_a_mark_of_byte_order_and_empty_lines_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "demo.csv"
    path.write_text("\n  " + DEMO.replace(" ", "   ") + "\n", encoding="utf-8-sig")
    assert read_rows(path) == [DEMO_ROW]


@pytest.mark.parametrize(
    "name", ["my data/Bob's clip", 'say "a"', '"quoted"', "-rf", "büro/ü n", "a\tb", "O'Hara"]
)
def test_any_path_comes_back_as_it_went(name: str, tmp_path: Path) -> None:
    row = Row(name, 2, name, 3, f"{name}.mp3", name, 4, f"{name}.npy")
    path = tmp_path / "list.csv"
    write_rows(path, [row, DEMO_ROW])
    assert read_rows(path) == [row, DEMO_ROW]


def test_a_path_with_a_blank_needs_quotes_and_an_apostrophe_does_not() -> None:
    assert Row("my data", 1, "p", 1, "a").has_blanks
    assert not Row("O'Hara", 1, "p", 1, "a").has_blanks


WRONG = [
    ("a 1 b 2 c d 3", "7 fields instead of 8"),
    ("my a 1 b 2 c d 3 dummy", "9 fields instead of 8"),
    ("a one b 2 c d 3 dummy", "'one' stands where a count"),
    ('"a 1 b 2 c d 3 dummy', "Close every double quote"),
]


@pytest.mark.parametrize(("line", "sentence"), WRONG)
def test_a_wrong_line_is_named_with_its_number_and_costs_no_other(
    line: str, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(DEMO + "\n" + line + "\n" + DEMO)
    first, bad, last = read_rows(path)
    assert first == last == DEMO_ROW
    assert isinstance(bad, BadLine)
    assert bad.number == 3
    assert bad.reason.startswith(f"{path}:3: ")
    assert sentence in bad.reason


def test_a_list_without_any_good_line_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a 1 b\nc 2\n")
    with pytest.raises(DataError, match=r"list\.csv:1: 3 fields instead of 8"):
        read_rows(tmp_path / "list.csv")


def test_an_empty_list_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("\n")
    with pytest.raises(DataError, match="lists no clips"):
        read_rows(tmp_path / "list.csv")
