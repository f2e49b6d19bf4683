"""Raw material from the command line to each method's files, and from there to clips."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from talkingface.data.datasets.method_settings import (
    PCAVSDatasetSettings,
    PDFGCDatasetSettings,
    RhythmicDatasetSettings,
)
from talkingface.data.datasets.pc_avs import PCAVSDataset
from talkingface.data.datasets.pd_fgc import PDFGCDataset
from talkingface.data.datasets.rhythmic import RhythmicDataset
from talkingface.data.metadata import read_rows
from talkingface.data.synth import person, render_frames, truth
from talkingface.data.synth.camera import PORTRAIT
from talkingface.data.synth.factors import FACTOR_INDEX, neutral_factors
from talkingface.face.pose.rigid import posed
from talkingface.media import open_frames, open_speech, read_picture, write_picture
from tests.filming import film, record

FRAME_PX = 192
NUM_FRAMES = 10
HUM = (0.2 * np.sin(np.arange(16000 * NUM_FRAMES // 25) / 20)).astype(np.float32)


def movement() -> np.ndarray:
    """Return factors of a head that turns from the left to the right."""
    factors = neutral_factors(NUM_FRAMES)
    factors[:, FACTOR_INDEX["yaw"]] = np.linspace(-0.3, 0.3, NUM_FRAMES)
    return factors


def talking(path: Path, who: int = 0, fps: int = 25, sound: np.ndarray | None = HUM) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = render_frames(person(who), movement(), FRAME_PX, PORTRAIT)
    return film(path, pictures, sound=sound, fps=fps)


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Return a folder of ten videos, of which one is empty, one silent and one faceless."""
    folder = tmp_path / "raw"
    talking(folder / "0.mp4")
    for index in range(1, 7):
        (folder / f"{index}.mp4").write_bytes((folder / "0.mp4").read_bytes())
    (folder / "7.mp4").write_bytes(b"")
    talking(folder / "8.mp4", sound=None)
    film(folder / "9.mp4", [np.full((64, 64, 3), 90, np.uint8)] * 5, sound=HUM)
    return folder


def test_seven_good_clips_of_ten_are_done_three_are_listed_and_none_again(
    run, ten: Path, tmp_path: Path
) -> None:
    line = (
        "preprocess",
        "--dataset=PC_AVSDataset",
        f"--input={ten}",
        f"--out={tmp_path / 'out'}",
        "--max_failed=0.3",
        "--workers=1",
    )
    code, out, _ = run(*line)
    assert code == 0
    assert "7 done, 0 were there, 3 failed" in out
    rows = list(csv.DictReader((tmp_path / "out" / "failures.csv").open()))
    assert [(Path(row["path"]).name, row["stage"]) for row in rows] == [
        ("7.mp4", "sound"),
        ("8.mp4", "sound"),
        ("9.mp4", "landmarks"),
    ]
    assert "no face was found" in rows[2]["reason"] or "no usable face" in rows[2]["reason"]
    assert len(read_rows(tmp_path / "out" / "demo.csv")) == 7
    code, out, _ = run(*line)
    assert code == 0
    assert "0 done, 7 were there, 3 failed" in out


def test_more_failures_than_allowed_are_a_failed_run(run, ten: Path, tmp_path: Path) -> None:
    for index in range(7):
        (ten / f"{index}.mp4").unlink()
    code, _, err = run("preprocess", "--dataset=PD_FGCDataset", f"--input={ten}", "--workers=1")
    assert code == 1
    assert "1 of 3 clips failed, more than 20%." in err
    assert (tmp_path / "prepared" / "failures.csv").is_file()


def test_a_video_becomes_a_line_of_pc_avs_that_is_read_again(run, tmp_path: Path) -> None:
    video = talking(tmp_path / "my raw" / "Bob's talk.mp4", fps=50)
    out = tmp_path / "my data"
    code, said, _ = run("preprocess", "--dataset=PC_AVSDataset", f"--input={video}", f"--out={out}")
    assert code == 0
    assert "double quotes" in said
    settings = PCAVSDatasetSettings("PC_AVSDataset", folder=str(out), view="aligned")
    (clip,) = PCAVSDataset(settings, 0).clips("test")
    assert len(clip.frames) == NUM_FRAMES // 2  # 50 frames a second to 25
    assert clip.frames.read(0, 1).shape == (1, 224, 224, 3)
    points = clip.truth("landmarks")
    mouth = points[:, 60:68].mean(axis=1)
    # Alignment holds the mouth at (112, 120); smoothing lets a fifth of a step stay.
    np.testing.assert_allclose(mouth, [[112, 120]] * len(mouth), atol=3)
    yaw = clip.truth("pose")[:, 0]
    assert yaw[-1] - yaw[0] > 0.3  # the head turns to the right; a single frame errs by 0.05
    assert clip.speech.seconds == pytest.approx(len(HUM) / 16000, abs=0.03)
    assert len(clip.sources["reference"]) == 1


def test_a_portrait_a_speech_and_a_pose_become_one_line(run, tmp_path: Path) -> None:
    portrait = tmp_path / "face.png"
    write_picture(portrait, next(render_frames(person(1), movement()[5:6], FRAME_PX, PORTRAIT)))
    record(tmp_path / "speech.wav", HUM, "pcm_s16le")
    pose = talking(tmp_path / "nod.mp4", who=2)
    code, _, _ = run(
        "preprocess",
        "--dataset=PC_AVSDataset",
        f"--input={portrait}",
        f"--audio={tmp_path / 'speech.wav'}",
        f"--pose={pose}",
        f"--out={tmp_path / 'out'}",
        f"--csv={tmp_path / 'lists' / 'mine.csv'}",
        "--spectrogram",
    )
    assert code == 0
    (row,) = read_rows(tmp_path / "lists" / "mine.csv")
    assert (row.num_references, row.num_pose_frames, row.num_mouth_frames) == (1, NUM_FRAMES, 0)
    assert row.mouth == "None"
    assert Path(row.audio).read_bytes() == (tmp_path / "speech.wav").read_bytes()
    # 7 + ceil(L / 160) rows
    assert np.load(row.spectrogram).shape == (7 + len(HUM) // 160, 80)
    assert len(open_frames(row.pose)) == NUM_FRAMES


def test_folders_that_are_aligned_already_are_taken_as_they_are(run, tmp_path: Path) -> None:
    for name, count in (("me", 1), ("nod", 4)):
        (tmp_path / name).mkdir()
        for index in range(count):
            write_picture(tmp_path / name / f"{index:06d}.jpg", np.zeros((224, 224, 3), np.uint8))
    record(tmp_path / "speech.mp3", HUM, "libmp3lame")
    code, _, _ = run(
        "preprocess",
        "--dataset=PC_AVSDataset",
        f"--input={tmp_path / 'me'}",
        f"--audio={tmp_path / 'speech.mp3'}",
        f"--pose={tmp_path / 'nod'}",
        f"--out={tmp_path / 'out'}",
        "--crop=false",
    )
    assert code == 0
    (row,) = read_rows(tmp_path / "out" / "demo.csv")
    assert (row.reference, row.pose) == (str(tmp_path / "me"), str(tmp_path / "nod"))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        ".prepared",
        "Audio_Source",
        "demo.csv",
    }


def test_published_keeps_the_rate_of_a_video(run, tmp_path: Path) -> None:
    video = talking(tmp_path / "a.mp4", fps=50)
    out = tmp_path / "out"
    line = ("preprocess", "--dataset=PC_AVSDataset", f"--input={video}", f"--out={out}")
    assert run(*line, "--published", "--crop=false", "--spectrogram")[0] == 0
    (row,) = read_rows(out / "demo.csv")
    assert row.num_mouth_frames == NUM_FRAMES
    assert Path(row.spectrogram).is_file()


def test_a_video_becomes_the_files_of_rhythmic_head_motion(run, tmp_path: Path) -> None:
    talking(tmp_path / "raw" / "talk.mp4")
    out = tmp_path / "out"
    name = "Rhythmic_Head_MotionDataset"
    code, _, _ = run(
        "preprocess", f"--dataset={name}", f"--input={tmp_path / 'raw'}", f"--out={out}"
    )
    assert code == 0
    (clip,) = RhythmicDataset(RhythmicDatasetSettings(name, folder=str(out)), 0).clips("test")
    assert clip.frames.read(0, 1).shape == (1, 256, 256, 3)
    assert open_speech(out / "audio" / "talk.wav").seconds == pytest.approx(0.4, abs=0.03)
    space, motions = clip.truth("landmarks_3d"), clip.truth("head_motion").astype(float)
    # The files agree: the frontal landmarks with the motion undone are the landmarks. float32.
    np.testing.assert_allclose(posed(clip.truth("frontal_landmarks"), motions), space, atol=1e-3)
    (picture,) = (out / "video").glob("talk_*.png")
    ani = int(picture.stem[-5:])
    assert ani == np.abs(motions[:, :3]).sum(axis=1).argmin()
    # H.264 at this quality stays within a few levels of the picture that went in.
    assert np.abs(clip.frames.read(ani, ani + 1)[0].astype(int) - read_picture(picture)).mean() < 4


def test_the_rendered_face_is_the_frontal_frames_and_turns_as_the_head_does(
    run, tmp_path: Path
) -> None:
    talking(tmp_path / "talk.mp4")
    name = "Rhythmic_Head_MotionDataset"
    assert run("preprocess", f"--dataset={name}", f"--input={tmp_path / 'talk.mp4'}")[0] == 0
    settings = RhythmicDatasetSettings(name, folder=str(tmp_path / "prepared"))
    (clip,) = RhythmicDataset(settings, 0).clips("test")
    frames, faces = (np.stack(list(one)).astype(int) for one in (clip.frames, clip.sources["ani"]))
    assert faces.shape == frames.shape == (NUM_FRAMES, 256, 256, 3)
    assert faces[:, :20].max() < 8  # black, as H.264 keeps it
    turn = np.abs(clip.truth("head_motion")[:, :3]).sum(axis=1)
    frontal, last = int(turn.argmin()), NUM_FRAMES - 1
    skin = {index: erode(faces[index].max(axis=2) > 40) for index in (frontal, last)}
    difference = {index: np.abs(frames[index] - faces[index])[skin[index]].mean() for index in skin}
    assert difference[frontal] < 5  # twice H.264
    unturned = np.abs(frames[last] - faces[frontal])[skin[last]].mean()
    assert difference[last] < 0.6 * unturned


def erode(mask: np.ndarray) -> np.ndarray:
    """Return a mask without its edge of two pixels, which H.264 smears."""
    return cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0


def test_landmarks_of_the_files_lie_on_the_face(run, tmp_path: Path) -> None:
    talking(tmp_path / "talk.mp4")
    name = "Rhythmic_Head_MotionDataset"
    run("preprocess", f"--dataset={name}", f"--input={tmp_path / 'talk.mp4'}")
    settings = RhythmicDatasetSettings(name, folder=str(tmp_path / "prepared"))
    (clip,) = RhythmicDataset(settings, 0).clips("test")
    found = clip.truth("landmarks")
    real = truth(person(0), movement(), FRAME_PX, PORTRAIT).landmarks[..., :2]
    # In the crop both differ by one scale and shift; what is left is dlib's error on a drawing.
    middle, spread = real.mean(axis=(0, 1)), real.std()
    back = (found - found.mean(axis=(0, 1))) / found.std() * spread + middle
    assert np.linalg.norm(back - real, axis=2).mean() < 0.05 * FRAME_PX


def test_the_crop_of_rhythmic_head_motion_is_the_mean_one_of_the_clip(run, tmp_path: Path) -> None:
    talking(tmp_path / "talk.mp4")
    name = "Rhythmic_Head_MotionDataset"
    run("preprocess", f"--dataset={name}", f"--input={tmp_path / 'talk.mp4'}")
    settings = RhythmicDatasetSettings(name, folder=str(tmp_path / "prepared"))
    points = RhythmicDataset(settings, 0).clips("test")[0].truth("landmarks")
    # Of a square of 205 the face takes 90, and the eyes lie at (100, 80): here 256 px. Corner and
    # side are cut off to whole pixels of the frame: one pixel, and half of one in the middle.
    drawn = truth(person(0), movement(), FRAME_PX, PORTRAIT).landmarks[..., :2]
    pixel = 256 / (205 / 90 * float(np.ptp(drawn, axis=1).max(axis=1).mean()))
    assert np.ptp(points, axis=1).max(axis=1).mean() == pytest.approx(
        90 / 205 * 256, abs=1.5 * pixel
    )
    eyes = (points[:, 36:41].mean(axis=1) + points[:, 42:47].mean(axis=1)) / 2
    expected = np.array([100, 80]) / 205 * 256
    np.testing.assert_allclose(eyes.mean(axis=0), expected, atol=1.5 * pixel)


def test_a_video_becomes_a_motion_folder(run, tmp_path: Path) -> None:
    talking(tmp_path / "talk.mp4")
    out = tmp_path / "out"
    line = ("preprocess", "--dataset=PD_FGCDataset", f"--input={tmp_path / 'talk.mp4'}")
    assert run(*line, f"--out={out}")[0] == 0
    names = [path.name for path in sorted((out / "motions" / "pose" / "talk").iterdir())]
    assert names == [f"{index:06d}.jpg" for index in range(NUM_FRAMES)]  # pictures and nothing else
    (clip,) = PDFGCDataset(PDFGCDatasetSettings("PD_FGCDataset", folder=str(out)), 0).clips("test")
    assert set(clip.sources) == {"reference", "pose"}
    assert clip.truth("pose").shape == (NUM_FRAMES, 3)
    assert read_picture(out / "apps" / "talk.png").shape == (224, 224, 3)


def test_alignment_alone_stands_beside_its_source_under_the_same_names(run, tmp_path: Path) -> None:
    frames = tmp_path / "frames"
    frames.mkdir()
    for index, picture in enumerate(render_frames(person(0), movement()[:3], FRAME_PX, PORTRAIT)):
        write_picture(frames / f"{index + 7:04d}.png", picture)
    assert run("preprocess", f"--input={frames}", "--crop_only")[0] == 0
    made = sorted(path.name for path in (tmp_path / "frames_cropped").iterdir())
    assert made == ["0007.png", "0008.png", "0009.png"]
    assert run("preprocess", f"--input={frames / '0007.png'}", "--crop_only")[0] == 0
    assert read_picture(frames / "0007_cropped.png").shape == (224, 224, 3)


def test_a_preview_shows_frames_beside_their_crops(run, tmp_path: Path) -> None:
    video = talking(tmp_path / "talk.mp4")
    look = tmp_path / "look.png"
    line = ("preprocess", "--dataset=PC_AVSDataset", f"--input={video}", f"--preview={look}")
    assert run(*line)[0] == 0
    assert read_picture(look).shape == (4 * 224, FRAME_PX + 224, 3)
    look.write_text("precious")
    assert run(*line)[0] == 1
    assert look.read_text() == "precious"
    assert not (tmp_path / "prepared").exists()


def test_a_back_end_that_there_is_not_stops_all(run, tmp_path: Path) -> None:
    video = talking(tmp_path / "talk.mp4")
    line = ("preprocess", "--dataset=PC_AVSDataset", f"--input={video}")
    code, _, err = run(*line, "--landmarks=dlob")
    assert code == 2
    assert "Did you mean 'dlib'?" in err


MISTAKES = [
    (("--dataset=SynthTalk", "--input=a.mp4"), "SynthTalk is not made of raw material"),
    (("--dataset=PC_AVSDataset", "--audio=a.wav"), "Say which raw material is meant"),
    (("--dataset=PC_AVSDataset", "--input=none.mp4"), "none.mp4 does not exist"),
    (("--dataset=PC_AVSDataset", "--input=a.png", "--pose=b.mp4"), "what is spoken with --audio"),
    (("--dataset=PC_AVSDataset", "--input=a.png", "--eyes=b.mp4"), "has no place for --eyes"),
    (("--dataset=Rhythmic_Head_MotionDataset", "--input=a", "--csv=b"), "has no place for --csv"),
    (("--dataset=PC_AVSDataset", "--inptu=a.mp4"), "Did you mean 'input'?"),
    (("--input=a.mp4",), "Choose a dataset"),
]


@pytest.mark.parametrize(("words", "sentence"), MISTAKES, ids=[say for _, say in MISTAKES])
def test_a_wrong_call_is_a_sentence(
    run, words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.mp4").write_bytes(b"x")
    code, _, err = run("preprocess", *words)
    assert code == 2
    assert sentence in err
