"""What PC_AVS shows beside a video, named and timed as its authors' program does."""

import numpy as np
import pytest

from talkingface.clip import Clip, FrameArray
from talkingface.job import Control, Job
from talkingface.media import SpeechArray
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.panels import panels_of

HALF_A_SECOND = SpeechArray(np.zeros(8000, np.float32))  # 12 frames, or 10 from the third on


def greys(*levels: int) -> FrameArray:
    return FrameArray(np.stack([np.full((4, 4, 3), level, np.uint8) for level in levels]))


def job(*, pose=None, strength=1.0, speaker=None) -> Job:
    controls = {} if pose is None else {"pose": Control(Clip("nod", pose), strength)}
    return Job("job", tuple(greys(1, 2, 3)), HALF_A_SECOND, controls, speaker)


def levels(panel) -> list[int]:
    return [int(picture[0, 0, 0]) for picture in panel]


def test_a_driven_head_has_the_panels_of_the_authors_in_their_order() -> None:
    panels = panels_of(job(pose=greys(5), speaker=greys(*range(12))), PCAVSSettings())
    assert list(panels.shown) == ["Input_", "G_Pose_Driven_", "Pose_Source_", "Mouth_Source_"]
    assert panels.shown["G_Pose_Driven_"] is None
    assert panels.shown["Input_"][0, 0, 0] == 1
    assert panels.strip == "avconcat"


def test_without_a_speaker_or_a_pose_their_panels_are_left_out() -> None:
    assert list(panels_of(job(), PCAVSSettings()).shown) == ["Input_", "G_Fix_Pose_"]
    still = panels_of(job(pose=greys(5), strength=0.0), PCAVSSettings())
    assert list(still.shown) == ["Input_", "G_Fix_Pose_"]
    inferred = panels_of(job(pose=greys(5)), PCAVSSettings(), portrait_is_shown=False)
    assert list(inferred.shown) == ["G_Pose_Driven_", "Pose_Source_"]


@pytest.mark.parametrize(
    ("sync", "pose", "speaker"),
    [
        ("corrected", [0, 1, 2, 3, 4, 4, 3, 2, 1, 0, 0, 1], list(range(12))),
        ("published", [2, 3, 4, 4, 3, 2, 1, 0, 0, 1], list(range(2, 12))),
    ],
)
def test_pose_and_speaker_are_those_of_the_frames_that_are_drawn(sync, pose, speaker) -> None:
    given = job(pose=greys(*range(5)), speaker=greys(*range(12)))
    panels = panels_of(given, PCAVSSettings(sync=sync)).shown
    assert levels(panels["Pose_Source_"]) == pose
    assert levels(panels["Mouth_Source_"]) == speaker


@pytest.mark.parametrize(("wanted", "kept"), [(1, 1), (2, 2), (9, 3)])
def test_the_portraits_that_are_used_are_kept(wanted: int, kept: int) -> None:
    pictures = panels_of(job(), PCAVSSettings(references=wanted)).pictures
    assert list(pictures) == [f"ref_id_{index}" for index in range(kept)]
    assert levels(pictures.values()) == [1, 2, 3][:kept]


def test_a_long_pose_video_is_read_in_short_windows() -> None:
    read = []

    class Counted(FrameArray):
        def read(self, start, stop):
            read.append(stop - start)
            return super().read(start, stop)

    speech = SpeechArray(np.zeros(16000 * 3, np.float32))
    pose = Counted(greys(*range(60)).pictures)
    given = Job("job", tuple(greys(1)), speech, {"pose": Control(Clip("nod", pose))})
    shown = levels(panels_of(given, PCAVSSettings()).shown["Pose_Source_"])
    assert shown == [*range(60), *range(59, 44, -1)]
    assert max(read) <= 16
