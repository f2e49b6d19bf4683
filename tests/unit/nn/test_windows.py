"""How many frames are drawn together."""

import pytest
import torch

from talkingface.nn.windows import windows

CPU = torch.device("cpu")


@pytest.mark.parametrize("at_once", [None, 1, 4, 100])
def test_every_frame_is_in_one_window_and_in_order(at_once):
    frames = range(2, 39)
    assert [one for part in windows(frames, 112, CPU, at_once) for one in part] == list(frames)


def test_no_frames_have_no_window():
    assert list(windows(range(0), 112, CPU)) == []


def test_larger_pictures_come_in_fewer_and_at_least_one():
    first = [len(next(windows(range(50), px, CPU))) for px in (112, 224, 256, 448)]
    assert first == [4, 1, 1, 1]


def test_other_devices_take_more():
    assert len(next(windows(range(50), 224, torch.device("cuda")))) == 16
