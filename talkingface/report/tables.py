"""Tables that read well as they are, and sort where scripts run."""

from collections.abc import Iterable, Mapping, Sequence

from talkingface.report.markup import Markup, element, name
from talkingface.report.numbers import NOTHING, is_number, plain

MOST_ROWS = 500  # of the table of clips: more is for a program to read


def table(caption: str, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """Return a table of cells; it slides sideways where it is wider than the screen.

    A title is a name, or a cell of `words_title`.
    """
    cells = [one if isinstance(one, Markup) else element("th", one, scope="col") for one in titles]
    head = element("tr", *cells)
    body = [element("tr", *row) for row in rows]
    return element(
        "div",
        element(
            "table",
            element("caption", element("span", caption)),
            element("thead", head),
            element("tbody", *body),
            class_="sorts",
        ),
        class_="wide",
        tabindex=0,
        role="region",
        aria_label=caption,
    )


def pairs(caption: str, entries: Mapping[str, str]) -> Markup:
    """Return a table of names and what they stand for."""
    rows = [
        element("tr", element("th", name(key), scope="row"), element("td", value))
        for key, value in entries.items()
    ]
    return element("table", element("caption", caption), element("tbody", *rows), class_="list")


def folded(title: str, *content: str) -> Markup:
    """Return what is shown once its title is pressed."""
    return element("details", element("summary", title), *content)


def words_title(title: str) -> Markup:
    """Return the title of a column of words, which begin at its left."""
    return element("th", title, scope="col", class_="words")


def row_title(title: str, below: str = "", sign: str = "") -> Markup:
    """Return the first cell of a row: a name with a sign, and in small letters what it means."""
    small = element("small", below) if below else ""
    return element("th", name(title), *([" ", sign] if sign else []), small, scope="row")


def value_cell(
    value: float | None, shown: str | None = None, below: str = "", kind: str = ""
) -> Markup:
    """Return the cell of a number; it is sorted by the number, not by how it is written."""
    if not is_number(value):
        return element("td", NOTHING, class_="none", data_none=True)
    return element(
        "td",
        plain(value) if shown is None else shown,
        element("small", below) if below else "",
        data_value=repr(value),
        class_=kind or None,
    )


def words_cell(said: str, columns: int = 1) -> Markup:
    """Return a cell of words, or of nothing."""
    if not said:
        return element("td", NOTHING, class_="words none", data_none=True)
    return element(
        "td", said, class_="words", colspan=columns if columns > 1 else None, data_none=columns > 1
    )
