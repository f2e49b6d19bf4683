"""A manifest is read row by row; what is wrong with one is said with its line."""

from pathlib import Path

import pytest

from talkingface.data.manifest import read_manifest
from talkingface.errors import DataError

CSV = """video,speech,name,identity,split
anna/first.mp4,anna/first.wav,hello,Anna,test
"bert, old/second.mp4",,,,
"""


def written(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])  # the latter as spreadsheets save it
def test_a_csv_manifest_gives_its_rows(encoding: str, tmp_path: Path) -> None:
    first, second = read_manifest(written(tmp_path, "clips.csv", CSV, encoding))
    assert first.video == tmp_path / "anna/first.mp4"
    assert first.speech == (tmp_path / "anna/first.wav",)
    assert (first.name, first.identity, first.split) == ("hello", "Anna", "test")
    assert second.video == tmp_path / "bert, old/second.mp4"
    assert second.speech == (second.video,)
    assert (second.name, second.identity, second.split) == ("bert, old_second", "", None)


def test_a_jsonl_manifest_says_the_same(tmp_path: Path) -> None:
    text = (
        '{"video": "anna/first.mp4", "speech": "anna/first.wav", "name": "hello", '
        '"identity": "Anna", "split": "test"}\n\n{"video": "bert, old/second.mp4"}\n'
    )
    of_csv = read_manifest(written(tmp_path, "clips.csv", CSV))
    assert read_manifest(written(tmp_path, "clips.jsonl", text)) == of_csv


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.csv", "video,identiy\na.mp4,A\n", "a.csv:2: unknown column 'identiy'.*'identity'"),
        ("a.csv", "name,video\nhello,\n", "a.csv:2: the row has no `video`"),
        ("a.csv", "video\na.mp4\nb.mp4,more\n", "a.csv:3: this row has more values"),
        ("a.csv", "video,split\na.mp4,dev\n", "a.csv:2: there is no split 'dev'"),
        ("a.csv", "video,name\na.mp4,../a\n", "a.csv:2: the name '../a' cannot name a file"),
        ("a.csv", "video\n", "has no row"),
        ("a.csv", "", "has no row"),
        ("a.csv", 'video\n"a.mp4\n', "cannot be read: unexpected end of data"),
        ("a.jsonl", '{"video": "a.mp4"}\n{"video"\n', "a.jsonl:2: this line is no JSON"),
        ("a.jsonl", '{"video": 7}\n', "a.jsonl:1: a row is written"),
        ("a.jsonl", "[]\n", "a.jsonl:1: a row is written"),
        ("a.txt", "a.mp4\n", "is no manifest"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(
    name: str, text: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=reason):
        read_manifest(written(tmp_path, name, text))


def test_a_manifest_of_bytes_or_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"video\n\xff\xfe.mp4\n")
    for name in ("a.csv", "b.csv"):
        with pytest.raises(DataError, match="cannot be read"):
            read_manifest(tmp_path / name)
