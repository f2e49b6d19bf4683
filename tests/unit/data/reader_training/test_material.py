"""Who is learnt from, and whether what is said of the pictures is true."""

import numpy as np
import pytest

from talkingface.data.reader_training.__main__ import UNSEEN_PEOPLE
from talkingface.data.reader_training.chance import drawn_factors
from talkingface.data.reader_training.material import FIRST_PERSON, drawn_material
from talkingface.data.synth.factors import FACTOR_INDEX
from talkingface.data.synth.recipe import SIZES, Recipe


@pytest.mark.parametrize("seed", [0, 1])
def test_no_corpus_shows_the_people_who_are_learnt_from(seed):
    for sizes in SIZES.values():
        shown = {plan.person for plan in Recipe(sizes, seed, 112).plans()}
        assert not shown & set(range(FIRST_PERSON, 1_000_000))


def test_the_people_who_judge_are_not_learnt_from():
    assert UNSEEN_PEOPLE.start - 50_000 > FIRST_PERSON
    assert UNSEEN_PEOPLE.stop <= 1_000_000


def test_the_eyes_lie_where_the_pictures_show_the_lids(material):
    """Lashes are dark: around an eye's points the picture is darker than the face is."""
    for picture, points in zip(material.pictures, material.values.landmarks, strict=True):
        x, y = points[36:48, :2].round().long().clamp(0, 111).T
        nose_x, nose_y = points[27:31, :2].round().long().T
        assert picture[y, x].float().mean() < picture[nose_y, nose_x].float().mean() + 20


def test_the_same_people_are_drawn_the_same_way(material):
    again = drawn_material(range(FIRST_PERSON, FIRST_PERSON + 4), pictures_each=3, workers=1)
    assert (again.pictures == material.pictures).all()
    assert (again.values.landmarks == material.values.landmarks).all()


def test_the_mouth_opening_is_the_gap_between_the_inner_lips(material):
    gap = (material.values.landmarks[:, 66] - material.values.landmarks[:, 62]).norm(dim=1)
    # The gap in space is a little longer than along the face where the lips stand apart in depth.
    np.testing.assert_allclose(material.values.mouth_opening.abs(), gap, atol=1.5)


def test_factors_cover_more_than_talkers_do():
    factors = drawn_factors(np.random.default_rng(0), 2000)

    def column(name):
        return factors[:, FACTOR_INDEX[name]]

    assert np.degrees(np.abs(column("yaw")).max()) > 32  # the limits of natural motion
    assert np.degrees(np.abs(column("pitch")).max()) > 18
    assert 0.05 < (column("blink") == 1).mean() < 0.2
    assert np.abs(np.corrcoef(column("gaze_x"), column("yaw"))[0, 1]) < 0.08  # 3.6 / sqrt(2000)
    moods = factors[:, [FACTOR_INDEX[name] for name in ("happy", "sad", "angry", "surprised")]]
    assert ((moods > 0).sum(axis=1) <= 1).all()
