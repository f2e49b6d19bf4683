"""PC_AVS from its own lists, from files, and from what cannot be used, through the command line."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from talkingface.data.synth import factor_row, person, render, render_frames
from talkingface.data.synth.camera import ALIGNED
from talkingface.media import open_frames, open_speech, write_picture, write_video
from tests.filming import record
from tests.narrow_pc_avs import write_narrow_weights

NUM_FRAMES = 8
HUM = (0.2 * np.sin(np.arange(640 * NUM_FRAMES) / 20)).astype(np.float32)
LINE = "Input/anna 1 Pose_Source/nod 3 Audio_Source/talk.wav Mouth_Source/talk 8 dummy"
PANELS = ["Input_", "G_Pose_Driven_", "Pose_Source_", "Mouth_Source_"]


@pytest.fixture(scope="module")
def misc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like the authors' misc: aligned faces, a list, and what is of no use."""
    misc = tmp_path_factory.mktemp("misc")
    turning = np.stack([factor_row(yaw=yaw) for yaw in (-0.3, 0.0, 0.3)])
    heads = list(render_frames(person(2), turning, 224, ALIGNED))
    anna, mouth = (render(person(who), factor_row(), 224, ALIGNED) for who in (0, 1))
    wall = np.full((224, 224, 3), 90, np.uint8)
    folders = {
        "Input/anna": [anna],
        "Input/askew": [np.roll(anna, (30, 20), axis=(0, 1))],
        "Pose_Source/nod": heads,
        "Pose_Source/wall": [wall] * 2,
        "Mouth_Source/talk": [mouth] * NUM_FRAMES,
    }
    for folder, pictures in folders.items():
        (misc / folder).mkdir(parents=True)
        for index, picture in enumerate(pictures):
            write_picture(misc / folder / f"{index:06d}.png", picture)
    (misc / "Audio_Source").mkdir()
    record(misc / "Audio_Source" / "talk.wav", HUM, "pcm_s16le")
    record(misc / "Audio_Source" / "short.wav", HUM[:1000], "pcm_s16le")
    write_video(misc / "nod.mp4", heads)
    (misc / "demo.csv").write_text(f"{LINE}\n")
    write_narrow_weights(misc / "narrow.safetensors")
    return misc


@pytest.fixture
def generate(run, misc: Path) -> Callable[..., tuple[int, str, str]]:
    """Return a function that generates with the smallest PC_AVS."""

    def call(*words: str) -> tuple[int, str, str]:
        weights = f"--evaluate_model_file={misc / 'narrow.safetensors'}"
        return run("generate", "--model=PC_AVS", weights, *words)

    return call


def test_the_authors_list_leaves_what_their_program_leaves(
    generate, misc: Path, only_run: Callable[[], Path]
) -> None:
    code, said, err = generate(f"--jobs={misc / 'demo.csv'}")
    assert code == 0, err
    assert "where the method knows faces" not in err  # the list's files are cut as they should be
    name = "id_anna_pose_nod_audio_talk"
    assert said.strip() == str(only_run() / "videos" / f"{name}.mp4")
    results = only_run() / "results" / name
    assert sorted(one.name for one in results.iterdir()) == sorted(
        [*(f"{panel}.mp4" for panel in PANELS), "avconcat.mp4", "ref_id_0.jpg"]
    )
    strip = open_frames(results / "avconcat.mp4")
    assert (len(strip), strip.read(0, 1).shape) == (NUM_FRAMES, (1, 112, 448, 3))
    assert open_speech(results / "avconcat.mp4").seconds == pytest.approx(0.32, abs=0.03)
    third = strip.read(2, 3)[0].astype(int)
    for place, panel in enumerate(PANELS):
        alone = open_frames(results / f"{panel}.mp4").read(2, 3)[0]
        step = len(alone) // 112
        small = alone.reshape(112, step, 112, step, 3).mean(axis=(1, 3))
        # Two encodings of H.264 at half the size: 2 to 3 levels. Another panel differs by 20.
        assert np.abs(third[:, 112 * place : 112 * place + 112] - small).mean() < 6


def test_the_authors_timing_is_a_setting(generate, misc: Path, only_run) -> None:
    assert (
        generate(f"--jobs={misc / 'demo.csv'}", "--model.sync=published", "--panels=false")[0] == 0
    )
    (video,) = (only_run() / "videos").iterdir()
    # 0.32 s are 39 rows of sound: 9 frames, of which the first and last two have no whole window.
    assert len(open_frames(video)) == 5
    assert not (only_run() / "results").exists()


def test_a_head_that_nobody_drives_rests_in_the_portraits_pose(
    generate, misc: Path, only_run
) -> None:
    """The authors' program crashes without --driving_pose."""
    portrait, speech = misc / "Input" / "askew", misc / "Audio_Source" / "talk.wav"
    words = (f"--source={portrait}", f"--audio={speech}", "--align", "--panels")
    assert generate(*words)[0] == 0
    results = only_run() / "results" / "askew"
    assert {one.name for one in results.iterdir()} == {
        "Input_.mp4",
        "G_Fix_Pose_.mp4",
        "avconcat.mp4",
        "ref_id_0.jpg",
    }
    assert len(open_frames(only_run() / "videos" / "askew.mp4")) == NUM_FRAMES


def test_a_wav_prepared_for_the_authors_program_speaks(run, generate, misc: Path, tmp_path) -> None:
    """Their script takes a wav for a video, whose mouth folder stays empty; the clip then fails."""
    speech, portrait = misc / "Audio_Source" / "talk.wav", misc / "Input" / "anna"
    prepared = (f"--input={portrait}", f"--audio={speech}", f"--out={tmp_path / 'out'}")
    assert run("preprocess", "--dataset=PC_AVSDataset", "--crop=false", *prepared)[0] == 0
    code, said, _ = generate(f"--jobs={tmp_path / 'out' / 'demo.csv'}")
    assert code == 0
    assert len(open_frames(said.strip())) == NUM_FRAMES


def test_a_pose_can_be_one_frame_or_the_head_nearest_to_angles(
    generate, misc: Path, tmp_path: Path
) -> None:
    jobs = tmp_path / "jobs.csv"
    with jobs.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["name", "source", "audio", "pose"])
        for name, moment in (("frame", "0"), ("angles", "17,0,0"), ("alone", "")):
            pose = f"{misc / 'nod.mp4'}@{moment}" if moment else "17,0,0"
            speech = misc / "Audio_Source" / "talk.wav"
            table.writerow([name, misc / "Input" / "anna", speech, pose])
    code, said, err = generate(f"--jobs={jobs}", f"--out={tmp_path}")
    assert code == 1
    assert [Path(line).stem for line in said.split()] == ["frame", "angles"]
    assert "Frame 2 of " in err  # the heads look to -17, 0 and 17 degrees
    assert "The pose is read from pictures, not from angles." in err


def test_bad_lines_cost_their_own_job_alone(generate, misc: Path, only_run) -> None:
    bad = [
        LINE.replace("nod 3", "wall 2"),
        "Input/anna 1 Pose_Source/nod",
        LINE.replace("talk.wav", "short.wav"),
        LINE.replace("anna", "nobody"),
        LINE.replace("anna", "askew"),
    ]
    (misc / "mixed.csv").write_text("\n".join([*bad, LINE]) + "\n")
    code, said, err = generate(f"--jobs={misc / 'mixed.csv'}")
    assert code == 1
    assert "4 of 6 videos could not be made" in err
    made = [Path(line).stem for line in said.splitlines()]
    assert made == ["id_askew_pose_nod_audio_talk", "id_anna_pose_nod_audio_talk"]
    assert "The face in the portrait of id_askew_pose_nod_audio_talk lies " in err
    assert "Add --align" in err
    with (only_run() / "failures.csv").open() as file:
        reasons = {row["job"]: row["reason"] for row in csv.DictReader(file)}
    assert reasons.keys() == {
        "id_anna_pose_wall_audio_talk",
        "mixed_line_2",
        "id_anna_pose_nod_audio_short",
        "id_nobody_pose_nod_audio_talk",
    }
    for reason, sentence in zip(
        reasons.values(),
        [
            "shows no face in any of 2 frames",
            "mixed.csv:2: 3 fields instead of 8",
            "The speech lasts 0.06 s, less than the window of sound",
            "holds no portrait",
        ],
        strict=True,
    ):
        assert sentence in reason


def test_a_list_of_nothing_but_bad_lines_is_one_error(generate, misc: Path) -> None:
    (misc / "bad.csv").write_text("Input/anna 1\nInput/anna 2\n")
    code, _, err = generate(f"--jobs={misc / 'bad.csv'}")
    assert code == 2
    assert "bad.csv:1: 2 fields instead of 8" in err
