"""What the generator learns from: frames of one clip, cut, drawn and rendered alike."""

from dataclasses import replace

import numpy as np
import pytest

from talkingface.clip import Clip, FrameArray
from talkingface.errors import DataError
from talkingface.face.align.crop import points_in
from talkingface.face.align.head_and_shoulders import fixed_crop
from talkingface.face.label_map import label_map
from talkingface.face.mesh import Canvas, PortraitMesh
from talkingface.face.pose.rigid import frontal, head_motions, most_frontal, posed
from talkingface.models.rhythmic_head_motion.examples import PicturePreparation, mirrored
from talkingface.models.rhythmic_head_motion.optical_flow import optical_flow
from talkingface.models.rhythmic_head_motion.references import farthest_reference
from tests.unit.models.rhythmic_head_motion.people import NUM_FRAMES, PX, talking_people
from tests.unit.models.rhythmic_head_motion.rhythmic_tiny import batch_of, learner, settings

CLIP = talking_people()[0]
POINTS = CLIP.truth("landmarks_3d").astype(np.float64)
MOTIONS = head_motions(POINTS)


def example_of(clip: Clip = CLIP, seed: int = 0, *, is_personal: bool = False, **changes):
    prepares = PicturePreparation(settings(**({"augmentation": "none"} | changes)), is_personal)
    return prepares.example(prepares.prepare(clip), np.random.default_rng(seed))


def frame_shown(picture: np.ndarray) -> int:
    (found,) = np.flatnonzero((CLIP.frames.pictures == picture).all(axis=(1, 2, 3)))
    return int(found)


def drawn(points: np.ndarray) -> np.ndarray:
    # at 256 px, where a pixel's middle stands half a pixel in, and then shrunk
    return label_map((points + 0.5) * (256 / PX) - 0.5, (256, 256), PX, exact=True)


def test_shapes_are_those_of_the_settings():
    shapes = {name: one.shape for name, one in example_of().items()}
    picture, plane = (PX, PX, 3), (PX, PX)
    assert shapes == {
        "references": (2, *picture),
        "reference_labels": (2, *plane),
        "target": picture,
        "target_label": plane,
        "warped": picture,
        "warped_label": plane,
        "warped_flow": (2, *plane),
        "ani": picture,
        "ani_label": plane,
        "ani_flow": (2, *plane),
        "shown_target": picture,
        "bare_target": picture,
        "eyes_and_mouth": plane,
    }


@pytest.mark.parametrize("augmentation", ["none", "crops_and_flips"])
def test_examples_follow_from_chance_alone(augmentation):
    first, again, other = (example_of(seed=s, augmentation=augmentation) for s in (3, 3, 4))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["target"], other["target"])


@pytest.mark.parametrize("seed", range(4))
def test_drawings_are_those_of_the_frames_that_are_shown(seed):
    example = example_of(seed=seed)
    pairs = [(example["target"], example["target_label"])]
    pairs += zip(example["references"], example["reference_labels"], strict=True)
    pairs += [(example["warped"], example["warped_label"])]
    for picture, label in pairs:
        np.testing.assert_array_equal(label, drawn(POINTS[frame_shown(picture)]))


def test_references_are_of_the_beginning_and_the_target_is_not():
    for seed in range(12):
        example = example_of(seed=seed)
        frames = [frame_shown(one) for one in example["references"]]
        assert max(frames) < NUM_FRAMES // 4 <= frame_shown(example["target"])
        assert len(set(frames)) == 2


def test_the_farthest_reference_is_moved_as_often_as_asked():
    def is_farthest(seed: int, share: float) -> bool:
        example = example_of(seed=seed, farthest_share=share)
        frames = [frame_shown(one) for one in example["references"]]
        place = farthest_reference(MOTIONS[frames], MOTIONS[frame_shown(example["target"])])
        return frame_shown(example["warped"]) == frames[place]

    assert all(is_farthest(seed, 1.0) for seed in range(10))
    assert 0 < sum(is_farthest(seed, 0.0) for seed in range(10)) < 10  # one of two, by chance


def test_the_rendered_face_is_the_most_frontal_one_in_the_targets_pose():
    key = most_frontal(MOTIONS)
    mesh = PortraitMesh.of(CLIP.frames.pictures[key], POINTS[key])
    (front,) = frontal(POINTS[key : key + 1], MOTIONS[key : key + 1])
    example = example_of(seed=2)
    motion = MOTIONS[frame_shown(example["target"])]
    canvas = Canvas(PX, PX)
    mesh.draw(canvas, mesh.front, motion)
    np.testing.assert_array_equal(example["ani"], canvas.picture)
    np.testing.assert_array_equal(example["ani_label"], drawn(posed(front[None], motion[None])[0]))
    dark = (canvas.picture < 10).all(axis=2)
    assert not example["bare_target"][dark].any()
    bright = (canvas.picture >= 10).all(axis=2)
    np.testing.assert_array_equal(example["bare_target"][bright], example["target"][bright])


def test_a_rendered_face_that_is_given_is_taken():
    given = FrameArray(np.full((NUM_FRAMES, PX, PX, 3), 200, np.uint8))
    example = example_of(replace(CLIP, sources={"ani": given}))
    assert (example["ani"] == 200).all()
    np.testing.assert_array_equal(example["bare_target"], example["target"])


def test_flows_lead_from_the_target_to_what_is_moved():
    example = example_of(seed=1, hidden="eyes_and_mouth")
    for shown, moved, flow in (
        ("shown_target", "warped", "warped_flow"),
        ("bare_target", "ani", "ani_flow"),
    ):
        np.testing.assert_array_equal(optical_flow(example[shown], example[moved]), example[flow])


def test_eyes_and_mouth_are_covered_in_what_is_moved_and_compared_alone():
    plain, hidden = (example_of(seed=5, hidden=one) for one in ("nothing", "eyes_and_mouth"))
    regions = plain["eyes_and_mouth"]
    assert 0.01 < regions.mean() < 0.3
    np.testing.assert_array_equal(hidden["eyes_and_mouth"], regions)
    assert not hidden["shown_target"][regions].any()
    assert not hidden["bare_target"][regions].any()
    np.testing.assert_array_equal(hidden["shown_target"][~regions], plain["target"][~regions])
    for name in ("warped", "ani"):
        assert (hidden[name] != plain[name]).any()
        changed = (hidden[name] != plain[name]).any(axis=2)
        assert not hidden[name][changed].any()
    for name in ("target", "references", "target_label", "reference_labels", "warped_label"):
        np.testing.assert_array_equal(hidden[name], plain[name])
    brows = example_of(seed=5, hidden="eyes_brows_and_mouth")
    black = [(one["shown_target"] == 0).all(axis=2).sum() for one in (plain, hidden, brows)]
    assert black[0] < black[1] < black[2]


def test_a_random_cut_keeps_the_rendered_face_within_its_drawing():
    for seed in range(4):
        example = example_of(seed=seed, augmentation="crops_and_flips")
        rows, columns = np.nonzero(example["ani_label"])
        top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
        covered = example["ani"].any(axis=2)
        middle = covered[(top + bottom) // 2 - 6 :][:12, (left + right) // 2 - 6 :][:, :12]
        assert middle.mean() > 0.9
        covered[top : bottom + 1, left : right + 1] = False
        assert covered.mean() < 0.02  # of the picture; the drawing ends on whole pixels


def test_a_mirror_turns_pictures_drawings_and_flows():
    plain = example_of(seed=7)
    for name, one in plain.items():
        turned = mirrored(name, one)
        assert turned.dtype == one.dtype
        np.testing.assert_array_equal(mirrored(name, turned), one)
    np.testing.assert_array_equal(mirrored("target", plain["target"]), plain["target"][:, ::-1])
    labels = mirrored("reference_labels", plain["reference_labels"])
    np.testing.assert_array_equal(labels, plain["reference_labels"][:, :, ::-1])
    flow = mirrored("ani_flow", plain["ani_flow"])
    np.testing.assert_array_equal(flow[0], -plain["ani_flow"][0, :, ::-1])
    np.testing.assert_array_equal(flow[1], plain["ani_flow"][1, :, ::-1])


def test_of_one_person_a_few_frames_are_learnt():
    frames = set()
    for seed in range(12):
        example = example_of(seed=seed, is_personal=True, personal_frames=4)
        shown = [frame_shown(one) for one in example["references"]]
        frames |= {*shown, frame_shown(example["target"])}
        assert frame_shown(example["warped"]) in shown
    assert frames == {0, 1, 2, 3}


def test_each_phase_has_its_examples():
    model = learner()
    acting = {"lip_windows", "lip_movements", "head_windows", "head_motions"}
    drawing = set(example_of())
    assert set(batch_of(model, "lips", "head")) == acting
    assert set(batch_of(model, "generator", "discriminator")) == drawing
    assert set(batch_of(model, *model.phases)) == acting | drawing


def test_of_frames_that_are_not_square_head_and_shoulders_are_learnt():
    """As CREMA-D and GRID show people: the crop is that of the authors' files."""
    wide = np.pad(CLIP.frames.pictures, ((0, 0), (0, 0), (20, 76), (0, 0)))
    moved = np.add(POINTS, (20, 0, 0)).astype(np.float32)
    clip = Clip("wide", FrameArray(wide), CLIP.speech, known={"landmarks_3d": lambda: moved})
    crop = replace(fixed_crop(moved[..., :2]), size=PX)
    example = example_of(clip, seed=3)
    frame = next(
        frame
        for frame in range(NUM_FRAMES)
        if np.array_equal(example["target_label"], drawn(points_in(crop, moved[frame])))
    )
    # cut at 256 px, then made smaller: two times bilinear
    difference = example["target"].astype(float) - crop.cut(wide[frame])
    assert np.abs(difference).mean() < 4
    assert example["ani"].any()


def test_a_clip_that_is_too_short_says_so():
    short = replace(CLIP, frames=FrameArray(CLIP.frames.pictures[:2]))
    with pytest.raises(DataError, match="clip of 2 frames is too short for 2 references"):
        example_of(short)
