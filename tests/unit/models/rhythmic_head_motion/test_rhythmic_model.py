"""Rhythmic_Head_Motion draws what acts, in windows, whatever it is given."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.engine.drawn_pictures import to_pictures
from talkingface.errors import ConfigError
from talkingface.face.label_map import label_map
from talkingface.face.mesh import PortraitMesh, posed_faces
from talkingface.face.pose.rigid import frontal, head_motions, posed
from talkingface.job import Control
from talkingface.models.rhythmic_head_motion.drawing import hidden_regions
from talkingface.models.rhythmic_head_motion.generator import Source
from talkingface.models.rhythmic_head_motion.references import nearest_reference
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSizes
from talkingface.models.rhythmic_head_motion.seeing import fronts_seen
from talkingface.models.rhythmic_head_motion.sitting import Sitter
from talkingface.nn.pictures import to_frames
from tests.unit.models.rhythmic_head_motion.people import NUM_FRAMES, PX, job_of, talking_people
from tests.unit.models.rhythmic_head_motion.rhythmic_tiny import drawer, settings

CLIP, OTHER = talking_people()[:2]
POINTS = CLIP.truth("landmarks_3d").astype(np.float64)
ITSELF = job_of(CLIP, lip=CLIP, pose=CLIP)


def frames(model, job) -> torch.Tensor:
    with torch.inference_mode():
        return torch.cat(list(model.generate(job)))


def script_of(model, job):
    return model.script(job, Sitter.of(job, model.settings))


def recorded(model, job, monkeypatch, **changes):
    """Return what the generator is given while a video is made: labels and sources."""
    given: list[tuple[torch.Tensor, dict[str, Source]]] = []
    compose = model.generator.compose

    def composing(features, label, sources, **choices):
        given.append((label, sources))
        return compose(features, label, sources, **choices)

    monkeypatch.setattr(model.generator, "compose", composing)
    frames(model, job)
    labels = torch.cat([label for label, _ in given])
    names = given[0][1]
    sources = {
        name: Source(
            torch.cat([one[name].label for _, one in given]),
            torch.cat([one[name].picture for _, one in given]),
        )
        for name in names
    }
    return labels, sources


def drawn(points: np.ndarray) -> torch.Tensor:
    # at 256 px, where a pixel's middle stands half a pixel in, and then shrunk
    large = (points + 0.5) * (256 / PX) - 0.5
    return torch.from_numpy(label_map(large, (256, 256), PX, exact=True)).float() / 255


def test_a_video_lasts_as_long_as_the_speech_in_windows():
    model = drawer(frames_at_once=5)
    with torch.inference_mode():
        windows = list(model.generate(job_of(CLIP)))
    assert [len(one) for one in windows] == [5] * 6 + [2]
    video = torch.cat(windows)
    assert video.shape == (NUM_FRAMES, 3, PX, PX)
    assert video.abs().max() <= 1
    whole = frames(drawer(frames_at_once=32), job_of(CLIP))
    torch.testing.assert_close(video, whole, atol=1e-5, rtol=0)  # float32, other batches


def test_the_target_is_drawn_as_it_acts():
    """A clip that drives itself: its own landmarks, smoothed over three frames as published."""
    script = script_of(drawer(), ITSELF)
    smooth = POINTS.copy()
    smooth[1:-1, :, :2] = (POINTS[:-2] / 4 + POINTS[1:-1] / 2 + POINTS[2:] / 4)[..., :2]
    np.testing.assert_allclose(script.landmarks[1:-1], smooth[1:-1], atol=1e-6)
    np.testing.assert_allclose(script.motions, head_motions(POINTS), atol=1e-6)


def test_the_generator_sees_labels_the_nearest_reference_and_the_posed_face(monkeypatch):
    model = drawer(reference_frames=(2, 20))
    labels, sources = recorded(model, ITSELF, monkeypatch)
    script = script_of(model, ITSELF)
    torch.testing.assert_close(labels[9, 0], drawn(script.landmarks[9]))
    sitter = Sitter.of(ITSELF, model.settings)
    references = head_motions(POINTS[[2, 20]])
    places = [nearest_reference(references, motion) for motion in script.motions]
    assert set(places) == {0, 1}
    for frame in (0, 13, 31):
        shown = (2, 20)[places[frame]]
        picture = to_frames(CLIP.frames.pictures[shown][None])[0]
        torch.testing.assert_close(sources["reference"].picture[frame], picture)
        torch.testing.assert_close(sources["reference"].label[frame, 0], drawn(POINTS[shown]))
    key = sitter.key
    mesh = PortraitMesh.of(key.picture, key.landmarks)
    face = np.stack(list(posed_faces(mesh, script.motions[:3], PX)))
    torch.testing.assert_close(sources["ani"].picture[:3], to_frames(face))
    (front,) = frontal(key.landmarks[None], key.motion[None])
    posed_front = posed(front[None], script.motions[2:3])[0]
    torch.testing.assert_close(sources["ani"].label[2, 0], drawn(posed_front))


def test_a_rendered_face_that_is_given_is_shown_in_the_poses_of_its_clip(monkeypatch):
    given = FrameArray(np.random.default_rng(0).integers(0, 255, (20, PX, PX, 3)).astype(np.uint8))
    clip = replace(CLIP, sources={"ani": given})
    model = drawer()
    job = replace(job_of(clip), subject=clip, controls={"pose": Control(clip)})
    _, sources = recorded(model, job, monkeypatch)
    torch.testing.assert_close(sources["ani"].picture[:20], to_frames(given.pictures))
    last = to_frames(given.pictures[19:20])[0]
    torch.testing.assert_close(sources["ani"].picture[31], last)  # the last one stays
    for control in (Control(OTHER), Control(clip, 0.5)):  # then it is in no pose that is drawn
        assert script_of(model, replace(job, controls={"pose": control})).ani_frames is None
    still = script_of(drawer(head_motion="still"), job)
    assert still.ani_frames is None
    assert script_of(model, replace(job, controls={})).ani_frames is None


def test_eyes_and_mouth_of_what_is_moved_can_be_covered(monkeypatch):
    model = drawer(hidden="eyes_and_mouth")
    _, sources = recorded(model, ITSELF, monkeypatch)
    regions = torch.from_numpy(hidden_regions(POINTS[0], PX, "eyes_and_mouth"))
    assert (sources["reference"].picture[0][:, regions] == -1).all()
    picture = to_frames(CLIP.frames.pictures[:1])[0]
    assert torch.equal(sources["reference"].picture[0][:, ~regions], picture[:, ~regions])
    script = script_of(model, ITSELF)
    posed_front = posed(script.ani_front[None], script.motions[4:5])[0]
    regions = torch.from_numpy(hidden_regions(posed_front, PX, "eyes_and_mouth"))
    assert (sources["ani"].picture[4][:, regions] == -1).all()


def test_a_still_head_is_seen_from_the_front():
    script = script_of(drawer(head_motion="still"), job_of(CLIP, lip=CLIP, pose=OTHER))
    assert np.ptp(script.motions, axis=0).max() < 1e-9
    sitter = Sitter.of(ITSELF, settings(head_motion="still"))
    fronts = sitter.placing.points(fronts_seen(CLIP, "any", sitter.face.view))
    np.testing.assert_allclose(script.landmarks, fronts, atol=1e-6)


def test_frontal_landmarks_and_head_motion_of_files_take_the_place_of_speech():
    """As the authors' arrays give them; nobody is seen, and the speech is only heard."""
    fronts = fronts_seen(OTHER, "any").astype(np.float32)
    motions = head_motions(OTHER.truth("landmarks_3d").astype(np.float64) * 4).astype(np.float32)
    lip = Clip("s_front", known={"frontal_landmarks": lambda: fronts})
    pose = Clip("s_rt", known={"head_motion": lambda: motions})
    job = job_of(CLIP, lip=lip, pose=pose)
    script = script_of(drawer(), job)
    acted = drawer().actor.act(job, Sitter.of(job, settings()).face, NUM_FRAMES)
    np.testing.assert_allclose(acted.motions, motions)
    assert np.abs(script.landmarks - script_of(drawer(), job_of(CLIP)).landmarks).max() > 1


def test_published_files_alone_have_no_network_that_hears_lips():
    model = drawer(lips="rules", head="rules")
    assert model.lips is None
    assert model.head is None
    assert frames(model, job_of(CLIP)).shape == (NUM_FRAMES, 3, PX, PX)


def test_panels_show_what_the_authors_program_leaves():
    model = drawer(frames_at_once=8)
    job = replace(ITSELF, speaker=CLIP.frames)
    with torch.inference_mode():
        panels = model.panels(job)
        shown = {name: one for name, one in panels.shown.items() if one is not None}
        moving = {name: list(one) for name, one in shown.items()}
    assert list(panels.shown) == [
        "target_label",
        "target",
        "synthesized",
        "raw",
        "warped_reference",
        "reference_mask",
        "warped_ani",
        "ani_mask",
    ]
    assert panels.shown["synthesized"] is None
    assert {name: len(one) for name, one in moving.items()} == dict.fromkeys(moving, NUM_FRAMES)
    script = script_of(model, job)
    label = (drawn(script.landmarks[3]).numpy() + 1) / 2 * 255  # 0 shows as grey, as theirs
    np.testing.assert_array_equal(moving["target_label"][3][..., 1], label.astype(np.uint8))
    assert list(panels.pictures) == ["ref_0", "ref_1"]
    assert panels.strip == "test"


def test_panels_leave_out_what_an_ablation_has_not():
    with torch.inference_mode():
        panels = drawer(warped=("reference",)).panels(job_of(CLIP))
    assert list(panels.shown) == [
        *("target_label", "synthesized", "raw", "warped_reference", "reference_mask"),
    ]


def test_a_painter_encodes_the_references_once(monkeypatch):
    model = drawer(frames_at_once=4)
    calls = []
    encode = model.generator.encode_references
    monkeypatch.setattr(
        model.generator, "encode_references", lambda *a: calls.append(1) or encode(*a)
    )
    frames(model, job_of(CLIP))
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ({"image_px": 100}, r"Pictures of 100 px cannot be halved 5 times .* a multiple of 32"),
        ({"channels": (8, 8, 8)}, "4 widths or more"),
        ({"adaptive_levels": 6}, "has no 6 levels"),
        ({"attention_level": 7}, "no level 7"),
        ({"head_channels": (1, 2, 3)}, "Give two widths"),
        ({"channels": (16, 24, 48, 96, 96, 96)}, "32 or 16 after 16"),
    ],
)
def test_sizes_that_do_not_fit_are_a_sentence(sizes, sentence):
    with pytest.raises(ConfigError, match=sentence):
        RhythmicSizes(**sizes)


def test_the_video_is_the_same_each_time():
    first, second = (to_pictures(frames(drawer(), ITSELF)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
