"""Videos from anywhere are scored by name, and whatever is wrong with one is a row of its own."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from talkingface.media import SpeechArray, open_frames, write_video
from talkingface.metrics.psnr import psnr

NUM_FRAMES = 12
PICTURES_ALONE = ("--metrics=SSIM,PSNR", "--baselines=[]", "--truth=false")
SPEECH = SpeechArray(np.random.default_rng(0).normal(0, 0.1, 8_000).astype(np.float32))


def moving(num_frames: int = NUM_FRAMES, side: int = 64, level: int = 200) -> list[np.ndarray]:
    pictures = np.full((num_frames, side, side, 3), 90, np.uint8)
    for time, picture in enumerate(pictures):
        picture[side // 4 : side // 2, time : time + side // 4] = level
    return list(pictures)


def write(path: Path, pictures: list[np.ndarray], fps: int = 25, speech=SPEECH) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_video(path, pictures, fps, speech)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Return the folders of generated and of real videos, with two pairs of them."""
    made, real = tmp_path / "made", tmp_path / "real"
    for name in ("anna", "bert"):
        write(real / f"{name}.mp4", moving())
        write(made / f"{name}.mp4", moving(level=160))
    return made, real


@pytest.fixture
def score(run, folders, only_run):
    """Return a function that scores the folders: exit code, rows by clip, results, messages."""

    def call(*words: str):
        made, real = folders
        given = [f"--generated={made}", *words]
        if not any(word.startswith("--clip_list") for word in words):
            given.append(f"--reference={real}")
        code, out, err = run("evaluate", *PICTURES_ALONE, *given)
        folder = only_run()
        rows = list(csv.DictReader((folder / "per_clip.csv").open()))
        results = json.loads((folder / "results.json").read_text())
        return code, {row["clip"]: row for row in rows}, results, out + err

    return call


def test_videos_of_one_name_are_compared(score, folders) -> None:
    code, rows, results, said = score()
    assert code == 0
    assert set(rows) == {"anna", "bert"}
    pairs = [list(open_frames(folder / "anna.mp4")) for folder in folders]
    expected = np.mean([psnr(*both) for both in zip(*pairs, strict=True)])
    assert float(rows["anna"]["PSNR"]) == pytest.approx(expected, rel=1e-5)  # six digits are kept
    assert results["protocol"] == "files"
    row = rows["anna"]
    assert (row["codec"], row["reference_codec"]) == ("h264", "h264")
    assert (row["fps"], row["sample_rate_hz"], row["num_frames"]) == ("25.0", "48000", "12")
    assert "anna.mp4" in row["video"]
    assert "2 clips, 0 failed" in said


def test_what_is_missing_fails_and_what_is_too_much_is_named(score, folders) -> None:
    made, _ = folders
    (made / "anna.mp4").rename(made / "hanna.mp4")
    code, rows, results, said = score()
    assert code == 1
    assert "has no video called anna" in rows["anna"]["failure"]
    assert results["extra"] == ["hanna"]
    assert "hanna in" in said
    assert "1 of 2 clips could not be scored" in said
    assert results["scores"]["PSNR"]["num_clips"] == 1


def test_a_little_longer_is_cut_and_said_and_much_longer_fails(score, folders) -> None:
    made, _ = folders
    write(made / "anna.mp4", moving(NUM_FRAMES + 2))
    write(made / "bert.mp4", moving(NUM_FRAMES - 3))
    code, rows, results, _ = score()
    assert code == 1
    assert rows["anna"]["remarks"] == "14 frames made, 12 real; 12 scored"
    assert (rows["anna"]["num_generated"], rows["anna"]["num_frames"]) == ("14", "12")
    assert "9 frames and the real one 12; they may differ by 2" in rows["bert"]["failure"]
    assert results["rules"]["length"]["setting"] == 2


def test_the_length_that_may_differ_is_a_setting(score, folders) -> None:
    made, _ = folders
    write(made / "bert.mp4", moving(NUM_FRAMES - 3))
    code, rows, _, _ = score("--length_tolerance=3")
    assert code == 0
    assert rows["bert"]["num_frames"] == "9"


def test_another_size_is_compared_at_the_smaller_and_another_shape_fails(score, folders) -> None:
    made, _ = folders
    write(made / "anna.mp4", [np.repeat(np.repeat(one, 2, 0), 2, 1) for one in moving(level=160)])
    write(made / "bert.mp4", [one[:, :48] for one in moving()])
    _, rows, results, _ = score()
    anna = rows["anna"]
    assert (anna["width"], anna["generated_px"], anna["reference_px"]) == ("64", "128x128", "64x64")
    assert float(anna["PSNR"]) > 25  # doubled and halved again: only the encoder's loss is added
    assert "another shape" in rows["bert"]["failure"]
    assert results["rules"]["size"]["setting"] == "smaller"


def test_without_sound_the_pictures_are_scored_and_the_row_says_so(score, folders) -> None:
    made, _ = folders
    write(made / "anna.mp4", moving(level=160), speech=None)
    code, rows, _, _ = score()
    assert code == 0
    assert float(rows["anna"]["SSIM"]) > 0.9
    assert rows["anna"]["remarks"] == "no sound"
    assert rows["anna"]["sample_rate_hz"] == ""


def test_another_rate_is_read_at_that_of_the_real_video(score, folders) -> None:
    made, _ = folders
    twice = [one for one in moving(level=160) for _ in range(2)]
    write(made / "anna.mp4", twice, fps=50)
    code, rows, _, _ = score()
    assert code == 0
    assert rows["anna"]["num_generated"] == "12"
    assert float(rows["anna"]["PSNR"]) == pytest.approx(float(rows["bert"]["PSNR"]), abs=0.5)


def test_one_frame_a_damaged_file_and_text_are_rows(score, folders) -> None:
    made, real = folders
    write(made / "anna.mp4", moving(1))
    content = (made / "bert.mp4").read_bytes()
    (made / "bert.mp4").write_bytes(content[: len(content) // 2])
    write(real / "carl.mp4", moving(1))
    write(made / "carl.mp4", moving(1, level=160))
    (real / "dora.mp4").write_text("no video")
    write(made / "dora.mp4", moving())
    code, rows, _, _ = score()
    assert code == 1
    assert "1 frames and the real one 12" in rows["anna"]["failure"]
    assert rows["bert"]["failure"]
    assert "dora.mp4" in rows["dora"]["failure"]
    assert rows["carl"]["num_frames"] == "1"
    assert rows["carl"]["failure"] == ""


def test_a_folder_of_pictures_is_a_video_too(score, folders) -> None:
    from talkingface.media import write_picture

    made, _ = folders
    (made / "anna.mp4").unlink()
    (made / "anna").mkdir()
    for number, picture in enumerate(moving(level=160)):
        write_picture(made / "anna" / f"{number:04d}.png", picture)
    code, rows, _, _ = score()
    assert code == 0
    assert rows["anna"]["codec"] == "png"
    assert float(rows["anna"]["SSIM"]) > 0.9


def test_a_list_says_what_is_compared_with_what(score, folders, tmp_path: Path) -> None:
    made, real = folders
    rows = ["name,ground_truth_video,start,frames", f"anna,{real / 'bert.mp4'},4,6"]
    (tmp_path / "list.csv").write_text("\n".join(rows))
    write(made / "anna.mp4", moving(level=160)[4:10])
    code, rows, results, _ = score(f"--clip_list={tmp_path / 'list.csv'}")
    assert code == 0
    assert (rows["anna"]["num_frames"], rows["anna"]["num_reference"]) == ("6", "6")
    assert float(rows["anna"]["SSIM"]) > 0.9
    assert results["extra"] == ["bert"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--generated=nowhere", "--reference=nowhere"], "There is no folder nowhere"),
        (["--generated=."], "Say what the videos are compared with"),
        (["--reference=."], "Write both"),
        (["--generated=.", "--reference=.", "--metrics=PSNRR"], "Did you mean 'PSNR'"),
        (["--generated=.", "--reference=.", "--size=bigger"], "one of smaller"),
    ],
)
def test_a_wrong_call_is_one_sentence(run, folders, tmp_path, monkeypatch, words, sentence) -> None:
    monkeypatch.chdir(folders[0])
    code, _, err = run("evaluate", *words)
    assert code == 2
    assert sentence in err
    assert len(err.splitlines()) <= 3


def test_an_empty_folder_is_a_sentence(run, folders, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run("evaluate", f"--generated={tmp_path / 'empty'}", f"--reference={folders[1]}")
    assert code == 2
    assert "empty holds no videos" in err
