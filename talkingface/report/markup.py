"""Writes HTML so that no name can become markup: what is not `Markup` is escaped.

>>> element("td", "<b>", class_="name")
'<td class="name">&lt;b&gt;</td>'
>>> element("p", element("b", "a"), " & b")
'<p><b>a</b> &amp; b</p>'
"""

from collections.abc import Iterable
from html import escape

Attribute = str | float | bool | None
WITHOUT_END = {"meta", "link", "img", "br", "col"}  # HTML elements that hold nothing
LONGEST_NAME = 200  # characters; a name is no place for a book
CONTROLS = [code for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"]
SHOWN = dict.fromkeys(CONTROLS, "\ufffd")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: Attribute) -> Markup:
    """Return one element of HTML or SVG.

    Args:
        tag: its name.
        children: what it holds; plain strings are escaped.
        attributes: ``class_`` is class, ``data_value`` is data-value. True writes the name alone,
            None and False leave it out.
    """
    words = [tag, *(_attribute(name, value) for name, value in attributes.items() if _says(value))]
    end = "" if tag in WITHOUT_END else f"</{tag}>"
    return Markup(f"<{' '.join(words)}>{joined(children)}{end}")


def joined(parts: Iterable[str]) -> Markup:
    """Return parts one after the other; plain strings are escaped."""
    return Markup("".join(part if isinstance(part, Markup) else text(part) for part in parts))


def text(plain: str) -> Markup:
    r"""Return a plain string as HTML. What is no character (half of one, a control) is a mark.

    >>> text("a<b \x00 \ud800")
    'a&lt;b � ?'
    """
    whole = plain.encode("utf-8", "replace").decode("utf-8")
    return Markup(escape(whole.translate(SHOWN)))


def name(plain: str) -> Markup:
    """Return a name that someone gave, kept apart: its writing direction changes no other text."""
    is_long = len(plain) > LONGEST_NAME
    return element("bdi", f"{plain[:LONGEST_NAME]}\N{HORIZONTAL ELLIPSIS}" if is_long else plain)


def _says(value: Attribute) -> bool:
    return value is not None and value is not False


def _attribute(key: str, value: Attribute) -> str:
    written = key.rstrip("_").replace("_", "-")
    if value is True:
        return written
    shown = f"{value:.6g}" if isinstance(value, float) else str(value)
    return f'{written}="{shown if isinstance(value, Markup) else text(shown)}"'
