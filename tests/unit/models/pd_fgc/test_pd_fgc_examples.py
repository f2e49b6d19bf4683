"""What PD_FGC learns from: each picture shares with the frame exactly what it is to show."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.data.examples import strangers
from talkingface.data.synth import FACTOR_GROUPS, FACTOR_NAMES
from talkingface.data.synth.factors import columns_of
from talkingface.errors import DataError
from talkingface.media.features.mel import mel_spectrogram
from talkingface.models.pd_fgc import examples, found_poses
from talkingface.models.pd_fgc.model import PDFGC
from tests.talking_people import PX, batch_of, talking_people
from tests.unit.models.pd_fgc.narrow import learner, settings

DRIVEN = {
    "eyes_shown": {"blink", "gaze"},
    "pose_shown": {"pose"},
    "moods_shown": {"emotion"},
    "lips_shown": {"lip"},
    "mover": set(FACTOR_GROUPS),
}
FILMED = tuple(phase for phase in PDFGC.phases if phase != "motion")


def preparation(*phases: str, **changes):
    return learner(**({"drivers": "drawn"} | changes)).preparation_for(phases or PDFGC.phases)


def filmed_preparation(*phases: str):
    return preparation(*(phases or FILMED), drivers="changed")


def example_of(prepares, seed=0, clip=None):
    prepared = prepares.prepare(clip or talking_people()[0])
    return prepares.example(prepared, np.random.default_rng(seed))


def frame_shown(picture) -> int:
    """Return the frame of the first clip that is equal to a picture."""
    frames = talking_people()[0].frames.pictures
    (found,) = np.flatnonzero((frames == picture).all(axis=(1, 2, 3)))
    return int(found)


@pytest.mark.parametrize(
    ("phase", "drawn", "filmed"),
    [
        ("identity", {"portrait", "label"}, {"portrait", "label"}),
        ("lips", {"moments", "moment_mels"}, {"moments", "moment_mels"}),
        ("motion", {"heads", "head_factors"}, None),
        ("eyes", {"heads", "head_factors"}, {"face"}),
        ("pose", {"heads", "head_factors"}, {"face", "head_pose"}),
        ("expression", {"heads", "head_factors"}, {"window", "window_mel"}),
        ("unified", *[{"portraits", "target", "places", "mover"}] * 2),
        (
            "generator",
            *[{"portraits", "target", "places", "mels"} | DRIVEN.keys() - {"mover", "lips_shown"}]
            * 2,
        ),
        (
            "full_size",
            {"portraits", "target", "places", "mels", "factors_shown"},
            {"portraits", "target", "places", "mels"} | DRIVEN.keys() - {"mover", "lips_shown"},
        ),
    ],
)
def test_an_example_holds_what_its_phase_needs_and_no_more(phase, drawn, filmed) -> None:
    assert set(example_of(preparation(phase))) == drawn
    if filmed:
        assert set(example_of(filmed_preparation(phase))) == filmed


@pytest.mark.parametrize("drivers", ["drawn", "changed"])
def test_shapes_are_those_of_the_settings(drivers) -> None:
    phases = PDFGC.phases if drivers == "drawn" else FILMED
    example = example_of(preparation(*phases, drivers=drivers, references=2, seen_lips=1.0))
    picture = (PX, PX, 3)
    shapes = {
        **{"label": (), "portrait": picture, "portraits": (2, *picture), "target": picture},
        **{"moments": (3, *picture), "moment_mels": (3, 80, 20), "mels": (3, 80, 20)},
        **{"places": (3, 4), "mover": picture, "pose_shown": picture, "eyes_shown": picture},
        **{"moods_shown": (2, *picture), "lips_shown": picture, "lips_are_seen": ()},
    }
    heads = {
        "drawn": {"heads": (2, *picture), "head_factors": (2, 19)},
        "changed": {"face": picture, "head_pose": (6,), "window_mel": (80, 20)},
    }
    own = heads[drivers] | ({"window": (2, *picture)} if drivers == "changed" else {})
    assert {name: one.shape for name, one in example.items()} == shapes | own


@pytest.mark.parametrize("drivers", ["drawn", "changed"])
def test_examples_follow_from_chance_alone(drivers) -> None:
    phases = PDFGC.phases if drivers == "drawn" else FILMED
    prepares = preparation(*phases, drivers=drivers)
    first, again, other = (example_of(prepares, seed) for seed in (5, 5, 7))
    assert all(np.array_equal(first[name], again[name], equal_nan=True) for name in first)
    same = {name for name in first if np.array_equal(first[name], other[name], equal_nan=True)}
    assert same <= {"label", "head_pose"}  # which is nan: nobody finds drawn faces at 64 px


class Drawings:
    """Remembers who was drawn with which factors, and the pictures before their colours change."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = []
        render_each = strangers.render_each

        def remembered(people, factors, size):
            (who,), (picture,) = people, render_each(people, factors, size)
            self.asked.append((who, factors[0], picture))
            return [picture]

        monkeypatch.setattr(strangers, "render_each", remembered)

    def behind(self, picture):
        """Return who is shown, and the factors: a change of colours leaves the others as they were.

        A channel is as it was or multiplied, so its order of levels stays.
        """
        return next(
            (who, row)
            for who, row, drawn in self.asked
            if any((drawn[..., channel] == picture[..., channel]).all() for channel in range(3))
            or _only_scaled(drawn, picture)
        )


def _only_scaled(drawn, picture) -> bool:
    bright = (drawn > 60) & (picture < 255)
    ratios = (picture[bright] + 0.5) / drawn[bright]
    return ratios.size > 0 and np.ptp(ratios) < 0.05  # cut to whole levels: 1 of 60, and a half


@pytest.fixture
def drawings(monkeypatch):
    return Drawings(monkeypatch)


def shared_groups(row, target) -> set[str]:
    """Return the groups of which two rows of factors have every number in common.

    What is at rest in both is no evidence; such groups are left out.
    """
    both = {one: (row[columns_of(one)], target[columns_of(one)]) for one in FACTOR_GROUPS}
    return {one for one, (a, b) in both.items() if (a == b).all() and a.any()}


def squinting(clip: Clip) -> Clip:
    """Return a clip whose factors say that the lids are never quite open: it may never blink."""
    factors = clip.truth("factors").copy()
    factors[:, FACTOR_NAMES.index("blink")] = np.linspace(0.2, 0.9, len(factors))
    return replace(clip, known={**clip.known, "factors": lambda: factors})


def test_each_stranger_has_his_own_factors_of_the_frame_and_no_others(drawings) -> None:
    clip = squinting(talking_people()[0])
    prepares = preparation("unified", "generator", seen_lips=1.0)
    prepared, own_groups = prepares.prepare(clip), Counter()
    own_names = {one.identity for one in talking_people()}
    for seed in range(6):
        drawings.asked.clear()
        example = prepares.example(prepared, np.random.default_rng(seed))
        target = clip.truth("factors")[frame_shown(example["target"])]
        for name, groups in DRIVEN.items():
            pictures = example[name] if name == "moods_shown" else example[name][None]
            for picture in pictures:
                who, row = drawings.behind(picture)
                assert who.name not in own_names
                assert shared_groups(row, target) <= groups, name
                for group in groups:
                    columns = columns_of(group)
                    assert (row[columns] == target[columns]).all(), (name, group)
                own_groups.update(shared_groups(row, target))
    # each group moved in some of the frames, so that sharing it was seen
    assert set(own_groups) == set(FACTOR_GROUPS)


def test_strangers_of_one_example_do_different_things_otherwise(drawings) -> None:
    example_of(preparation("generator", seen_lips=1.0))
    rows = [row for _, row, _ in drawings.asked]
    assert len(rows) == 5  # eyes, pose, two moods, lips
    yaws = [row[FACTOR_NAMES.index("yaw")] for row in rows]
    assert len(set(yaws)) == 5


def test_a_portrait_is_the_person_doing_nothing_that_is_to_be_drawn(monkeypatch) -> None:
    clip, asked = talking_people()[0], []
    render = examples.render
    monkeypatch.setattr(examples, "render", lambda *given: asked.append(given) or render(*given))
    example = example_of(preparation("generator", references=2))
    assert [who.name for who, _, _ in asked] == [clip.identity] * 2
    for (_, row, _), picture in zip(asked, example["portraits"], strict=True):
        assert all(shared_groups(row, other) == set() for other in clip.truth("factors"))
        assert (render(asked[0][0], row, PX) == picture).all()


def test_heads_that_teach_codes_are_a_stranger_and_a_frame_with_all_their_factors(drawings) -> None:
    clip = talking_people()[0]
    prepares = preparation("motion")
    shown = []
    for seed in range(4):
        example = example_of(prepares, seed)
        (strange, own), (strange_row, own_row) = example["heads"], example["head_factors"]
        who, drawn_row = drawings.behind(strange)
        assert who.name != clip.identity
        np.testing.assert_array_equal(strange_row, drawn_row.astype(np.float32))
        (frame,) = np.flatnonzero((clip.truth("factors") == own_row).all(axis=1))
        frames = clip.frames.pictures
        # in other colours, but still nearer to its frame than to those of another pose
        assert likeness(own, frames[frame]) > likeness(strange, frames[frame])
        assert (own != frames[frame]).any()
        shown.append(frame)
    assert example["head_factors"].dtype == np.float32
    assert len(set(shown)) > 1


def likeness(picture, other) -> float:
    """Return the correlation of two pictures' edges, which colours do not change."""
    edges = [np.diff(one.astype(float).mean(axis=-1), axis=0).ravel() for one in (picture, other)]
    return float(np.corrcoef(*edges)[0, 1])


def test_blinks_are_drawn_oftener_than_they_come() -> None:
    clip = talking_people()[0]
    factors = clip.truth("factors").copy()
    blink = FACTOR_NAMES.index("blink")
    factors[:, blink] = 0
    factors[4, blink] = 1
    blinking = replace(clip, known={**clip.known, "factors": lambda: factors})
    prepares = preparation("unified")
    prepared, chance = prepares.prepare(blinking), np.random.default_rng(0)
    frames = [prepares._any_frame(prepared, chance) for _ in range(900)]
    share = frames.count(4) / len(frames)
    # 4 of 18 where the others have 1; four deviations of a share of 900 draws
    assert share == pytest.approx(4 / 18, abs=4 * np.sqrt(4 / 18 * 14 / 18 / 900))


def test_what_is_heard_are_the_frame_and_its_neighbours() -> None:
    """Rows 4 (f - 2) to 4 (f + 3) of the spectrogram belong to frame f; it ends in itself."""
    rows = mel_spectrogram(talking_people()[0].speech.read(16_000))
    padded = np.concatenate([rows[:1].repeat(12, 0), rows, rows[-1:].repeat(24, 0)])
    prepares = preparation("lips", "generator")
    for seed in range(4):
        example = example_of(prepares, seed)
        frame = frame_shown(example["target"])
        for near, mel in zip((frame - 1, frame, frame + 1), example["mels"], strict=True):
            start = 4 * near + 4
            np.testing.assert_array_equal(mel, padded[start : start + 20].T)
        for picture, mel in zip(example["moments"], example["moment_mels"], strict=True):
            start = 4 * frame_shown(picture) + 4
            np.testing.assert_array_equal(mel, padded[start : start + 20].T)


def test_lips_are_seen_in_the_share_that_was_asked_for() -> None:
    prepares = preparation("generator", seen_lips=0.4, expression_frames=1)
    prepared = prepares.prepare(talking_people()[0])
    seen = 0
    for seed in range(30):
        example = prepares.example(prepared, np.random.default_rng(seed))
        is_target = (example["lips_shown"] == example["target"]).all()
        assert is_target != example["lips_are_seen"]
        seen += int(example["lips_are_seen"])
    assert 4 <= seen <= 20  # 12, three deviations


def test_while_pictures_grow_the_factors_are_those_of_the_frame() -> None:
    example = example_of(preparation("half_size"))
    factors = talking_people()[0].truth("factors")
    np.testing.assert_array_equal(example["factors_shown"], factors[frame_shown(example["target"])])


def test_filmed_people_show_their_factors_themselves(monkeypatch) -> None:
    monkeypatch.setattr(examples, "augmented", lambda frames, chance: 255 - frames)
    example = example_of(filmed_preparation())
    for name in ("eyes_shown", "pose_shown", "mover"):
        assert (example[name] == 255 - example["target"]).all()
    frame = frame_shown(example["target"])
    around = [frame_shown(255 - picture) for picture in example["moods_shown"]]
    assert around == [max(0, frame - 1), frame]
    frame_shown(example["portraits"][0])  # one of the person's own
    filmed = replace(talking_people()[0], known={})
    assert "heads" not in example_of(preparation("eyes"), clip=filmed)


def test_a_window_lies_round_its_frame_and_ends_with_the_clip(monkeypatch) -> None:
    monkeypatch.setattr(examples, "augmented", lambda frames, chance: frames)
    prepares = preparation("expression", drivers="changed", expression_frames=5)
    windows = set()
    for seed in range(40):
        shown = [frame_shown(one) for one in example_of(prepares, seed)["window"]]
        windows.add(tuple(shown))
    middles = {window[2] for window in windows}
    assert {0, 14} <= middles
    for window in windows:
        assert list(window) == np.clip(np.arange(-2, 3) + window[2], 0, 14).tolist()


def test_the_motion_of_filmed_people_is_not_known() -> None:
    with pytest.raises(DataError, match="Leave the phase out of the stages"):
        example_of(filmed_preparation("motion"))


def test_poses_of_filmed_people_are_those_of_their_landmarks() -> None:
    clip = talking_people()[0]
    points = clip.truth("landmarks")
    codes = np.stack([found_poses.pose_code_of(one, PX) for one in points])
    true = clip.truth("pose") / 0.2
    turns, true_turns = (one[:, :3] - one[:, :3].mean(axis=0) for one in (codes, true))
    # A fit knows neither how broad the head is, which moves its mean, nor that lips move: 2 degrees
    np.testing.assert_allclose(turns, true_turns, atol=0.18)
    example = example_of(filmed_preparation("pose"))
    assert any((example["head_pose"] == code).all() for code in codes)


def test_a_face_that_moves_and_grows_has_the_code_of_its_place() -> None:
    points = talking_people()[0].truth("landmarks")[0]
    code = found_poses.pose_code_of(points, PX)
    moved = found_poses.pose_code_of(points + np.array([0.03, -0.06]) * PX, PX)
    np.testing.assert_allclose(moved - code, [0, 0, 0, 1, -2, 0], atol=1e-4)  # float32 of a fit
    middle = points.mean(axis=0)
    larger = found_poses.pose_code_of(middle + np.exp(0.03) * (points - middle), PX)
    np.testing.assert_allclose(larger - code, [0, 0, 0, 0, 0, 1], atol=1e-4)


def test_where_no_face_is_found_the_pose_is_not_known(monkeypatch) -> None:
    class Blind:
        name = "blind"

        def find(self, picture):
            return []

    monkeypatch.setattr(found_poses, "_finder", Blind)
    unknown = replace(talking_people()[0], known={})
    assert np.isnan(example_of(filmed_preparation("pose"), clip=unknown)["head_pose"]).all()
    assert np.isnan(found_poses.pose_code_of(np.full((68, 2), np.nan), PX)).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"speech": None}, "lacks frames or sound"),
        ({"frames": FrameArray(np.zeros((0, PX, PX, 3), np.uint8))}, "lacks frames or sound"),
    ],
)
def test_a_clip_that_nothing_can_be_learnt_from_is_a_sentence(change, sentence) -> None:
    with pytest.raises(DataError, match=sentence):
        preparation().prepare(replace(talking_people()[0], **change))


def test_a_model_that_only_generates_prepares_clips_too() -> None:
    assert torch.is_tensor(batch_of(PDFGC(settings(drivers="drawn")).preparation)["target"])
