"""What is not markup already is escaped, wherever it stands."""

import pytest

from talkingface.report.markup import LONGEST_NAME, Markup, element, joined, name, text
from tests.unit.report.parsed_pages import HOSTILE, seen


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_is_text_and_nothing_else(hostile: str) -> None:
    found = seen(element("p", hostile, name(hostile), class_=hostile))
    assert found.tags == ["p", "bdi"]
    assert [list(attributes) for _, attributes in found.elements] == [["class"], []]
    shown = text(hostile).encode()  # half a character could not be written to a file
    assert found.data.encode() == 2 * seen(Markup(shown.decode())).data.encode()


@pytest.mark.parametrize("hostile", [one for one in HOSTILE if one.isprintable()])
def test_a_name_is_read_back_as_it_was(hostile: str) -> None:
    found = seen(element("p", hostile, title=hostile))
    assert found.data == hostile
    assert found.all("p") == [{"title": hostile}]


def test_markup_stays_and_is_escaped_once() -> None:
    assert joined([Markup("<b>"), "<b>"]) == "<b>&lt;b&gt;"
    assert element("i", element("b", "&")) == "<i><b>&amp;</b></i>"


def test_attributes_are_written_as_html_has_them() -> None:
    made = element("img", alt="a", class_="b", data_value=0.5, controls=True, loop=False, id=None)
    assert made == '<img alt="a" class="b" data-value="0.5" controls>'


def test_a_name_is_no_book() -> None:
    assert len(seen(name("x" * 10**6)).data) == LONGEST_NAME + 1
