"""What is shown beside a generated video is kept with it."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from talkingface.clip import FrameArray
from talkingface.engine.panels import keeping_panels
from talkingface.errors import DataError
from talkingface.media import SpeechArray, open_frames, read_picture
from talkingface.media.strip import Panels

SPEECH = SpeechArray(np.full(16000, 0.1, np.float32))
PORTRAIT = np.full((32, 32, 3), 200, np.uint8)


def greys(*levels: int, size: int = 16) -> np.ndarray:
    return np.stack([np.full((size, size, 3), level, np.uint8) for level in levels])


def keep(folder: Path, generated, panels: Panels) -> list:
    return list(keeping_panels(generated, panels, folder, Fraction(25), SPEECH))


def levels(path: Path, column: int = 8) -> list[int]:
    """Return the level of each frame at a column; H.264 loses one or two of a flat picture."""
    pictures = open_frames(path)
    return [round(int(one[8, column].mean()), -1) for one in pictures]


def test_each_panel_is_a_video_and_the_strip_shows_all_in_order(tmp_path: Path) -> None:
    generated = greys(10, 20, 30, 40)
    pose, speaker = FrameArray(greys(100, 120)), iter(greys(50, 60, 70, 80, 90))
    shown = {"Input_": PORTRAIT, "G_": None, "Pose_": pose, "Mouth_": speaker}
    passed = keep(tmp_path / "out", generated, Panels(shown, {"ref": PORTRAIT}, strip="all"))
    np.testing.assert_array_equal(passed, generated)
    out = tmp_path / "out"
    assert {one.name for one in out.iterdir()} == {
        "Input_.mp4",
        "G_.mp4",
        "Pose_.mp4",
        "Mouth_.mp4",
        "all.mp4",
        "ref.jpg",
    }
    # What is too short stays on its last picture, what is too long is cut.
    expected = [[200] * 4, [10, 20, 30, 40], [100, 120, 120, 120], [50, 60, 70, 80]]
    for name, of_panel in zip(shown, expected, strict=True):
        assert levels(out / f"{name}.mp4") == of_panel
    assert open_frames(out / "Input_.mp4").read(0, 1).shape == (1, 32, 32, 3)
    assert open_frames(out / "all.mp4").read(0, 1).shape == (1, 16, 64, 3)
    assert [levels(out / "all.mp4", column) for column in (8, 24, 40, 56)] == expected
    np.testing.assert_allclose(read_picture(out / "ref.jpg"), PORTRAIT, atol=1)  # JPEG


def test_the_strip_has_sound_and_what_was_generated_says_so(tmp_path: Path) -> None:
    keep(tmp_path, greys(10, 20), Panels({"portrait": PORTRAIT, "generated": None}))
    said = {}
    for path in tmp_path.iterdir():
        with av.open(str(path)) as container:
            said[path.stem] = (container.metadata["comment"], len(container.streams.audio))
    assert said == {
        "portrait": ("source of a generated video", 0),
        "generated": ("synthetic", 0),
        "side_by_side": ("synthetic", 1),
    }


def test_panels_are_read_as_the_video_is_made(tmp_path: Path) -> None:
    asked = []

    def speaker():
        for index in range(100):
            asked.append(index)
            yield greys(50)[0]

    panels = Panels({"generated": None, "speaker": speaker()})
    passing = keeping_panels(iter(greys(1, 2, 3)), panels, tmp_path, Fraction(25), SPEECH)
    next(passing)
    next(passing)
    assert asked == [0, 1]


def test_a_video_that_breaks_off_leaves_no_panels(tmp_path: Path) -> None:
    def failing():
        yield greys(10)[0]
        raise DataError("the speech is damaged.")

    with pytest.raises(DataError, match="damaged"):
        keep(tmp_path / "out", failing(), Panels({"portrait": PORTRAIT, "generated": None}))
    assert list((tmp_path / "out").iterdir()) == []


def test_a_panel_without_pictures_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="The panel pose has no pictures"):
        keep(tmp_path, greys(10), Panels({"pose": [], "generated": None}))
