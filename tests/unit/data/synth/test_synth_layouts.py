"""Layouts: the files that each method reads, with what belongs in them."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from talkingface.clip import Clip
from talkingface.data.synth import load_split
from talkingface.data.synth.layouts import (
    write_pc_avs_layout,
    write_pd_fgc_layout,
    write_rhythmic_layout,
)
from talkingface.errors import DataError
from talkingface.face.pose.rigid import STILL_POINTS, posed
from talkingface.media import open_frames, open_speech


@pytest.fixture
def clips(small_corpus: Path) -> list[Clip]:
    return load_split(small_corpus, "test")[:2]


def test_pc_avs_finds_eight_fields_and_every_file(clips: list[Clip], tmp_path: Path) -> None:
    folder = write_pc_avs_layout(clips, tmp_path / "new" / "pc_avs")
    for name in ("demo.csv", "cross.csv"):
        lines = (folder / name).read_text().splitlines()
        assert len(lines) == 2
        for line in lines:
            fields = line.split(" ")
            assert len(fields) == 8
            assert (folder / fields[0] / "000000.jpg").is_file()
            assert len(list((folder / fields[2]).glob("*.jpg"))) == int(fields[3])
            assert len(list((folder / fields[5]).glob("*.jpg"))) == int(fields[6])
            assert open_speech(folder / fields[4]).seconds == pytest.approx(int(fields[6]) / 25)
    assert cv2.imread(str(folder / fields[0] / "000000.jpg")).shape == (224, 224, 3)
    own, cross = ((folder / f"{n}.csv").read_text().split(" ")[2] for n in ("demo", "cross"))
    assert own != cross


def test_pd_fgc_finds_portraits_sounds_and_motion_folders(
    clips: list[Clip], tmp_path: Path
) -> None:
    folder = write_pd_fgc_layout(clips, tmp_path / "pd_fgc")
    for clip in clips:
        assert clip.frames is not None
        assert (folder / "apps" / f"{clip.name}.png").is_file()
        assert (folder / "audios" / f"{clip.name}.wav").is_file()
        for motion in ("pose", "exp", "eye"):
            pictures = sorted((folder / "motions" / motion / clip.name).iterdir())
            assert len(pictures) == len(clip.frames)
            assert pictures[0].name == "000000.jpg"


def test_rhythmic_head_motion_finds_its_nine_files(clips: list[Clip], tmp_path: Path) -> None:
    folder = write_rhythmic_layout(clips[:1], tmp_path / "rhythmic")
    (row,) = np.load(folder / "vox_demo_ani.npy", allow_pickle=False)
    stem = folder / str(row[0]).removesuffix("_aligned.mp4")
    ani = int(row[-1])
    points = np.load(f"{stem}_aligned.npy")
    motions = np.load(f"{stem}_aligned_rt.npy")
    front = np.load(f"{stem}_aligned_front.npy")
    assert clips[0].frames is not None
    count = len(clips[0].frames)
    assert points.shape == front.shape == (count, 68, 3)
    assert motions.shape == (count, 6)
    np.testing.assert_allclose(posed(front, motions), points, atol=1e-6)  # float64, there and back
    assert ani == np.abs(motions[:, :3]).sum(axis=1).argmin()
    for video in ("_aligned.mp4", "_aligned_ani.mp4"):
        frames = open_frames(f"{stem}{video}")
        assert len(frames) == count
        assert frames.read(0, 1).shape == (1, 256, 256, 3)
    black = open_frames(f"{stem}_aligned_ani.mp4").read(0, 1)[0]
    assert black[:40, :40].max() < 8
    assert black[-40:].max() < 8
    assert black[100:160, 100:150].mean() > 25
    assert Path(f"{stem}_{ani:05d}.png").is_file()
    assert Path(f"{stem}.wav").is_file()
    upright = np.load(f"{stem}_prnet.npy")
    np.testing.assert_allclose(256 - upright[:, 1], points[ani, :, 1], atol=1e-9)


def test_the_coloured_mesh_is_the_face_upside_up(clips: list[Clip], tmp_path: Path) -> None:
    folder = write_rhythmic_layout(clips[:1], tmp_path / "rhythmic")
    (path,) = folder.glob("*_original.obj")
    lines = [line.split() for line in path.read_text().splitlines()]
    vertices = np.array([line[1:] for line in lines if line[0] == "v"], dtype=float)
    faces = np.array([line[1:] for line in lines if line[0] == "f"], dtype=int)
    assert vertices.shape[1] == 6
    assert faces.min() == 1
    assert faces.max() == len(vertices)
    assert vertices[:, 3:].min() >= 0
    assert vertices[:, 3:].max() <= 1
    upright = np.load(next(folder.glob("*_prnet.npy")))
    gaps = np.linalg.norm(upright[STILL_POINTS][:, None] - vertices[None, :, :3], axis=-1)
    assert np.median(gaps.min(axis=1)) < 5  # px: a cell of the mesh and the one pixel between them


def test_a_layout_replaces_nothing(clips: list[Clip], tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(DataError, match="exists already"):
        write_pd_fgc_layout(clips, tmp_path / "taken")
