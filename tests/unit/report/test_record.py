"""A run is read as it was written, and what is missing or wrong in it is absent, not an error."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from talkingface.errors import DataError
from talkingface.report.record import METHOD, read_record
from talkingface.report.report import page_of_one, page_of_several

MakeRun = Callable[..., Path]
OLDER = {
    "model": "Mime",
    "weights": "no weights, it needs none",
    "num_clips": 2,
    "failures": {},
    "scores": {
        "SSIM": {
            "mean": 0.5,
            "standard_error": None,
            "num_clips": 1,
            "unit": "",
            "higher_is_better": True,
            "version": "1",
        }
    },
    "unavailable": {"FID": "Too few frames."},
}


def test_everything_that_was_written_is_read(make_run: MakeRun) -> None:
    folder = make_run(clips=4)
    written = json.loads((folder / "results.json").read_text())
    record = read_record(folder)
    assert (record.method, record.dataset, record.num_clips) == ("Mime", "Squares", 4)
    assert list(record.scores) == [METHOD, "truth", "portrait_repeated", "shuffled_speech"]
    for subject, scores in record.scores.items():
        said = written["scores"] if subject == METHOD else written["beside"][subject]
        assert {name: score.mean for name, score in scores.items()} == {
            name: score["mean"] for name, score in said.items()
        }
    assert record.metrics["LMD"].unit == "px"
    assert record.metrics["LMD"].higher_is_better is False
    assert record.metrics["SSIM"].paper == 0.861
    assert record.metrics["SSIM"].settings == "colour RGB, window Gaussian, 11 px"
    assert record.unavailable["LPIPS"].endswith("Get it with: download lpips.")
    assert len(record.clips) == 4
    assert len(record.rows) == 16
    assert record.clips[0].video == folder / "videos" / "clip_000.mp4"
    assert len(record.curve("clip_000", "truth", "LSE_D", "distance")) == 31
    assert record.settings["model.name"] == "Mime"


def test_results_of_an_older_program_are_read(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(json.dumps(OLDER))
    (tmp_path / "per_clip.csv").write_text(
        "clip,num_frames,SSIM,video,failure\na,25,0.5,a.mp4,\nb,0,,,too shy\n"
    )
    record = read_record(tmp_path)
    assert record.method == "Mime"
    assert record.metrics["SSIM"].higher_is_better is True
    assert record.unavailable == {"FID": "Too few frames."}
    assert [row.failure for row in record.clips] == ["", "too shy"]
    assert "Failed: too shy" in page_of_one(record)


def test_a_folder_without_a_run_is_a_sentence(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(DataError, match="holds nothing to report"):
            read_record(folder)


@pytest.mark.parametrize("file", ["results.json", "curves.json", "manifest.json"])
@pytest.mark.parametrize("content", ["{", "[" * 100_000, "\xff\xfe", "NaN"])
def test_a_damaged_file_is_a_sentence_or_absent(make_run: MakeRun, file: str, content: str) -> None:
    folder = make_run()
    (folder / file).write_bytes(content.encode("latin-1"))
    try:
        page_of_one(read_record(folder))
    except DataError as error:
        assert str(folder) in str(error)  # noqa: PT017  either is right


def test_a_table_with_wrong_cells_is_read(make_run: MakeRun) -> None:
    folder = make_run()
    (folder / "per_clip.csv").write_text(
        "clip,subject,num_frames,SSIM,video\n"
        "a,method,many,nan,../../../etc/passwd\n"
        "b,method\n"
        "c,method,3,inf,a\0b,more,and,more\n"
        'd,"method'
    )
    page = page_of_one(read_record(folder))
    assert "root:" not in page
    assert read_record(folder).values("SSIM") == {}


def test_a_video_that_was_there_before_is_found_by_its_path(make_run: MakeRun, tmp_path) -> None:
    folder = make_run()
    made = tmp_path / "made" / "clip_000.mp4"
    made.parent.mkdir()
    (folder / "videos" / "clip_000.mp4").rename(made)
    table = folder / "per_clip.csv"
    table.write_text(table.read_text().replace("clip_000.mp4", str(made)))
    assert read_record(folder).clips[0].video == made


WRONG = [None, 7, "words", [1, "a", None], {"a": {"b": []}}, True, -1e300, "<b>"]
NUM_TURNS = 10


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value of a tree, the deepest first, of lists only to the first."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from places(value, (*path, key))
    elif isinstance(tree, list) and tree:
        yield from places(tree[0], (*path, 0))
    if path:
        yield path


@pytest.mark.parametrize("file", ["results.json", "curves.json", "manifest.json"])
def test_no_value_of_a_wrong_kind_breaks_the_page(make_run: MakeRun, file: str) -> None:
    folder = make_run(clips=2)
    for video in (folder / "videos").iterdir():
        video.unlink()  # which takes the time of this test
    text = (folder / file).read_text()
    every = list(places(json.loads(text)))
    for turn in range(NUM_TURNS):
        tree = json.loads(text)
        for index, (*way, last) in enumerate(every[turn::NUM_TURNS]):
            at = tree
            for key in way:
                at = at[key]
            at[last] = WRONG[(index + turn) % len(WRONG)]
        (folder / file).write_text(json.dumps(tree))
        record = read_record(folder)
        assert page_of_one(record).startswith("<!doctype html>")
        assert page_of_several([record, record]).startswith("<!doctype html>")
