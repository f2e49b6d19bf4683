"""Videos from files, one or a list, through the command line."""

import csv
import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from talkingface.clip import Clip
from talkingface.config.settings import GenerateSettings
from talkingface.data.synth import person, render_frames
from talkingface.data.synth.camera import PORTRAIT
from talkingface.data.synth.factors import neutral_factors
from talkingface.engine.requests import requests_of
from talkingface.errors import DataError
from talkingface.media import write_picture
from talkingface.media.frames import open_frames
from talkingface.media.sound import SpeechArray
from talkingface.media.writer import write_video

GENERATE = ("generate", "--model=Still_Portrait")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with a portrait and a video with a second of sound."""
    chance = np.random.default_rng(0)
    blurred = np.kron(chance.integers(40, 220, (8, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    write_picture(tmp_path / "face.png", blurred)
    tone = (0.2 * np.sin(np.arange(16_000) * 0.05)).astype(np.float32)
    speech = SpeechArray(tone, 16_000)
    write_video(tmp_path / "talk.mp4", [blurred] * 25, Fraction(25), speech)
    return tmp_path


def test_a_portrait_and_speech_become_a_video(run, files: Path) -> None:
    out = files / "out video.mp4"
    code, said, _ = run(
        *GENERATE, f"--source={files / 'face.png'}", f"--audio={files / 'talk.mp4'}", f"--out={out}"
    )
    assert code == 0
    assert said.strip() == str(out)
    with av.open(str(out)) as container:
        assert container.metadata["comment"] == "synthetic"
        assert {stream.type for stream in container.streams} == {"video", "audio"}
        assert abs(len(open_frames(out)) - 25) <= 1


def test_a_video_that_exists_is_not_replaced_without_being_asked(run, files: Path) -> None:
    out = files / "mine.mp4"
    out.write_bytes(b"precious")
    words = (*GENERATE, f"--source={files / 'face.png'}", f"--audio={files / 'talk.mp4'}")
    code, _, err = run(*words, f"--out={out}")
    assert code != 0
    assert "exists. Choose another --out, or write --overwrite" in err
    assert list((files / "runs").iterdir()) == []
    assert out.read_bytes() == b"precious"
    assert run(*words, f"--out={out}", "--overwrite")[0] == 0
    assert len(open_frames(out)) > 0


def test_a_list_goes_on_past_a_bad_job_and_again_does_only_what_is_missing(
    run, files: Path, tmp_path: Path
) -> None:
    jobs = files / "jobs.csv"
    with jobs.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["name", "source", "audio"])
        for name, face in (("a", "face.png"), ("b", "nobody.png"), ("c", "face.png")):
            table.writerow([name, files / face, files / "talk.mp4"])
    words = (*GENERATE, f"--jobs={jobs}", f"--out={files / 'videos'}")
    code, said, err = run(*words)
    assert code == 1
    assert "1 of 3 videos could not be made" in err
    assert sorted(path.name for path in (files / "videos").iterdir()) == ["a.mp4", "c.mp4"]
    (failures,) = (tmp_path / "runs").glob("*/failures.csv")
    assert "nobody.png" in failures.read_text()
    times = [path.stat().st_mtime_ns for path in sorted((files / "videos").iterdir())]
    (files / "nobody.png").write_bytes((files / "face.png").read_bytes())
    code, said, _ = run(*words)
    assert code == 0
    assert said.count("(was there)") == 2
    videos = sorted((files / "videos").iterdir())
    assert [videos[0].stat().st_mtime_ns, videos[2].stat().st_mtime_ns] == times


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--pose=a.mp4",), "Still_Portrait has no control 'pose'. Models that have it: "),
        (("--eye=a.mp4",), "Still_Portrait has no control 'blink'."),
        (("--out=a.avi",), "--out=a.avi is no mp4 file"),
        (("--paste_back",), "--paste_back puts back what --align has cut out"),
        (("--source=nobody.png", "--audio=talk.mp4"), "nobody.png"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    run, files: Path, monkeypatch, words: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.chdir(files)
    given = {"--source": "face.png", "--audio": "talk.mp4", "--out": "new.mp4"}
    given |= dict(word.split("=") if "=" in word else (word, "true") for word in words)
    code, _, err = run(*GENERATE, *(f"{key}={value}" for key, value in given.items()))
    assert code == 2
    assert sentence in err
    assert list((files / "runs").glob("*")) == []


def settings_for(path: Path) -> GenerateSettings:
    return GenerateSettings(jobs=str(path))


def test_a_list_of_jobs_can_be_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "jobs.jsonl"
    rows = [
        {"name": "one", "source": ["a.png", "b.png"], "audio": "x.wav", "eye": "e.mp4"},
        {"source": "c.png", "audio": "y.wav", "pose": "p.mp4", "out": str(tmp_path / "c.mp4")},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    one, two = requests_of(settings_for(path), tmp_path / "videos")
    assert (one.name, one.sources) == ("one", ("a.png", "b.png"))
    assert one.controls == {"blink": "e.mp4", "gaze": "e.mp4"}
    assert one.out == tmp_path / "videos" / "one.mp4"
    assert (two.name, two.out, two.controls) == ("c", tmp_path / "c.mp4", {"pose": "p.mp4"})


def test_files_of_a_list_are_found_beside_it_and_videos_go_below_the_folder(
    tmp_path: Path,
) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "face.png").write_bytes(b"")
    path = tmp_path / "lists" / "jobs.csv"
    path.write_text("source,audio,out\nface.png,nowhere.wav,sub/one.mp4\n")
    (one,) = requests_of(GenerateSettings(jobs=str(path), out=str(tmp_path / "made")), tmp_path)
    assert one.sources == (str(tmp_path / "lists" / "face.png"),)
    assert one.audio == "nowhere.wav"
    assert one.out == tmp_path / "made" / "sub" / "one.mp4"


def test_a_row_that_lacks_something_is_a_failure_of_its_own(run, files: Path) -> None:
    jobs = files / "jobs.csv"
    jobs.write_text("name,source,audio\na,face.png,talk.mp4\nb,face.png,\n")
    code, said, err = run(*GENERATE, f"--jobs={jobs}", f"--out={files / 'videos'}")
    assert code == 1
    assert "the job b has no audio" in err
    assert said.strip() == str(files / "videos" / "a.mp4")


def test_one_job_and_a_list_at_once_are_refused(run, files: Path) -> None:
    code, _, err = run(*GENERATE, f"--jobs={files / 'jobs.csv'}", "--source=face.png")
    assert code == 2
    assert "Give one job with --source and --audio, or a list with --jobs." in err


def test_a_list_of_jobs_can_be_in_the_format_of_pc_avs(tmp_path: Path) -> None:
    grey = np.full((224, 224, 3), 100, np.uint8)
    for folder, count in (("ref/517", 1), ("pose", 3)):
        (tmp_path / folder).mkdir(parents=True)
        for index in range(count):
            write_picture(tmp_path / folder / f"{index:06d}.png", grey)
    path = tmp_path / "demo.csv"
    path.write_text("ref/517 1 pose 2 snd/681.mp3 None 0 dummy\nref/517 1 No 1 a.wav m 9 d\n")
    one, two = requests_of(settings_for(path), tmp_path)
    assert [one.name, two.name] == ["id_517_pose_pose_audio_681", "id_517_pose_No_audio_a"]
    assert (one.with_panels, one.out) == (True, tmp_path / "id_517_pose_pose_audio_681.mp4")
    # The line's count of pose frames is meant; without a folder it is the portrait's own pose.
    for request, num_frames in ((one, 2), (two, 1)):
        driver = request.controls["pose"]
        assert isinstance(driver, Clip)
        assert len(driver.frames) == num_frames


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "source,audoi\nx,y\n", "unknown key 'audoi'. Did you mean 'audio'?"),
        ("a.csv", "source,audio\n", "has no jobs"),
        ("a.csv", "source,audio\nx,y,z\n", "a.csv:2: more values than columns"),
        ("a.csv", "name,source,audio\na,x,y\na,x,y\n", "several jobs write"),
        ("a.csv", "r 1 p 1 a\n", "a.csv:1: 5 fields"),
        ("a.csv", "", "is empty"),
        ("a.jsonl", "{", "a.jsonl:1: this is no JSON"),
        ("a.jsonl", "[1]", "a job is written"),
    ],
)
def test_a_bad_list_is_a_sentence(tmp_path: Path, name: str, content: str, sentence: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(DataError) as error:
        requests_of(settings_for(path), tmp_path)
    assert sentence in str(error.value)


def test_a_face_that_is_cut_out_and_put_back_leaves_the_portrait_as_it_was(
    run, files: Path
) -> None:
    portrait = next(render_frames(person(0), neutral_factors(1), 192, PORTRAIT))
    wide = np.pad(portrait, ((20, 10), (90, 30), (0, 0)), mode="edge")
    write_picture(files / "me.png", wide)
    out = files / "whole.mp4"
    line = (*GENERATE, f"--source={files / 'me.png'}", f"--audio={files / 'talk.mp4'}")
    assert run(*line, f"--out={out}", "--align", "--paste_back")[0] == 0
    (whole,) = open_frames(out).read(3, 4)
    assert whole.shape == wide.shape
    # 1.6, nearly all of it H.264; a face put back 2 of its 224 pixels beside its place gives 2.5.
    assert np.abs(whole.astype(int) - wide).mean() < 2
    aligned = files / "aligned.mp4"
    assert run(*line, f"--out={aligned}", "--align")[0] == 0
    assert open_frames(aligned).read(0, 1).shape == (1, 224, 224, 3)
