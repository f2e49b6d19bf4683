"""What stands beside a generated video."""

from talkingface.clip import Clip
from tests.unit.models.pd_fgc.narrow import chosen, driver, job, narrow_model


def shown(model, asked):
    """Return the pictures of each panel that moves, in order."""
    panels = model.panels(asked).shown
    assert list(panels)[:2] == ["portrait", "generated"]
    assert panels["portrait"] is asked.portraits[0]
    assert panels["generated"] is None
    return {
        name: list(panel) for name, panel in panels.items() if name not in ("portrait", "generated")
    }


def places(pictures, clip):
    """Return where each picture stands in a clip."""
    return [
        next(place for place, own in enumerate(clip.frames.pictures) if (own == one).all())
        for one in pictures
    ]


def test_all_five_panels_of_the_authors_stand_there_in_their_order():
    eyes, nod, smile = driver("eyes", 4, 1), driver("nod", 30, 2), driver("smile", 1, 3)
    panels = shown(narrow_model(), job(blink=eyes, gaze=eyes, pose=nod, emotion=smile))
    assert list(panels) == ["pose", "expression", "eyes"]
    assert places(panels["pose"], nod) == list(range(10))
    assert places(panels["eyes"], eyes) == [0, 1, 2, 3, 3, 2, 1, 0, 0, 1]
    assert places(panels["expression"], smile) == [0] * 10


def test_panels_show_what_each_frame_follows_in_the_published_order():
    model = chosen(narrow_model(), sync="published", short_driver="loop")
    eyes = driver("eyes", 5)
    panels = shown(model, job(gaze=eyes))
    assert places(panels["gaze"], eyes) == [2, 3, 4, 2, 3, 4, 2]


def test_blink_and_gaze_of_different_videos_are_two_panels():
    panels = shown(narrow_model(), job(blink=driver("a", 3, 1), gaze=driver("b", 3, 2)))
    assert list(panels) == ["eyes", "gaze"]


def test_what_has_no_pictures_has_no_panel():
    saved = Clip("saved", known={})
    assert shown(narrow_model(), job(pose=(0.1, 0.0, 0.0), emotion=saved)) == {}
