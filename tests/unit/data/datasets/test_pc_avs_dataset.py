"""PC-AVS's own files as clips, written here by hand in its layout."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.data.datasets.method_settings import PCAVSDatasetSettings
from talkingface.data.datasets.pc_avs import PCAVSDataset
from talkingface.data.truth_file import write_truth
from talkingface.errors import DataError
from talkingface.media import write_picture
from tests.filming import record

TONE = np.sin(np.arange(16000) / 20).astype(np.float32) / 4


def frames(folder: Path, levels: list[int], size: int = 224) -> None:
    """Write flat grey pictures, each of its own level, and white where the loaders cut."""
    folder.mkdir(parents=True)
    for index, level in enumerate(levels):
        picture = np.full((size, size, 3), 255, np.uint8)
        picture[: size * 192 // 224, size * 16 // 224 : size * 208 // 224] = level
        write_picture(folder / f"{index:06d}.png", picture)


@pytest.fixture
def misc(tmp_path: Path) -> Path:
    """Return a folder like the authors' misc, with two lines of metadata."""
    misc = tmp_path / "misc"
    frames(misc / "Input" / "anna", [50, 60])
    frames(misc / "Pose_Source" / "nod", [10, 20, 30, 40])
    frames(misc / "Mouth_Source" / "speech", [100, 110, 120])
    (misc / "Audio_Source").mkdir()
    record(misc / "Audio_Source" / "speech.wav", TONE, "pcm_s16le")
    (misc / "demo.csv").write_text(
        "misc/Input/anna 2 misc/Pose_Source/nod 3 misc/Audio_Source/speech.wav "
        "misc/Mouth_Source/speech 3 dummy\n"
        "Input/anna 2 None 1 Audio_Source/speech.wav None 0 Audio_Source/speech.npy\n"
    )
    np.save(misc / "Audio_Source" / "speech.npy", np.full((107, 80), 0.5, np.float32))
    return misc


def dataset(folder: Path, **settings) -> PCAVSDataset:
    return PCAVSDataset(PCAVSDatasetSettings("PC_AVSDataset", folder=str(folder), **settings), 0)


def levels(pictures: np.ndarray) -> list[int]:
    assert (pictures == pictures[:, :1, :1]).all()  # nothing of the border is seen
    return pictures[:, 0, 0, 0].tolist()


def test_a_line_becomes_a_clip_with_all_that_it_names(misc: Path) -> None:
    clip = dataset(misc).clips("test")[0]
    assert clip.name == "id_anna_pose_nod_audio_speech"
    assert levels(clip.frames.read(0, 3)) == [100, 110, 120]
    assert levels(clip.sources["reference"].read(0, 2)) == [50, 60]
    assert clip.speech.seconds == 1
    assert float(clip.frames.fps) == 25


def test_the_count_of_pose_frames_is_the_lines_not_the_folders(misc: Path) -> None:
    pose = dataset(misc).clips("test")[0].sources["pose"]
    assert len(pose) == 3
    assert levels(np.stack(list(pose))) == levels(pose.read(0, 9)) == [10, 20, 30]


def test_what_is_no_folder_means_the_first_reference_and_no_mouth(misc: Path) -> None:
    clip = dataset(misc).clips("test")[1]
    assert clip.frames is None
    assert levels(np.stack(list(clip.sources["pose"]))) == [50]
    np.testing.assert_array_equal(clip.truth("mel"), np.full((107, 80), 0.5))


def test_files_can_be_shown_whole_and_views_in_any_size(misc: Path) -> None:
    whole = dataset(misc, view="aligned").clips("test")[0].frames.read(0, 1)
    assert whole.shape == (1, 224, 224, 3)
    assert (whole[0, 192:] == 255).all()
    assert dataset(misc, image_px=112).clips("test")[0].frames.read(0, 1).shape[1:3] == (112, 112)


def test_what_is_known_of_the_mouth_frames_moves_with_the_view(misc: Path) -> None:
    points = np.full((3, 68, 2), (112.0, 120.0))  # where alignment puts the mouth
    write_truth(misc / "Truth" / "speech.npz", {"landmarks": points}, identity="Anna")
    clip = dataset(misc).clips("test")[0]
    assert clip.identity == "Anna"
    seen = [(112 - 16 + 0.5) * 224 / 192 - 0.5, (120 + 0.5) * 224 / 192 - 0.5]
    np.testing.assert_allclose(clip.truth("landmarks")[0, 0], seen, atol=1e-4)  # float32


def test_two_lines_alike_are_two_clips_with_names_of_their_own(misc: Path) -> None:
    text = (misc / "demo.csv").read_text().splitlines()[0] + "\n"
    (misc / "demo.csv").write_text(text * 2)
    names = [clip.name for clip in dataset(misc).clips("test")]
    assert names == ["id_anna_pose_nod_audio_speech", "id_anna_pose_nod_audio_speech-2"]


def test_a_line_with_too_few_columns_costs_its_clip_alone(misc: Path) -> None:
    with (misc / "demo.csv").open("a") as file:
        file.write("Input/anna 2 None\n")
    one, _, bad = dataset(misc).clips("test")
    assert len(one.frames) == 3
    assert bad.name == "demo_line_3"
    for frames in (bad.frames, bad.sources["reference"], bad.sources["pose"]):
        with pytest.raises(DataError, match=r"demo\.csv:3: 3 fields instead of 8"):
            list(frames)


def test_a_folder_of_splits_has_those_and_no_others(misc: Path, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    misc.rename(tmp_path / "all" / "train")
    data = dataset(tmp_path / "all")
    text = (tmp_path / "all" / "train" / "demo.csv").read_text().replace("misc/", "")
    (tmp_path / "all" / "train" / "demo.csv").write_text(text)
    assert len(data.clips("train")) == 2
    with pytest.raises(DataError, match="no split 'test'; it has train"):
        data.clips("test")


def test_one_folder_is_the_test_split_alone(misc: Path) -> None:
    with pytest.raises(DataError, match="no split 'train'; it has test, the folder itself"):
        dataset(misc).clips("train")


def test_a_missing_folder_is_said_with_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no folder .*8 columns"):
        dataset(tmp_path / "none").clips("test")


def test_a_missing_mouth_folder_costs_its_clip_alone(misc: Path) -> None:
    for path in (misc / "Pose_Source" / "nod").iterdir():
        path.unlink()
    clips = dataset(misc).clips("test")
    assert len(clips) == 2
    with pytest.raises(DataError, match="nod holds no pictures"):
        len(clips[0].sources["pose"])


def test_the_fingerprint_follows_the_clips(misc: Path) -> None:
    before = dataset(misc).fingerprint()
    assert dataset(misc).fingerprint() == before
    (misc / "Mouth_Source" / "speech" / "000002.png").unlink()
    assert dataset(misc).fingerprint() != before


def test_a_spectrogram_of_another_shape_is_refused(misc: Path) -> None:
    np.save(misc / "Audio_Source" / "speech.npy", np.zeros((80, 107), np.float32))
    with pytest.raises(DataError, match=r"\(80, 107\)"):
        dataset(misc).clips("test")[1].truth("mel")
