"""An audit finds what is in clips, and never falls over a bad one."""

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from talkingface.clip import Clip, Frames, Picture, Speech
from talkingface.config.settings import Split
from talkingface.data import audit as audit_module
from talkingface.data.audit import AuditRow, Examination, audit
from talkingface.data.audit_table import write_audit
from talkingface.data.datasets.folder import FolderDataset
from talkingface.data.datasets.settings import FolderSettings
from talkingface.errors import DataError, PluginError
from talkingface.face.landmarks import Box, Face
from tests.filming import film, numbered
from tests.unit.data.trees import NUM_PICTURES, tiny_video, tone

NOBODY = Examination(back_end=None)
SECONDS = NUM_PICTURES / 25


def dataset(folder: Path, fps: float | None = 25.0) -> FolderDataset:
    return FolderDataset(FolderSettings(name="FolderDataset", folder=str(folder), fps=fps), seed=0)


def audited(made: FolderDataset, examination: Examination = NOBODY) -> dict[str, AuditRow]:
    return {row.name: row for row in audit(made, examination)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six files: good, the same again, another, silent, cut off, and no video at all."""
    place = tmp_path / "data"
    place.mkdir()
    good = tiny_video(place / "good.mp4")
    (place / "again.mp4").write_bytes(good.read_bytes())
    tiny_video(place / "other.mp4", first=100)
    tiny_video(place / "silent.mp4", first=50, with_sound=False)
    (place / "half.mp4").write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    (place / "text.mp4").write_text("no video")
    return place


def test_a_good_clip_is_measured(folder: Path) -> None:
    row = audited(dataset(folder))["other"]
    assert (row.split, row.identity, row.trouble, row.same_as) == ("test", "other", "", "")
    assert (row.num_frames, row.fps, row.seconds) == (NUM_PICTURES, 25.0, SECONDS)
    assert (row.width, row.height) == (64, 48)
    assert row.sound_seconds == pytest.approx(SECONDS, abs=0.07)  # AAC: blocks of 64 ms at 16 kHz
    assert row.pictures_seen == 4
    assert row.faces_found is None
    assert row.offset_frames is None


def test_bad_files_are_rows(folder: Path) -> None:
    rows = audited(dataset(folder))
    assert len(rows) == 6
    troubles = {name: row.trouble for name, row in rows.items() if row.trouble}
    assert troubles.keys() == {"half", "text"}
    assert "cannot be read" in troubles["text"]
    assert (rows["silent"].sound_seconds, rows["silent"].width) == (0.0, 64)


def test_what_was_found_before_the_trouble_stays(tmp_path: Path) -> None:
    tiny_video(tmp_path / "clip.mp4")
    (tmp_path / "clip.wav").write_text("no sound")
    row = audited(dataset(tmp_path))["clip"]
    assert (row.num_frames, row.width, row.sound_seconds) == (NUM_PICTURES, 64, None)
    assert "clip.wav cannot be read" in row.trouble


def test_the_same_pictures_with_other_sound_are_no_double(tmp_path: Path) -> None:
    for name, pitch_hz in (("low", 220.0), ("high", 440.0)):
        pictures = [numbered(index) for index in range(NUM_PICTURES)]
        film(tmp_path / f"{name}.mp4", pictures, sound=tone(pitch_hz=pitch_hz))
    assert [row.same_as for row in audited(dataset(tmp_path)).values()] == ["", ""]


def remuxed(path: Path, copy: Path) -> None:
    """Write the same packets to another file."""
    with av.open(str(path)) as given, av.open(str(copy), "w") as made:
        streams = [made.add_stream_from_template(stream) for stream in given.streams]
        for packet in given.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                made.mux(packet)


def test_doubles_are_told_by_content_not_by_file(folder: Path) -> None:
    remuxed(folder / "good.mp4", folder / "wrapped.mov")
    assert (folder / "wrapped.mov").read_bytes() != (folder / "good.mp4").read_bytes()
    rows = audited(dataset(folder))
    doubles = {name: row.same_as for name, row in rows.items() if row.same_as}
    first = next(name for name in rows if name in ("good", "again", "wrapped"))
    assert doubles == dict.fromkeys({"good", "again", "wrapped"} - {first}, f"test/{first}")


def test_the_rate_of_the_file_is_told_whatever_it_is_read_at(tmp_path: Path) -> None:
    film(tmp_path / "fast.mp4", [numbered(n) for n in range(30)], fps=Fraction(50), sound=tone(0.6))
    row = audited(dataset(tmp_path, fps=25.0))["fast"]
    assert (row.fps, row.num_frames, row.seconds) == (50.0, 30, 0.6)


class FaceInBrightPictures:
    """Finds a face where the lower left corner is white: in odd pictures of `numbered`."""

    name = "bright"

    def find(self, picture: Picture) -> list[Face]:
        if picture[-4, 2].mean() < 128:
            return []
        points = np.full((68, 2), 24.0, np.float32)
        return [Face(Box(0, 0, 48, 48), points, self.name)]


def test_faces_are_counted_in_the_pictures_that_are_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_module, "_finder", lambda name: FaceInBrightPictures())
    row = audited(dataset(folder), Examination(pictures=NUM_PICTURES))["other"]
    assert (row.faces_found, row.pictures_seen) == (NUM_PICTURES // 2, NUM_PICTURES)
    # Spread over the clip: of 12 pictures the first, the last and two at equal distances.
    row = audited(dataset(folder), Examination(pictures=4))["other"]
    seen = np.linspace(0, NUM_PICTURES - 1, 4).round().astype(int) + 100
    assert row.faces_found == (seen % 2 == 1).sum()


def test_an_unknown_back_end_is_refused_before_the_work(folder: Path) -> None:
    with pytest.raises(PluginError, match="No landmark back end is called 'dlip'"):
        next(audit(dataset(folder), Examination(back_end="dlip")))


def two_late(frames: Frames, speech: Speech) -> int | None:
    return 2


def test_a_sync_model_fills_the_offset(folder: Path) -> None:
    rows = audited(dataset(folder), Examination(back_end=None, offset=two_late))
    assert rows["good"].offset_frames == 2
    assert rows["silent"].offset_frames is None


class Knowing(FolderDataset):
    """Clips that know something: functions, which cannot be sent to another process."""

    def clips(self, split: Split) -> list[Clip]:
        known = {"pose": lambda: np.zeros((3, 3), np.float32)}
        return [replace(clip, known=known) for clip in super().clips(split)]


def test_several_processes_find_the_same_in_the_same_order(folder: Path) -> None:
    made = Knowing(dataset(folder).settings, seed=0)
    steps: list[tuple[int, int]] = []
    rows = list(audit(made, NOBODY, workers=2, progress=lambda *step: steps.append(step)))
    assert rows == list(audit(dataset(folder), NOBODY))
    assert steps == [(done, 6) for done in range(1, 7)]


def test_no_clip_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no clip"):
        list(audit(dataset(tmp_path), NOBODY))


def test_the_csv_file_has_every_row_and_the_table_their_sums(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "made" / "audit.csv"
    table = write_audit(audit(dataset(folder), NOBODY), path)
    with path.open(newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert len(rows) == 6
    assert rows["good"]["num_frames"] == str(NUM_PICTURES)
    assert rows["text"]["num_frames"] == ""
    assert rows["text"]["trouble"].endswith("playlists are not followed.")
    header, line, offset, *troubles = str(table).splitlines()
    assert header.split() == [
        *("split", "clips", "seconds", "fps", "size", "faces", "silent", "doubles", "unreadable")
    ]
    cells = [cell.strip() for cell in line.split("  ") if cell]
    assert cells == ["test", "6", "1.9", "25", "64x48", "not looked for", "1", "1", "2"]
    assert "not measured" in offset
    assert {line.split(":")[0] for line in troubles} == {"half", "text"}


def test_the_table_counts_faces_rates_and_offsets(tmp_path: Path) -> None:
    rows = [
        AuditRow("val", f"clip{n}", fps=fps, seconds=1.0, offset_frames=n, sound_seconds=0.0,
                 width=8, height=4, pictures_seen=4, faces_found=3)
        for n, fps in enumerate([25.0, 25.0, 30000 / 1001, 50.0, 12.0])
    ]  # fmt: skip
    _, line, offset = str(write_audit(rows, tmp_path / "audit.csv")).splitlines()
    assert "25 (2), 29.97 (1), 50 (1), 1 others" in line
    assert line.split()[-4:] == ["75.0%", "5", "0", "0"]
    assert "at most one frame in 40.0% of the clips" in offset
