"""A face from speech, through the command line: no portrait is asked for, and none looked at."""

import json
from pathlib import Path

import numpy as np
import pytest

from talkingface.data.synth.speech import spoken_by
from talkingface.engine.build import architecture_of
from talkingface.media import SpeechArray, open_frames
from talkingface.media.writer import write_video
from talkingface.storage.weights import (
    Weights,
    WeightsHeader,
    write_weights,
)
from tests.unit.models.pc_avs.tiny import PX
from tests.unit.models.pc_avs.tiny_voice import tiny_voice_model

NAME = "Speech2Talking_Face"
FACE_FREE = ("generate", f"--model={NAME}")


@pytest.fixture
def weights(tmp_path: Path) -> str:
    """Return an option that names weights of the smallest networks."""
    model = tiny_voice_model()
    header = WeightsHeader(NAME, "trained", "none", architecture_of(model.settings))
    write_weights(tmp_path / "own.safetensors", Weights(header, model.state_dict()))
    return f"--evaluate_model_file={tmp_path / 'own.safetensors'}"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """Return a video of a second with sound."""
    speech = SpeechArray(spoken_by(3, 998_000, 1.0, "formant").waveform)
    still = np.full((PX, PX, 3), 120, np.uint8)
    write_video(tmp_path / "talk.mp4", [still] * 25, tiny_voice_model().fps, speech)
    return tmp_path / "talk.mp4"


def test_speech_alone_becomes_a_video_named_after_it(run, only_run, weights, talk) -> None:
    code, said, err = run(*FACE_FREE, weights, f"--audio={talk}", "--panels=true")
    assert code == 0
    made = Path(said.strip())
    assert made == only_run() / "videos" / "talk.mp4"
    assert abs(len(open_frames(made)) - 25) <= 1
    assert open_frames(made).read(0, 1).shape == (1, PX, PX, 3)
    assert "No video turns the head of talk: it looks straight ahead." in err
    panels = {path.name for path in (only_run() / "results" / "talk").iterdir()}
    assert panels == {"G_Fix_Pose_.mp4", "avconcat.mp4"}


def test_a_portrait_that_is_given_is_not_even_opened(run, weights, talk, tmp_path) -> None:
    words = (*FACE_FREE, weights, f"--audio={talk}", f"--out={tmp_path / 'new.mp4'}")
    code, _, err = run(*words, "--source=nobody.png", "--align")
    assert code == 0
    assert f"{NAME} finds a face of its own: portraits are not looked at." in err
    code, _, err = run(*words, "--align", "--paste_back")
    assert code == 2
    assert "there is no portrait to put it back into. Leave --paste_back out." in err


def test_rows_of_a_list_need_speech_alone(run, weights, talk, tmp_path) -> None:
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text(json.dumps({"name": "one", "audio": str(talk)}) + '\n{"name": "two"}\n')
    code, said, err = run(*FACE_FREE, weights, f"--jobs={jobs}", f"--out={tmp_path / 'made'}")
    assert code == 1
    assert said.strip() == str(tmp_path / "made" / "one.mp4")
    assert "the job two has no audio." in err


def test_silence_is_a_sentence(run, weights, tmp_path) -> None:
    still = np.full((PX, PX, 3), 120, np.uint8)
    silence = SpeechArray(np.zeros(16_000, np.float32))
    write_video(tmp_path / "still.mp4", [still] * 25, tiny_voice_model().fps, silence)
    code, _, err = run(*FACE_FREE, weights, f"--audio={tmp_path / 'still.mp4'}")
    assert code == 2
    assert "The speech is silent, so no face can be inferred from it." in err
