"""The frame of every page: one file that needs no network, and can reach none."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path

from talkingface import __version__
from talkingface.report.markup import Markup, element, joined, name

HERE = Path(__file__).parent

Part = tuple[str, str]  # a title, and what stands below it


def page(
    kind: str, title: str, facts: Iterable[str], notices: Iterable[str], parts: Iterable[Part]
) -> Markup:
    """Return a page.

    Args:
        kind: what sort of page it is.
        title: its name.
        facts: what its title does not say, a line each.
        notices: what must not be overlooked.
        parts: its sections; one without content is left out.
    """
    style, script = _source("page.css"), _source("page.js")
    shown = [part for part in parts if part[1]]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", style),
    )
    header = element(
        "header",
        element("p", kind, class_="kind"),
        element("h1", name(title)),
        *(element("p", fact, class_="facts") for fact in facts),
        *(element("p", notice, class_="notice") for notice in notices),
    )
    sections = element("main", *(_section(*part) for part in shown))
    footer = element("footer", f"Made by talkingface {__version__}. This page needs no network.")
    content = element("div", header, _contents(shown), sections, footer, class_="page")
    body = element("body", content, element("script", script))
    return joined([Markup("<!doctype html>\n"), element("html", head, body, lang="en")])


def _section(title: str, content: str) -> Markup:
    place = _place(title)
    heading = element("h2", title, id=place)
    return element("section", heading, content, aria_labelledby=place)


def _contents(parts: Sequence[Part]) -> Markup:
    links = [element("li", element("a", title, href=f"#{_place(title)}")) for title, _ in parts]
    return element("nav", element("ul", *links), aria_label="Contents")


def _place(title: str) -> str:
    return title.lower().replace(" ", "-")


def _source(file: str) -> Markup:
    """Return our own style or script, which stands in the page as it is."""
    return Markup((HERE / file).read_text("utf-8"))


def _policy(style: str, script: str) -> str:
    """Return what a browser may do here: nothing but show media of the page and run our script.

    A second wall behind the escaping: markup that came in by a name could load and run nothing.
    """
    return (
        "default-src 'none'; img-src data:; media-src data:; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(source.encode()).digest()).decode('ascii')}"
