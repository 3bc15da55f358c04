"""Plain text out of the scraps of HTML that dumps keep in their text fields; whole pages go through qa.ingest.html."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tr"),
        *("blockquote", "figure", "figcaption", "pre", "hr"),
    }
)
_SILENT = {"script", "style", "template", "noscript"}
_TAGS = re.compile(r"</(p|div|span|li|h[1-6]|strong|em|b|i|a)>|<(br|p|div)\b[^>]*>", re.I)


def looks_like_html(text: str) -> bool:
    """Tell whether text carries HTML tags of running prose."""
    return "<" in text and len(_TAGS.findall(text)) > 1


def plain_text(markup: str) -> str:
    """Return the text between the tags, blocks parted by blank lines, entities resolved."""
    stripper = _Stripper()
    stripper.feed(markup)
    stripper.close()
    return "".join(stripper.parts)


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's shape
        self._silent += tag in _SILENT
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
