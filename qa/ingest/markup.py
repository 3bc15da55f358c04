"""Plain text out of the scraps of HTML that dumps keep in their text fields; whole pages go through qa.ingest.html."""

from __future__ import annotations

import re

_BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tr"),
        *("blockquote", "figure", "figcaption", "pre", "hr"),
    }
)
_SILENT = ("script", "style", "template", "noscript")
_TAGS = re.compile(r"</(?:p|div|span|li|h[1-6]|strong|em|b|i|a)>|<(?:br|p|div)\b[^>]{0,300}>", re.I)


def looks_like_html(text: str) -> bool:
    """Tell whether text carries HTML tags of running prose."""
    return "<" in text and len(_TAGS.findall(text)) > 1


def plain_text(markup: str) -> str:
    """Return the text between the tags, blocks parted by blank lines, entities resolved."""
    from lxml import etree, html  # 0.05 s; linear where the standard library's parser is quadratic

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = html.document_fromstring(f"<div>{markup}</div>".encode("utf-8", "replace"), parser=parser)
    etree.strip_elements(root, *_SILENT, with_tail=False)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        mark = "\n\n" if element.tag in _BLOCKS else "\n" if element.tag == "br" and event == "start" else ""
        words = element.text if event == "start" else element.tail
        parts += [mark, re.sub(r"\s+", " ", words or "")]
    return "".join(parts)
