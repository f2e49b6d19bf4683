"""A row of a list is made again with what is heard in another one."""

import numpy as np

from talkingface.config.settings import EvaluateSettings
from talkingface.engine.video_files import tasks_of_list
from talkingface.media import SpeechArray, write_video
from tests.filming import record

PICTURES = np.full((8, 32, 32, 3), 90, np.uint8)


def test_a_row_of_a_list_is_given_the_speech_of_the_next_row_with_another(tmp_path):
    hum = SpeechArray(np.full(8 * 640, 0.1, np.float32))
    write_video(tmp_path / "talk.mp4", PICTURES, 25, hum)
    for name, level in (("low", 0.2), ("high", 0.6)):
        record(tmp_path / f"{name}.wav", np.full(16_000, level, np.float32), "pcm_s16le")
    rows = ["a,talk.mp4,low.wav", "b,talk.mp4,low.wav", "c,talk.mp4,high.wav"]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["name,ground_truth_video,driving_audio", *rows]))
    tasks = tasks_of_list(EvaluateSettings(clip_list=str(path)), {"lip"})
    others = [task.open().other_speech for task in tasks]
    heard = [float(other.read(16_000).mean()) for other in others]
    np.testing.assert_allclose(heard, [0.6, 0.6, 0.2], atol=1e-4)  # 16 bits
    assert [other.seconds for other in others] == [1.0] * 3  # as long as the row's own
    path.write_text("\n".join(["name,ground_truth_video,driving_audio", *rows[:2]]))
    (task, _) = tasks_of_list(EvaluateSettings(clip_list=str(path)), {"lip"})
    assert task.open().other_speech is None
