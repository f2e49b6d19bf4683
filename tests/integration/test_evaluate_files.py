"""Videos from anywhere are scored by name, and whatever is wrong with one is a row of its own."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from talkingface.cli import main
from talkingface.media import SpeechArray, open_frames, write_picture, write_video
from talkingface.metrics.psnr import psnr

NUM_FRAMES = 12
PICTURES_ALONE = ("--metrics=SSIM,PSNR", "--baselines=[]", "--truth=false")
SPEECH = SpeechArray(np.random.default_rng(0).normal(0, 0.1, 8_000).astype(np.float32))
Run = tuple[int, dict[str, dict[str, str]], dict]  # exit code, rows by clip, results


def moving(num_frames: int = NUM_FRAMES, level: int = 160) -> list[np.ndarray]:
    """Return pictures of a bright square that moves; that of the real ones has the level 200."""
    pictures = np.full((num_frames, 64, 64, 3), 90, np.uint8)
    for time, picture in enumerate(pictures):
        picture[16:32, time : time + 16] = level
    return list(pictures)


def write(path: Path, pictures: list[np.ndarray], fps: int = 25, speech=SPEECH) -> None:
    write_video(path, pictures, fps, speech)


def doubled(picture: np.ndarray) -> np.ndarray:
    return np.repeat(np.repeat(picture, 2, axis=0), 2, axis=1)


MADE: dict[str, Callable[[Path], object]] = {
    "plain": lambda path: write(path, moving()),
    "much_longer": lambda path: write(path, moving(NUM_FRAMES + 3)),
    "longer": lambda path: write(path, moving(NUM_FRAMES + 2)),
    "shorter": lambda path: write(path, moving(NUM_FRAMES - 3)),
    "larger": lambda path: write(path, [doubled(one) for one in moving()]),
    "oblong": lambda path: write(path, [one[:, :48] for one in moving()]),
    "silent": lambda path: write(path, moving(), speech=None),
    "fast": lambda path: write(path, [one for one in moving() for _ in range(2)], fps=50),
    "single": lambda path: write(path, moving(1)),
    "text": lambda path: path.write_text("no video"),
    "nothing": lambda path: path.write_bytes(b""),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a folder of generated and one of real videos, with all that can be wrong."""
    made, real = (tmp_path_factory.mktemp(name) for name in ("made", "real"))
    for name, make in MADE.items():
        make(made / f"{name}.mp4")
        write(real / f"{name}.mp4", moving(level=200))
    write(made / "extra.mp4", moving(2))
    write(real / "missing.mp4", moving(2))
    write(made / "of_text.mp4", moving())
    (real / "of_text.mp4").write_text("no video")
    for folder in (made, real):
        write(folder / "both_single.mp4", moving(1))
    (made / "pictures").mkdir()
    for number, picture in enumerate(moving()):
        write_picture(made / "pictures" / f"{number:04d}.png", picture)
    write(real / "pictures.mp4", moving(level=200))
    return made, real


@pytest.fixture(scope="module")
def score(folders, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Return a function that scores the generated videos."""

    def call(*words: str) -> Run:
        runs = tmp_path_factory.mktemp("runs")
        given = [f"--generated={folders[0]}", f"--runs_folder={runs}", *PICTURES_ALONE, *words]
        code = main(["evaluate", *given])
        (folder,) = runs.iterdir()
        rows = list(csv.DictReader((folder / "per_clip.csv").open()))
        return (
            code,
            {row["clip"]: row for row in rows},
            json.loads((folder / "results.json").read_text()),
        )

    return call


@pytest.fixture(scope="module")
def scored(score, folders) -> Run:
    return score(f"--reference={folders[1]}")


def test_videos_of_one_name_are_compared(scored, folders) -> None:
    _, rows, results = scored
    pairs = [list(open_frames(folder / "plain.mp4")) for folder in folders]
    expected = np.mean([psnr(*both) for both in zip(*pairs, strict=True)])
    row = rows["plain"]
    assert float(row["PSNR"]) == pytest.approx(expected, rel=1e-5)  # six digits are kept
    assert results["protocol"] == "files"
    assert (row["codec"], row["reference_codec"]) == ("h264", "h264")
    assert (row["fps"], row["sample_rate_hz"], row["num_frames"]) == ("25.0", "48000", "12")
    assert row["video"].endswith("plain.mp4")
    assert (row["remarks"], row["failure"]) == ("", "")


def test_what_is_wrong_fails_with_its_reason_and_the_code_says_so(scored) -> None:
    code, rows, results = scored
    assert code == 1
    assert results["failures"].keys() == {
        *("missing", "much_longer", "shorter", "oblong", "single", "text", "nothing", "of_text"),
    }
    assert "has no video called missing" in rows["missing"]["failure"]
    assert "15 frames and the real one 12; they may differ by 2" in rows["much_longer"]["failure"]
    assert "9 frames and the real one 12" in rows["shorter"]["failure"]
    assert "another shape" in rows["oblong"]["failure"]
    for name in ("text", "nothing", "of_text"):
        assert f"{name}.mp4" in rows[name]["failure"]
    assert results["scores"]["SSIM"]["num_clips"] == len(rows) - len(results["failures"])


def test_what_nothing_is_compared_with_is_named(scored) -> None:
    assert scored[2]["extra"] == ["extra"]


def test_a_little_longer_is_cut_and_said(scored) -> None:
    _, rows, results = scored
    assert rows["longer"]["remarks"] == "14 frames made, 12 real; 12 scored"
    assert (rows["longer"]["num_generated"], rows["longer"]["num_frames"]) == ("14", "12")
    assert results["rules"]["length"]["setting"] == 2


def test_another_size_is_compared_at_the_smaller(scored) -> None:
    _, rows, results = scored
    row = rows["larger"]
    assert (row["width"], row["generated_px"], row["reference_px"]) == ("64", "128x128", "64x64")
    # Doubled and halved again: only the encoder's loss differs.
    assert float(row["PSNR"]) == pytest.approx(float(rows["plain"]["PSNR"]), abs=0.5)
    assert results["rules"]["size"]["setting"] == "smaller"


def test_without_sound_the_pictures_are_scored_and_the_row_says_so(scored) -> None:
    row = scored[1]["silent"]
    assert float(row["SSIM"]) > 0.9
    assert (row["remarks"], row["sample_rate_hz"]) == ("no sound", "")


def test_another_rate_is_read_at_that_of_the_real_video(scored) -> None:
    _, rows, _ = scored
    assert rows["fast"]["num_generated"] == "12"
    assert float(rows["fast"]["PSNR"]) == pytest.approx(float(rows["plain"]["PSNR"]), abs=0.5)


def test_one_frame_can_be_scored_against_one(scored) -> None:
    row = scored[1]["both_single"]
    assert (row["num_frames"], row["failure"]) == ("1", "")


def test_a_folder_of_pictures_is_a_video_too(scored) -> None:
    row = scored[1]["pictures"]
    assert row["codec"] == "png"
    assert float(row["SSIM"]) > 0.9


def test_a_list_says_what_is_compared_with_what(score, folders, tmp_path: Path) -> None:
    real = folders[1] / "plain.mp4"
    rows = ["name,ground_truth_video,start,frames", f"shorter,{real},0,9", f"plain,{real},,"]
    (tmp_path / "list.csv").write_text("\n".join(rows))
    words = (f"--clip_list={tmp_path / 'list.csv'}", "--length_tolerance=0")
    code, rows, results = score(*words)
    assert code == 0
    assert (rows["shorter"]["num_frames"], rows["shorter"]["num_reference"]) == ("9", "9")
    assert rows["plain"]["num_frames"] == "12"
    assert "extra" in results["extra"]
    assert results["rules"]["length"]["setting"] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--generated=nowhere", "--reference=nowhere"], "There is no folder nowhere"),
        (["--generated=empty", "--reference=empty"], "empty holds no videos"),
        (["--generated=videos"], "Say what the videos are compared with"),
        (["--reference=videos"], "Write both"),
        (["--generated=videos", "--reference=videos", "--metrics=PSNRR"], "Did you mean 'PSNR'"),
        (["--generated=videos", "--reference=videos", "--size=bigger"], "one of smaller"),
    ],
)
def test_a_wrong_call_is_one_sentence(run, tmp_path: Path, monkeypatch, words, sentence) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "a.mp4").touch()
    code, _, err = run("evaluate", *words)
    assert code == 2
    assert sentence in err
    assert len(err.splitlines()) <= 3
    assert list((tmp_path / "runs").glob("*")) == []
