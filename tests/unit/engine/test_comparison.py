"""Every clip is decoded once, in windows, for all subjects and metrics."""

import tracemalloc
from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import ModelSettings
from talkingface.engine.evaluator import Evaluator
from talkingface.engine.protocols import cross_identity, cross_pose, self_trial
from talkingface.engine.rules import Rules
from talkingface.engine.scorers import Scorer, scorers_of
from talkingface.engine.trials import COMPARED, Task, Trial
from talkingface.errors import DataError
from talkingface.face.reader.network import as_input
from talkingface.media import SpeechArray
from talkingface.metrics.base import Metric, MetricUnavailableError, SetMetric
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import discover
from talkingface.registry import MetricSpec

KNOWN = discover().metrics
NUM_FRAMES = 40
rng = np.random.default_rng(5)
REAL = rng.integers(0, 256, (NUM_FRAMES, 32, 32, 3), dtype=np.uint8)
MADE = np.clip(REAL + rng.normal(0, 20, REAL.shape), 0, 255).astype(np.uint8)


class CountedFrames(FrameArray):
    """Remembers how often each frame was asked for."""

    def __iter__(self):
        for index, picture in enumerate(self.pictures):
            asked_for.append(index)
            yield picture


asked_for: list[int] = []


class Plays(TalkingFaceModel):
    """Makes given pictures in windows of a size; each a level brighter where the speech is loud."""

    def __init__(self, pictures, window=16):
        super().__init__(ModelSettings())
        self.pictures, self.window = pictures, window
        self.jobs = []

    def generate(self, job) -> Iterator[torch.Tensor]:
        self.jobs.append(job)
        for start in range(0, len(self.pictures), self.window):
            yield as_input(torch.from_numpy(self.pictures[start : start + self.window]))


class Loudness(Metric):
    """Scores what is heard."""

    compares = "nothing"
    tells_of_speech = True

    def update(self, pair):
        if pair.clip.speech is None:
            raise MetricUnavailableError("There is no sound.")
        self.heard = float(np.abs(pair.clip.speech.read(16000)).mean())

    def compute(self):
        return self.heard


class Brightness(SetMetric):
    """Pools the levels of all clips."""

    compares = "nothing"

    def __init__(self):
        self.levels = []

    def part(self, pair):
        return {"levels": pair.generated.frames.mean(axis=(1, 2, 3))}

    def take(self, part):
        self.levels.append(part["levels"])

    def compute(self):
        return float(np.concatenate(self.levels).mean())


def own(kind: type[Metric]) -> Scorer:
    spec = MetricSpec(kind.__name__, "Ours.", higher_is_better=True, metric=kind)
    return Scorer(spec, kind, kind, {})


def scorers(*names: str) -> list[Scorer]:
    return scorers_of([KNOWN.get(name) for name in names])[0]


def clip(pictures=REAL, speech=True, level=0.5, name="a") -> Clip:
    sound = SpeechArray(np.full(len(pictures) * 640, level, np.float32)) if speech else None
    return Clip(name, CountedFrames(pictures, Fraction(25)), sound)


def scored(tmp_path, chosen, model=None, trial=None, beside=(), rules=None, shuffled=()):
    model = model or Plays(MADE)
    task = Task("a", trial or partial(self_trial, clip(), ("lip",)))
    evaluator = Evaluator(
        model, chosen, tmp_path, tmp_path, rules or Rules(), beside, shuffled=shuffled
    )
    asked_for.clear()
    return evaluator.scored(task)


ALL_SUBJECTS = ("truth", "portrait_repeated")


def test_each_frame_is_decoded_once_however_much_is_scored(tmp_path):
    chosen = scorers("SSIM", "PSNR", "flicker", "difference_error", "CPBD")
    result = scored(tmp_path, chosen, beside=ALL_SUBJECTS)
    assert asked_for == list(range(NUM_FRAMES))
    assert [row.subject for row in result.rows] == ["method", *ALL_SUBJECTS]


@pytest.mark.parametrize("window", [1, 7, 100])
def test_the_windows_of_the_method_change_no_score(tmp_path, window):
    chosen = scorers("SSIM", "PSNR", "flicker", "difference_error")
    whole = scored(tmp_path, chosen, Plays(MADE)).rows[0].scores
    parts = scored(tmp_path, chosen, Plays(MADE, window)).rows[0].scores
    assert parts == pytest.approx(whole, rel=1e-12)


def test_memory_does_not_grow_with_the_clip(tmp_path):
    def peak(num_frames: int) -> int:
        pictures = np.broadcast_to(REAL[:1], (num_frames, 32, 32, 3))
        trial = Trial(
            clip(pictures), {"pictures": clip(pictures)}, made=clip(pictures), portrait=REAL[0]
        )
        tracemalloc.start()
        scored(tmp_path, scorers("PSNR"), trial=lambda: trial, beside=("portrait_repeated",))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(20)  # what is made once for all clips
    assert peak(400) < 1.2 * peak(40)  # ten times the frames


def test_the_truth_is_scored_by_what_needs_no_second_clip(tmp_path):
    chosen = scorers("SSIM", "CPBD", "flicker")
    _, truth = scored(tmp_path, chosen, beside=("truth",)).rows
    assert set(truth.scores) == {"CPBD", "flicker"}
    played = scored(tmp_path, chosen, Plays(REAL)).rows[0]
    assert truth.scores["flicker"] == pytest.approx(played.scores["flicker"])
    assert played.facts["flicker"]["of_real"] == pytest.approx(truth.scores["flicker"])


def test_the_portrait_repeated_is_scored_like_a_method_that_repeats_it(tmp_path):
    chosen = scorers("SSIM", "PSNR", "CPBD", "flicker")
    _, baseline = scored(tmp_path, chosen, beside=("portrait_repeated",)).rows
    still = np.repeat(REAL[:1], NUM_FRAMES, axis=0)
    assert baseline.scores == scored(tmp_path, chosen, Plays(still)).rows[0].scores


def test_shuffled_speech_is_given_to_the_method_and_scored_with_the_real_one(tmp_path):
    loud = clip(level=0.9, name="b")
    model = Plays(MADE)
    trial = partial(self_trial, clip(level=0.2), ("lip",), loud)
    chosen = [*scorers("SSIM"), own(Loudness)]
    method, shuffled = scored(tmp_path, chosen, model, trial, shuffled={"a"}).rows
    heard = [float(job.speech.read(16000).mean()) for job in model.jobs]
    assert heard == pytest.approx([0.2, 0.9])
    assert shuffled.scores == {"Loudness": pytest.approx(0.2)}  # of the real speech, and no SSIM
    assert method.scores.keys() == {"SSIM", "Loudness"}
    assert shuffled.subject == "shuffled_speech"


def test_only_the_clips_that_were_drawn_are_made_with_other_speech(tmp_path):
    model, trial = Plays(MADE), partial(self_trial, clip(), ("lip",), clip(name="b"))
    assert len(scored(tmp_path, [own(Loudness)], model, trial, shuffled={"b"}).rows) == 1
    assert len(model.jobs) == 1


def test_other_speech_that_cannot_be_read_costs_no_score_of_the_method(tmp_path):
    class Lost(SpeechArray):
        def read(self, sample_rate_hz):
            raise DataError("b.wav is gone.")

    class Hears(Plays):
        def generate(self, job):
            job.speech.read(16000)
            yield from super().generate(job)

    other = Clip("b", None, Lost(np.zeros(16000, np.float32)))
    trial = partial(self_trial, clip(), ("lip",), other)
    rows = scored(tmp_path, [own(Loudness)], Hears(MADE), trial, shuffled={"a"}).rows
    assert [row.failure for row in rows] == ["", "b.wav is gone."]
    assert rows[0].scores.keys() == {"Loudness"}


def test_a_metric_of_the_set_leaves_its_part_of_each_clip(tmp_path):
    result = scored(tmp_path, [own(Brightness)], beside=ALL_SUBJECTS)
    assert set(result.parts["method"]) == {"Brightness"}
    levels = result.parts["method"]["Brightness"]["levels"]
    np.testing.assert_allclose(levels, MADE.mean(axis=(1, 2, 3)))
    assert result.parts["truth"] == {}
    assert len(result.parts["portrait_repeated"]["Brightness"]["levels"]) == NUM_FRAMES
    assert "Brightness" not in result.rows[0].scores


def test_a_metric_that_lacks_something_says_what_and_the_others_go_on(tmp_path):
    silent = Clip("a", FrameArray(REAL), None)
    trial = Trial(silent, dict.fromkeys(COMPARED, silent), made=Clip("x.mp4", FrameArray(MADE)))
    (row,) = scored(tmp_path, [*scorers("PSNR"), own(Loudness)], trial=lambda: trial).rows
    assert row.missing == {"Loudness": "There is no sound."}
    assert set(row.scores) == {"PSNR"}
    assert row.remarks == ("no sound",)


def test_what_nobody_shows_is_not_scored(tmp_path):
    trial = partial(cross_identity, clip(), ("lip",), clip(MADE, name="b"))
    result = scored(tmp_path, scorers("SSIM", "flicker"), trial=trial, beside=ALL_SUBJECTS)
    assert [set(row.scores) for row in result.rows] == [{"flicker"}] * 3


class HeadLevel(Metric):
    """Scores the level of whoever shows the pose."""

    compares = "pose"

    def update(self, pair):
        self.level = float(pair.reference.frames.mean())

    def compute(self):
        return self.level


def test_each_factor_is_compared_with_whoever_shows_it(tmp_path):
    head = clip(np.full_like(REAL, 7), name="b")
    trial = partial(cross_pose, clip(), ("lip", "pose"), head)
    (row,) = scored(tmp_path, [own(HeadLevel)], trial=trial).rows
    assert row.scores == {"HeadLevel": 7.0}


class PortraitLevel(Metric):
    """Scores the portrait that gave the identity."""

    compares = "nothing"

    def update(self, pair):
        if pair.clip.portrait is None:
            raise MetricUnavailableError("There is no portrait.")
        self.level = float(pair.clip.portrait.frames.mean())

    def compute(self):
        return self.level


def test_the_portrait_is_known_to_metrics_and_the_truth_has_none_of_another_person(tmp_path):
    bright = clip(np.full_like(REAL, 250), name="b")
    chosen = [own(PortraitLevel)]
    for trial, levels in (
        (partial(self_trial, clip(), ("lip",)), [REAL[0].mean(), REAL[0].mean()]),
        (partial(cross_identity, clip(), ("lip",), bright), [250.0, None]),
    ):
        rows = scored(tmp_path, chosen, trial=trial, beside=("truth",)).rows
        found = [row.scores.get("PortraitLevel") for row in rows]
        assert found == [None if one is None else pytest.approx(one) for one in levels]


def test_frames_of_half_the_size_are_compared_with_shrunken_real_ones(tmp_path):
    halved = REAL.reshape(NUM_FRAMES, 16, 2, 16, 2, 3).mean(axis=(2, 4)).round().astype(np.uint8)
    (row,) = scored(tmp_path, scorers("PSNR"), Plays(halved)).rows
    # Frames that equal the shrunken truth have no finite PSNR; rounding may differ by a level.
    assert np.isnan(row.scores["PSNR"]) or row.scores["PSNR"] > 45
    assert (row.footage.width, row.footage.generated_px, row.footage.reference_px) == (
        16,
        "16x16",
        "32x32",
    )
    (row,) = scored(tmp_path, scorers("PSNR"), Plays(halved), rules=Rules(size="equal")).rows
    assert "--evaluate.size=smaller" in row.failure


def test_two_frames_more_are_written_and_not_scored_and_three_fail(tmp_path):
    longer = np.concatenate([MADE, MADE[:3]])
    (row,) = scored(tmp_path, scorers("PSNR"), Plays(longer[:-1])).rows
    assert (row.footage.num_generated, row.footage.num_frames) == (42, 40)
    assert row.scores == scored(tmp_path, scorers("PSNR")).rows[0].scores
    (row,) = scored(tmp_path, scorers("PSNR"), Plays(longer)).rows
    assert "43 frames and the real one 40" in row.failure
    assert row.scores == {}


def test_a_clip_that_cannot_be_opened_or_made_is_a_row_with_its_reason(tmp_path):
    def broken() -> Trial:
        raise DataError("it is too dark.")

    (row,) = scored(tmp_path, scorers("PSNR"), trial=broken, beside=ALL_SUBJECTS).rows
    assert (row.failure, row.scores) == ("it is too dark.", {})
    slow = Clip("a", FrameArray(REAL, Fraction(30)), clip().speech)
    (row,) = scored(tmp_path, scorers("PSNR"), trial=partial(self_trial, slow, ())).rows
    assert "30 frames a second and the method makes 25" in row.failure
    assert not list(tmp_path.glob("*.mp4"))


def test_without_a_real_clip_only_what_needs_none_is_scored(tmp_path):
    frames = FrameArray(REAL[:1])
    bare = Clip("a", None, clip().speech, sources={"reference": frames})
    result = scored(
        tmp_path,
        [*scorers("PSNR", "flicker"), own(Loudness)],
        trial=partial(self_trial, bare, ("lip",)),
        beside=ALL_SUBJECTS,
    )
    assert [row.subject for row in result.rows] == ["method", "portrait_repeated"]
    row = result.rows[0]
    assert set(row.scores) == {"flicker", "Loudness"}
    assert row.remarks == ("no real frames to compare with",)
    assert (row.footage.num_frames, row.footage.num_reference, row.footage.fps) == (40, 0, 25)
    assert (tmp_path / row.sheet).is_file()


def test_a_sheet_shows_the_truth_above_what_was_made(tmp_path):
    from talkingface.media import read_picture

    (row,) = scored(tmp_path, scorers("PSNR"), Plays(255 - REAL)).rows
    sheet = read_picture(tmp_path / row.sheet)
    assert sheet.shape == (64, 8 * 32, 3)
    smooth = [part.reshape(-1, 3).mean(axis=0) for part in (sheet[:32, :32], REAL[0])]
    np.testing.assert_allclose(*smooth, atol=4)  # JPEG of noise
