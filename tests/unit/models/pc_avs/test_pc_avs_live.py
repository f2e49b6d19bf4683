"""What a live portrait hears and whose poses it follows: in its speech and in its stream."""

import numpy as np
import torch

from talkingface.media.features.passage import Passage
from talkingface.media.features.windows import passing_mouth_windows
from talkingface.models.pc_avs.live import LivePCAVS


class Asked:
    """Stands for a drawing, and notes what it is asked for."""

    def __init__(self) -> None:
        self.poses = self

    def of(self, mels, frames):
        self.mels, self.frames = mels, frames
        return torch.zeros(len(frames), 3, 1, 1)

    def place(self, frame: int) -> int:
        return frame % 3


def test_sound_counts_from_the_speech_and_poses_from_the_stream() -> None:
    asked = Asked()
    heard = Passage(np.random.default_rng(0).normal(0, 0.1, 6_400))
    LivePCAVS(asked, noise_differs=False).draw(heard, range(3, 5), first=10)
    assert asked.frames == range(10, 12)
    np.testing.assert_array_equal(asked.mels, passing_mouth_windows(heard, range(3, 5)))


def test_a_moment_is_the_picture_that_gives_the_pose_unless_noise_differs() -> None:
    still, noisy = (LivePCAVS(Asked(), noise_differs=one) for one in (False, True))
    assert [still.moment(place) for place in range(4)] == [0, 1, 2, 0]
    assert noisy.moment(0) is None
