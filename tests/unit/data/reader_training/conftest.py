import pytest

from talkingface.data.reader_training.material import FIRST_PERSON, drawn_material


@pytest.fixture(scope="session")
def material():
    """Return twelve pictures of four people."""
    return drawn_material(range(FIRST_PERSON, FIRST_PERSON + 4), pictures_each=3, workers=1)
