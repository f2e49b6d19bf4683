"""How frames and sound were stored is known wherever they come from a file."""

import numpy as np

from talkingface.clip import FrameArray
from talkingface.data.files import FileFrames, FileSpeech
from talkingface.engine.lasting import FramesPart, SpeechPart
from talkingface.face.align.network_view import NetworkFrames
from talkingface.media import SpeechArray, write_picture, write_video
from talkingface.media.coding import codec_of, sample_rate_of

PICTURE = np.zeros((32, 32, 3), np.uint8)


def test_videos_folders_and_what_is_cut_of_them_name_their_codec(tmp_path):
    video = tmp_path / "a.mp4"
    write_video(video, [PICTURE] * 3, 25)
    (tmp_path / "b").mkdir()
    write_picture(tmp_path / "b" / "000000.JPG", PICTURE)
    assert codec_of(FileFrames(video)) == "h264"
    assert codec_of(FramesPart(FileFrames(video), 1, 1)) == "h264"
    assert codec_of(NetworkFrames(FileFrames(tmp_path / "b"))) == "jpg"
    assert codec_of(FrameArray(PICTURE[None])) == ""
    assert codec_of(None) == ""


def test_sound_names_the_rate_that_it_came_with(tmp_path):
    video = tmp_path / "a.mp4"
    write_video(video, [PICTURE] * 3, 25, SpeechArray(np.zeros(2000, np.float32)))
    assert sample_rate_of(FileSpeech((video,))) == 48_000
    assert sample_rate_of(SpeechPart(SpeechArray(np.zeros(9, np.float32), 8000), 0, 1)) == 8000
    assert sample_rate_of(None) == 0
