"""The page: all in one file, escaped, readable without eyes or network, and small."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from talkingface.cli import main
from talkingface.report.comparison import paired
from talkingface.report.numbers import with_error
from talkingface.report.page import HERE
from talkingface.report.record import read_record
from talkingface.report.report import write_report
from tests.unit.report.parsed_pages import HOSTILE, Seen, seen

MakeRun = Callable[..., Path]
LARGEST_PAGE = 20_000_000  # bytes


def page_of(*runs: Path) -> str:
    path = runs[0] / "report.html"
    write_report(runs, path)
    return path.read_text("utf-8")


@pytest.fixture
def page(make_run: MakeRun) -> str:
    return page_of(make_run())


@pytest.fixture
def both(make_run: MakeRun) -> str:
    return page_of(make_run("first"), make_run("second", better=0.1, method="Other"))


@pytest.mark.parametrize("kind", ["page", "both"])
def test_a_page_asks_for_nothing_outside_of_itself(
    kind: str, request: pytest.FixtureRequest
) -> None:
    found = seen(request.getfixturevalue(kind))
    for _, attributes in found.elements:
        for key in ("src", "href", "poster", "data", "action", "srcset", "xlink:href"):
            assert (attributes.get(key) or "#").startswith(("#", "data:"))
    assert not {"link", "iframe", "object", "embed", "form", "base"} & set(found.tags)
    assert "url(" not in (HERE / "page.css").read_text()
    assert "@import" not in (HERE / "page.css").read_text()


@pytest.mark.parametrize("kind", ["page", "both"])
def test_a_page_can_be_read_without_seeing_it(kind: str, request: pytest.FixtureRequest) -> None:
    found = seen(request.getfixturevalue(kind))
    assert found.all("html") == [{"lang": "en"}]
    assert found.tags.count("h1") == found.tags.count("main") == 1
    assert all(attributes["aria-label"] for attributes in found.all("video"))
    assert all(attributes["alt"] for attributes in found.all("img"))
    assert all(one["role"] == "img" and one["aria-label"] for one in found.all("svg"))
    assert all(one.get("scope") in ("col", "row") for one in found.all("th"))
    assert found.tags.count("table") == found.tags.count("caption")
    places = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(places) == len(set(places))
    assert [one["href"] for one in found.all("a")] == [f"#{place}" for place in places]


def test_the_policy_lets_our_script_and_style_run_and_no_other(page: str) -> None:
    (policy,) = [one["content"] for one in seen(page).all("meta") if "http-equiv" in one]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        (source,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not any("style" in attributes for _, attributes in seen(page).elements)


def test_every_score_stands_beside_what_it_is_compared_with(make_run: MakeRun) -> None:
    folder = make_run()
    words = seen(page_of(folder)).data
    written = json.loads((folder / "results.json").read_text())
    for scores in (written["scores"], *written["beside"].values()):
        for score in scores.values():
            assert with_error(score["mean"], score["standard_error"]) in words
    for said in (
        "↑ higher is better",
        "6 of 6",
        "Ground truth",
        "Portrait repeated",
        "Shuffled speech",
        "0.861",
        "Table 1",
        "unavailable: It needs weights that are not here. Get it with: download lpips.",
        "colour RGB, window Gaussian, 11 px",
        "syncnet abababababab",
        "length: Cut to the shorter one.",
        "readers: Faces are read. SHA-256: Reader 0123456789ab.",
        "These are demo weights",
        "cut by 1 frame",
        "clips.codech264",
    ):
        assert said in words


def test_best_and_worst_clips_are_told_by_the_first_score(make_run: MakeRun) -> None:
    folder = make_run(clips=8)
    page = page_of(folder)
    scores = read_record(folder).values("SSIM")
    order = sorted(scores, key=lambda clip: scores[clip], reverse=True)
    shown = re.findall(r"<figcaption><strong><bdi>(clip_\d+)</bdi>", page)
    assert shown == [*order[:3], *reversed(order[-3:])]


def test_where_less_is_better_the_best_clip_has_the_least(make_run: MakeRun) -> None:
    folder = make_run(clips=8)
    written = json.loads((folder / "results.json").read_text())
    written["metrics"]["SSIM"]["higher_is_better"] = False
    (folder / "results.json").write_text(json.dumps(written))
    scores = read_record(folder).values("SSIM")
    shown = re.findall(r"<figcaption><strong><bdi>(clip_\d+)</bdi>", page_of(folder))
    assert shown[0] == min(scores, key=lambda clip: scores[clip])


def test_what_no_clip_was_compared_with_has_no_column(make_run: MakeRun) -> None:
    folder = make_run()
    written = json.loads((folder / "results.json").read_text())
    for score in written["beside"]["shuffled_speech"].values():
        score["mean"] = None
    del written["paper"]
    (folder / "results.json").write_text(json.dumps(written))
    words = seen(page_of(folder)).data
    assert "Portrait repeated" in words
    assert "Shuffled speech" not in words
    assert "Paper" not in words


def test_a_baseline_says_on_how_many_clips_it_stands_or_why_it_is_missing(
    make_run: MakeRun,
) -> None:
    folder = make_run()
    written = json.loads((folder / "results.json").read_text())
    for score in written["beside"]["shuffled_speech"].values():
        score["num_clips"] = 3
    (folder / "results.json").write_text(json.dumps(written))
    assert "3 clips" in seen(page_of(folder)).data
    del written["beside"]["shuffled_speech"]
    written["not_beside"] = {"shuffled_speech": "<Mime> takes no speech."}
    (folder / "results.json").write_text(json.dumps(written))
    words = seen(page_of(folder)).data
    assert "Shuffled speech" in words
    assert "left out: <Mime> takes no speech." in words


def test_a_clip_is_shown_with_its_sheet_and_its_curves(make_run: MakeRun) -> None:
    found = seen(page_of(make_run(clips=2)))
    assert len(found.all("video")) == 2
    assert [one["alt"] for one in found.all("img")] == [
        f"{one['aria-label'].removeprefix('Generated clip ')}: real frames above generated ones"
        for one in found.all("video")
    ]
    heard = [one["aria-label"] for one in found.all("svg")]
    assert sum(one.startswith("Lip opening of clip_00") for one in heard) == 2
    assert sum("by offset: generated, lowest at 1, real, lowest at 0." in one for one in heard) == 2


def test_a_training_alone_has_a_page(tmp_path: Path) -> None:
    lines = [json.dumps({"step": step, "mouth/l1": 1 / step}) for step in (50, 100)]
    (tmp_path / "metrics.jsonl").write_text("\n".join(lines))
    (tmp_path / "config.yaml").write_text("model.name: Mime\ndataset.name: Squares\n")
    found = seen(page_of(tmp_path))
    assert "Mime on Squares" in found.data
    assert len(found.all("svg")) == 1
    assert [one["href"] for one in found.all("a")] == ["#training", "#made-with"]


def harmless(page: str) -> Seen:
    """Return what is in a page, once it is sure that no name became markup."""
    found = seen(page)
    assert found.tags.count("script") == found.tags.count("style") == 1
    for tag, attributes in found.elements:
        assert not any(key.startswith("on") or key == "autofocus" for key in attributes), tag
    assert all((one.get("src") or "").startswith("data:") for one in found.all("img"))
    return found


@pytest.mark.parametrize("turn", range(2))
def test_a_hostile_name_is_words_wherever_it_stands(make_run: MakeRun, turn: int) -> None:
    folder = make_run()
    harmless_tags = set(seen(page_of(folder)).tags)
    given = ("Mime", "Squares", "clip_000", "SSIM", "px", "Table 1", "lip")
    names = dict(zip(given, HOSTILE[turn * len(given) :], strict=False))
    assert len(names) == len(given)
    for file in ("results.json", "curves.json", "manifest.json", "per_clip.csv", "config.yaml"):
        text = (folder / file).read_text()
        for word, name in names.items():
            quoted = json.dumps(name)[1:-1] if file.endswith(".json") else name
            if file == "per_clip.csv":
                quoted = '"{}"'.format(name.replace('"', '""'))
            text = quoted.join(re.split(rf"\b{word}(?![\w.])", text))
        (folder / file).write_bytes(text.encode("utf-8", "replace"))
    assert set(harmless(page_of(folder)).tags) <= harmless_tags
    harmless(page_of(folder, folder))


@pytest.mark.slow
def test_a_page_of_long_videos_and_many_clips_stays_small(make_run: MakeRun) -> None:
    folder = make_run(clips=3000)
    video = folder / "videos" / "clip_000.mp4"
    free = 5_000_000  # a part of the file that players skip
    with video.open("ab") as file:
        file.write((free + 8).to_bytes(4, "big") + b"free" + bytes(free))
    for index in range(1, 3000):
        path = folder / "videos" / f"clip_{index:03}.mp4"
        path.unlink(missing_ok=True)
        path.hardlink_to(video)
    page = page_of(folder)
    assert len(page.encode()) < LARGEST_PAGE
    assert page.count("<video") == 2
    assert "2500 more clips are in per_clip.csv" in page


def test_runs_are_compared_clip_by_clip(make_run: MakeRun) -> None:
    runs = make_run("first"), make_run("second", better=0.1, method="Other")
    records = [read_record(run) for run in runs]
    one, two = (np.array(list(record.values("LMD").values())) for record in records)
    change = two - one
    expected = change.mean(), change.std(ddof=1) / np.sqrt(len(change))
    assert paired(*records, "LMD") == pytest.approx(expected, rel=1e-12)
    found = seen(page_of(*runs))
    assert f"+{with_error(*expected)}" in found.data
    assert found.tags.count("video") == 4  # the two clips that are there, by either


def test_a_comparison_says_what_makes_it_unfair(make_run: MakeRun) -> None:
    first, other = make_run("first"), make_run("second", clips=4, split="val")
    written = json.loads((other / "results.json").read_text())
    written["metrics"]["SSIM"]["version"] = "2"
    (other / "results.json").write_text(json.dumps(written))
    words = seen(page_of(first, other)).data
    assert "They are scored on different splits." in words
    assert "They are scored on different clips." in words
    assert "SSIM has other versions or settings." in words
    assert "They are scored" not in seen(page_of(first, first)).data


def test_a_comparison_shows_the_settings_that_differ(make_run: MakeRun) -> None:
    first, other = make_run("first"), make_run("second")
    (other / "config.yaml").write_text("model.name: Mime\nseed: 0\nevaluate.limit: 5\n")
    page = page_of(first, other)
    differences = page[page.index('id="differences"') :]
    assert "evaluate.limit" in differences
    assert "model.name" not in differences


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_verb_writes_the_page_into_the_run(make_run: MakeRun, capsys) -> None:
    run = make_run()
    page = run / "report.html"
    assert said(capsys, "report", str(run)) == (0, f"Report:  {page}\n", "")
    assert said(capsys, "report", str(run))[0] == 0  # a page of ours is made anew
    assert page.stat().st_size > 10_000


def test_the_page_of_several_runs_lies_beside_the_first(make_run: MakeRun, capsys) -> None:
    runs = make_run("first"), make_run("second")
    code, out, _ = said(capsys, "report", *map(str, runs))
    page = Path(out.removeprefix("Report:  ").strip())
    assert (code, page.parent) == (0, runs[0].parent)
    assert page.name.endswith("-comparison.html")
    assert "Comparison of runs" in page.read_text()


def test_a_page_never_replaces_a_file_of_the_user(make_run: MakeRun, capsys, tmp_path) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("mine")
    code, _, err = said(capsys, "report", str(make_run()), "--out", str(mine))
    assert code == 1
    assert "exists already" in err
    assert mine.read_text() == "mine"


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, as WCAG 2 defines it."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_from_their_ground(scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", (HERE / "page.css").read_text(), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#\w{6})", blocks[scheme]))
    for ground in ("paper", "card"):
        for sign, least in (
            *((word, 4.5) for word in ("ink", "soft", "good", "bad")),  # WCAG AA for words
            *((shape, 3.0) for shape in ("generated", "truth", "portrait", "shuffled")),  # shapes
        ):
            pair = sorted([luminance(colours[ground]), luminance(colours[sign])])
            assert (pair[1] + 0.05) / (pair[0] + 0.05) >= least, (ground, sign)
