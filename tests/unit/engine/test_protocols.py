"""Who drives whom, by the names that papers use."""

from fractions import Fraction

import numpy as np
import pytest

from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import DatasetSettings, EvaluateSettings, Settings
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.protocols import compared_in, partners, tasks_of
from talkingface.errors import DataError, UsageError
from talkingface.media import SpeechArray

CONTROLS = ("lip", "pose")


def clip(name: str, identity: str, level: int, num_frames: int = 4) -> Clip:
    pictures = np.full((num_frames, 8, 8, 3), level, np.uint8)
    speech = SpeechArray(np.full(num_frames * 640, level / 255, np.float32))
    return Clip(name, FrameArray(pictures, Fraction(25)), speech, identity)


PEOPLE = [
    clip("anna_1", "anna", 10),
    clip("anna_2", "anna", 20),
    clip("bert_1", "bert", 30, num_frames=3),
    clip("carl_1", "carl", 40),
]


class People(TalkingFaceDataset):
    def __init__(self, clips=PEOPLE):
        super().__init__(DatasetSettings("People"), 0)
        self.own = clips

    def prepare(self, progress):
        pass

    def clips(self, split):
        return self.own

    def fingerprint(self):
        return ""


def trials(protocol, clips=PEOPLE, controls=CONTROLS, **chosen):
    settings = Settings(evaluate=EvaluateSettings(protocol=protocol, **chosen))
    return {task.name: task.open() for task in tasks_of(People(clips), settings, controls, "M")}


def level(picture) -> int:
    return int(picture.mean())


def test_self_makes_a_clip_again_from_its_first_frame():
    trial = trials("self")["anna_1"]
    assert level(trial.job.portraits[0]) == level(trial.portrait) == 10
    assert trial.job.controls["pose"].source.name == "anna_1"
    assert trial.references["pictures"] is trial.own is PEOPLE[0]
    assert compared_in("self") > {"pictures", "pose", "lip"}


def test_cross_identity_gives_the_movement_to_somebody_elses_face():
    for name, trial in trials("cross_identity").items():
        own = {one.name: one for one in PEOPLE}[name]
        face = {10: "anna", 20: "anna", 30: "bert", 40: "carl"}[level(trial.portrait)]
        assert face == trial.job.subject.identity != own.identity
        assert trial.job.speech is own.speech
        assert trial.job.controls["pose"].source is own
        assert trial.references["pose"] is own
        assert "pictures" not in trial.references
    assert "pictures" not in compared_in("cross_identity")


def test_cross_pose_takes_the_head_of_another_clip_as_long_as_ones_own():
    trial = trials("cross_pose")["carl_1"]
    head = trial.references["pose"]
    assert level(trial.portrait) == 40
    assert trial.job.controls["pose"].source is head
    assert head.name != "carl_1_pose"
    assert len(head.frames) == 4
    assert trial.references["lip"] is trial.own is PEOPLE[3]
    assert "pictures" not in trial.references


def test_a_method_without_the_control_cannot_be_crossed():
    with pytest.raises(UsageError, match="M has no control 'pose'"):
        trials("cross_pose", controls=("lip",))


def test_partners_are_others_and_do_not_depend_on_order_or_limit():
    found = partners(PEOPLE, PEOPLE, seed=3)
    backwards = partners(PEOPLE[::-1], PEOPLE[1:2], seed=3)
    assert backwards["anna_2"].name == found["anna_2"].name
    for one in PEOPLE:
        assert found[one.name].identity != one.identity
    others = {name: one.name for name, one in partners(PEOPLE, PEOPLE, seed=4).items()}
    assert others != {name: one.name for name, one in found.items()}
    assert trials("cross_identity", limit=1).keys() == {"anna_1"}


def test_where_everybody_is_one_person_another_clip_must_do():
    twins = [clip("a", "anna", 1), clip("b", "anna", 2)]
    assert partners(twins, twins, 0)["a"].name == "b"
    assert partners(twins[:1], twins[:1], 0) == {}
    with pytest.raises(DataError, match="needs two clips"):
        trials("cross_identity", clips=twins[:1])


def test_other_speech_is_somebody_elses_and_as_long_as_ones_own():
    trial = trials("self")["anna_1"]
    heard = trial.other_speech.read(16000)
    assert len(heard) == 4 * 640
    assert round(float(heard[0]) * 255) in (30, 40)


def test_no_clips_and_no_known_truth_are_sentences():
    with pytest.raises(DataError, match="The test split has no clips"):
        trials("self", clips=[])
    with pytest.raises(UsageError, match="People does not know how a face would look"):
        trials("pairs")
