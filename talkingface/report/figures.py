"""Drawings with a title above and their signs explained below."""

from collections.abc import Iterable

from talkingface.report.markup import Markup, element


def figure(title: Iterable[str], *drawings: str, below: Iterable[str] = ()) -> Markup:
    """Return a drawing in its frame."""
    under = [element("div", *below, class_="below")] if below else []
    return element("figure", element("figcaption", *title), *drawings, *under)


def grid(figures: Iterable[Markup]) -> Markup:
    """Return figures beside each other, as many as the screen is wide; nothing for none."""
    found = list(figures)
    return element("div", *found, class_="grid") if found else Markup()


def keys(entries: Iterable[tuple[str, str]]) -> Markup:
    """Return what the signs of a drawing mean: each a class of the style sheet and a title."""
    items = [
        element("li", element("span", class_=f"key {kind}", aria_hidden="true"), title)
        for kind, title in entries
    ]
    return element("ul", *items, class_="keys")
