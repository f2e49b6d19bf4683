"""Names that attack a page, and what a browser's parser makes of one."""

from html.parser import HTMLParser

HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "</td></table><img src=x onerror=alert(1)>",
    "]]><svg onload=alert(1)>",
    "&lt;b&gt; &amp;",
    "--><!--",
    "</style></script><style>*{display:none}",
    "javascript:alert(1)",
    "\u202egnp.exe",
    "a\x00b\x1bc\x7f",
    "half \ud800 a character",
    "{{ 7 * 7 }} ${7 * 7}",
    "naïve 顔.mp4",
]


class Seen(HTMLParser):
    """Notes the elements, attributes and words of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.data = ""

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of a kind."""
        return [attributes for found, attributes in self.elements if found == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} says an attribute twice"
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.data += data


def seen(page: str) -> Seen:
    """Return what a parser finds in a page."""
    parser = Seen()
    parser.feed(page)
    parser.close()
    return parser
