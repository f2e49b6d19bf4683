"""What PC_AVS learns from: drawn by chance alone, in the frames and with the sound of one clip."""

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest
import torch

from talkingface.clip import FrameArray
from talkingface.data.examples import strangers
from talkingface.data.examples.moments import numbered
from talkingface.data.examples.places import USUAL_MOUTH
from talkingface.data.synth import FACTOR_NAMES, truth
from talkingface.data.synth.factors import columns_of
from talkingface.errors import DataError
from talkingface.face.reader import open_reader
from talkingface.media.features.mel import mel_spectrogram
from talkingface.models.pc_avs import examples
from talkingface.models.pc_avs.examples import POSE_FACTORS
from talkingface.models.pc_avs.model import PCAVS
from tests.unit.models.pc_avs.tiny import PX, batch_of, learner, settings, talking_people

LIPS = columns_of("lip")
COLUMNS = [FACTOR_NAMES.index(name) for name in POSE_FACTORS]


WITHOUT_FACTORS = tuple(phase for phase in PCAVS.phases if phase != "pose")


def preparation(*phases: str, **changes: object):
    return learner(**changes).preparation_for(phases or WITHOUT_FACTORS)


def example_of(prepares, seed=0, clip=None):
    prepared = prepares.prepare(clip or talking_people()[0])
    return prepares.example(prepared, np.random.default_rng(seed))


def frame_shown(picture, clip=None) -> int:
    """Return the frame of a clip that is equal to a picture."""
    frames = (clip or talking_people()[0]).frames.pictures
    (found,) = np.flatnonzero((frames == picture).all(axis=(1, 2, 3)))
    return int(found)


@pytest.mark.parametrize(
    ("phase", "names"),
    [
        ("identity", {"portrait", "label"}),
        ("motion", {"moments", "moment_mels", "moment_factors", "shown"}),
        ("pose", {"heads", "factors"}),
        ("disentangling", {"moments", "moment_mels", "moment_factors", "shown", "label"}),
        ("quarter_size", {"portraits", "target", "mel", "posed", "mouth"}),
        ("discriminator", {"portraits", "target", "mel", "posed", "mouth"}),
    ],
)
def test_an_example_holds_what_its_phase_needs_and_no_more(phase, names):
    assert set(example_of(preparation(phase, pose_pictures="drawn"))) == names


def test_shapes_are_those_of_the_settings():
    example = example_of(preparation(*PCAVS.phases, pose_pictures="drawn", references=2))
    shapes = {name: one.shape for name, one in example.items()}
    assert shapes == {
        "label": (),
        "portrait": (PX, PX, 3),
        "moments": (4, PX, PX, 3),
        "moment_mels": (4, 80, 20),
        "moment_factors": (4, len(POSE_FACTORS)),
        "shown": (PX, PX, 3),
        "heads": (2, PX, PX, 3),
        "factors": (len(POSE_FACTORS),),
        "portraits": (2, PX, PX, 3),
        "target": (PX, PX, 3),
        "mel": (80, 20),
        "posed": (PX, PX, 3),
        "mouth": (4,),
    }


@pytest.mark.parametrize("poses", ["drawn", "changed"])
def test_examples_follow_from_chance_alone(poses):
    prepares = preparation(pose_pictures=poses)
    first, again, other = (example_of(prepares, seed) for seed in (5, 5, 6))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert {name for name in first if np.array_equal(first[name], other[name])} == {"label"}


def test_pictures_of_another_size_come_to_the_networks_size():
    clip = talking_people()[0]
    large = np.stack([cv2.resize(one, (2 * PX, 2 * PX)) for one in clip.frames.pictures])
    seen = example_of(preparation("generator"), clip=replace(clip, frames=FrameArray(large)))
    usual = example_of(preparation("generator"))
    # enlarged and shrunk again: edges are a little softer
    assert np.abs(seen["target"].astype(int) - usual["target"]).mean() < 2


def test_what_is_heard_belongs_to_what_is_seen():
    """Rows 4 (f - 2) to 4 (f + 3) of the spectrogram belong to frame f; it ends in itself."""
    clip = talking_people()[0]
    rows = mel_spectrogram(clip.speech.read(16_000))
    padded = np.concatenate([rows[:1].repeat(8, 0), rows, rows[-1:].repeat(20, 0)])
    example = example_of(preparation("motion", "generator"))
    pairs = [(example["target"], example["mel"])]
    pairs += zip(example["moments"], example["moment_mels"], strict=True)
    for picture, mel in pairs:
        start = 4 * frame_shown(picture)
        np.testing.assert_array_equal(mel, padded[start : start + 20].T)


def test_a_spectrogram_that_is_known_is_taken_instead_of_the_sound():
    clip = talking_people()[0]
    known = {**clip.known, "mel": lambda: np.full((67, 80), 0.25, np.float32)}
    assert (
        example_of(preparation("generator"), clip=replace(clip, known=known))["mel"] == 0.25
    ).all()


def test_moments_are_parts_in_a_row_that_lie_apart_and_reach_both_ends():
    clip = talking_people()[0]
    prepares = preparation("motion", clip_frames=6, joined_frames=3)
    prepared, firsts, lasts = prepares.prepare(clip), set(), set()
    for seed in range(60):
        example = prepares.example(prepared, np.random.default_rng(seed))
        shown = [frame_shown(picture) for picture in example["moments"]]
        first, second = shown[:3], shown[3:]
        assert first == list(range(first[0], first[0] + 3))
        assert second == list(range(second[0], second[0] + 3))
        assert first[-1] < second[0]
        firsts.add(first[0])
        lasts.add(second[-1])
    assert (min(firsts), max(lasts)) == (0, 14)


def test_single_moments_are_all_different():
    prepares = preparation("motion", clip_frames=15, joined_frames=1)
    shown = [frame_shown(picture) for picture in example_of(prepares)["moments"]]
    assert shown == list(range(15))


@pytest.mark.parametrize("num_frames", [1, 2, 3])
def test_a_clip_that_is_too_short_shows_moments_twice(num_frames):
    clip = talking_people()[0]
    short = replace(clip, frames=FrameArray(clip.frames.pictures[:num_frames]))
    example = example_of(preparation("motion"), clip=short)
    shown = [frame_shown(picture) for picture in example["moments"]]
    assert len(shown) == 4
    assert set(shown) <= set(range(num_frames))


def test_moments_come_with_their_factors():
    clip = talking_people()[0]
    example = example_of(preparation("motion", pose_pictures="drawn"))
    factors = clip.truth("factors")
    for picture, row in zip(example["moments"], example["moment_factors"], strict=True):
        true = dict(zip(FACTOR_NAMES, factors[frame_shown(picture)], strict=True))
        expected = [true[name] / unit for name, unit in POSE_FACTORS.items()]
        np.testing.assert_allclose(row, expected, rtol=1e-6)  # float32
    assert not set(POSE_FACTORS) & {FACTOR_NAMES[column] for column in LIPS}


@pytest.fixture
def drawn(monkeypatch):
    """Remember who is drawn with which factors, and the picture before its colours change."""
    asked = []

    def render_each(people, factors, size):
        (who,), (picture,) = people, render(people, factors, size)
        asked.append((who, factors[0], picture))
        return [picture]

    render = strangers.render_each
    monkeypatch.setattr(strangers, "render_each", render_each)
    return asked


def test_a_drawn_pose_is_a_strangers_with_all_but_the_lips_of_the_frame(drawn):
    clip = talking_people()[0]
    factors, rotation = clip.truth("factors"), clip.truth("rotation")
    others = [column for column in range(len(FACTOR_NAMES)) if column not in LIPS]
    prepares = preparation("generator", pose_pictures="drawn")
    prepared = prepares.prepare(clip)
    for seed in range(5):
        example = prepares.example(prepared, np.random.default_rng(seed))
        frame = frame_shown(example["target"])
        who, row, picture = drawn.pop()
        assert who.name not in {one.identity for one in talking_people()}
        assert (row[others] == factors[frame][others]).all()
        assert any((row[LIPS] == other[LIPS]).all() for other in factors)
        known = truth(who, row[None], PX)
        np.testing.assert_array_equal(known.rotation[0], rotation[frame])
        assert_only_colours_changed(picture, example["posed"])


def assert_only_colours_changed(before, after):
    """Each channel is as it was, or multiplied by the one factor and cut off at 255."""
    factors = []
    for channel in range(3):
        old, new = before[..., channel].astype(float), after[..., channel].astype(float)
        bright = (old > 60) & (new < 255)
        factor = float(np.median((new + 0.5)[bright] / old[bright])) if bright.any() else None
        if factor is not None and (old != new).any():
            factors.append(factor)
            np.testing.assert_allclose(
                new, (factor * old).clip(0, 255), atol=2
            )  # cut to whole levels
    assert factors
    assert np.ptp(factors) < 0.02  # half a level of 60


def test_lips_of_a_drawn_pose_are_of_any_frame(drawn):
    prepares = preparation("generator", pose_pictures="drawn")
    prepared = prepares.prepare(talking_people()[0])
    own = 0
    for seed in range(8):
        frame = frame_shown(prepares.example(prepared, np.random.default_rng(seed))["target"])
        own += (drawn.pop()[1][LIPS] == talking_people()[0].truth("factors")[frame][LIPS]).all()
    assert own <= 4  # 1 in 15 by chance, and pauses are alike


def test_whoever_reads_a_drawn_pose_finds_the_head_of_the_clip():
    clip = talking_people()[0]
    batch = batch_of(preparation("generator", pose_pictures="drawn"), [clip] * 6)
    frames = [frame_shown(picture) for picture in batch["target"].numpy()]
    read = np.degrees(open_reader().read(batch["posed"].numpy()).pose)
    # the reader errs by 1.5 degrees on its own pictures, and more in odd colours at 64 px
    assert np.abs(read - np.degrees(clip.truth("pose")[frames])).mean() < 4


def test_real_people_are_changed_themselves(monkeypatch):
    changed = []

    def augmented(frames, chance):
        changed.append(frames)
        return 255 - frames

    monkeypatch.setattr(examples, "augmented", augmented)
    example = example_of(preparation("generator", pose_pictures="changed"))
    assert "shown" not in example
    assert (changed[0] == example["target"]).all()
    assert (example["posed"] == 255 - example["target"]).all()


def test_filmed_people_are_changed_themselves_even_where_drawings_are_asked_for():
    filmed = replace(talking_people()[0], known={})
    example = example_of(preparation("motion", "generator", pose_pictures="drawn"), clip=filmed)
    assert "shown" not in example
    assert example["posed"].shape == example["target"].shape


def test_the_mouth_lies_inside_its_ellipse():
    clip = talking_people()[0]
    mouths = preparation().prepare(clip)["mouths"]
    points = clip.truth("landmarks")[:, 48:68] / PX
    middle, half = mouths[:, None, :2], mouths[:, None, 2:]
    assert (np.abs(points - middle) <= half + 1e-6).all()  # float32
    assert (half < 0.3).all()
    assert (half[..., 0] > half[..., 1]).all()


def test_where_landmarks_are_not_known_the_mouth_is_where_alignment_puts_it():
    clip = talking_people()[0]
    filmed = preparation().prepare(replace(clip, known={}))["mouths"]
    assert (filmed == USUAL_MOUTH).all()
    drawn = preparation().prepare(clip)["mouths"].mean(axis=0)
    # SynthTalk has the same framing; its mouths move a few pixels of 224
    np.testing.assert_allclose(USUAL_MOUTH[:2], drawn[:2], atol=0.05)


def test_people_are_numbered_by_their_names():
    clips = talking_people()
    numbers = numbered([*clips, clips[0]])
    assert sorted(numbers, key=numbers.__getitem__) == sorted(one.identity for one in clips)
    labels = batch_of(preparation("identity"))["label"]
    assert labels.tolist() == [numbers[clip.identity] for clip in clips]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"frames": None}, "lacks frames or sound"),
        ({"speech": None}, "lacks frames or sound"),
        ({"frames": FrameArray(np.zeros((0, PX, PX, 3), np.uint8))}, "lacks frames or sound"),
        (
            {"frames": FrameArray(np.zeros((9, PX, PX, 3), np.uint8), Fraction(30))},
            "25 frames a second and clip-998000 has 30",
        ),
    ],
)
def test_a_clip_that_nothing_can_be_learnt_from_is_a_sentence(change, sentence):
    with pytest.raises(DataError, match=sentence):
        preparation().prepare(replace(talking_people()[0], **change))


def test_a_model_that_only_generates_prepares_clips_too():
    prepares = PCAVS(settings(pose_pictures="drawn")).preparation
    assert torch.is_tensor(batch_of(prepares)["target"])


def test_a_pose_is_learnt_from_two_strangers_with_the_head_of_one_frame(drawn):
    clip = talking_people()[0]
    example = example_of(preparation("pose", pose_pictures="drawn"))
    (first, row, _), (second, other, _) = drawn
    assert first.name != second.name
    assert (row[COLUMNS] == other[COLUMNS]).all()
    assert any((row[COLUMNS] == own[COLUMNS]).all() for own in clip.truth("factors"))
    np.testing.assert_allclose(
        example["factors"], row[COLUMNS] / list(POSE_FACTORS.values()), rtol=1e-6
    )  # float32


def test_the_pose_of_filmed_people_is_not_known():
    filmed = replace(talking_people()[0], known={})
    with pytest.raises(DataError, match="Leave the phase out of the stages"):
        example_of(preparation("pose", pose_pictures="drawn"), clip=filmed)
