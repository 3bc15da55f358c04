"""A saved web page to its article: trafilatura for the text, the page's own metadata for the facts.

Run inside the worker (qa.ingest.worker): a hostile page costs trafilatura seconds to minutes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.ingest.boilerplate.lines import Piece
from qa.ingest.canonical import one_line
from qa.ingest.metadata import read_metadata
from vectorstore.articles import BlockKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST = 50_000_000  # characters of a page that is parsed at all
LARGEST_STRIPPED = 2_000_000  # and of one without its scripts and styles: 2.2 MB took trafilatura 19 s
_CAPTION_MARK = "\ue000"  # a private character that trafilatura carries through; removed below
_HEAVY = "script|style|svg|noscript|template|iframe|object|embed|canvas|link"
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|image-caption|photo-caption|caption-text|caption)(?:$|[\s_-])", re.I
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article in a page: its blocks, facts, how each was found, and what a user should know."""

    pieces: tuple[Piece, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def extract(page: str) -> Extracted:
    """Return the article of an HTML page; without text in it `pieces` is empty."""
    from lxml import etree, html  # 0.05 s, and trafilatura 0.4 s: only the worker pays

    warnings = [] if len(page) <= LARGEST else ["the page is larger than 50 MB and was cut"]
    # An XML declaration with an encoding makes lxml refuse text; bytes in UTF-8 need none of it.
    data = re.sub(r"^\s*<\?xml[^>]*>", "", page[:LARGEST]).encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=False)
    try:
        tree = html.document_fromstring(data, parser=parser, ensure_head_body=True)
    except (etree.LxmlError, ValueError):
        return Extracted((), warnings=("the page is not HTML",))
    facts = read_metadata(tree)
    for element in tree.xpath("|".join(f"//{name}" for name in _HEAVY.split("|"))):
        element.drop_tree()
    _mark_captions(tree)
    stripped = etree.tostring(tree, encoding="unicode", method="html")
    if len(stripped) > LARGEST_STRIPPED:
        warnings.append("the page is larger than 2 MB without its scripts and was cut")
    pieces = _blocks(stripped[:LARGEST_STRIPPED])
    fields = {name: value for name, (value, _) in facts.items()}
    return Extracted(tuple(pieces), fields, {name: how for name, (_, how) in facts.items()}, tuple(warnings))


def _mark_captions(tree: HtmlElement) -> None:
    """Turn captions, which trafilatura throws away with their figures, into marked paragraphs at their place."""
    from lxml.html import Element

    captions = [e for e in tree.iter() if isinstance(e.tag, str) and (e.tag == "figcaption" or _captioned(e))]
    for caption in captions:
        text = one_line(str(caption.text_content()))
        figure = next((e for e in caption.iterancestors("figure")), caption)
        if not text or figure.getparent() is None:
            continue
        paragraph = Element("p")
        paragraph.text = _CAPTION_MARK + text
        figure.addnext(paragraph)
        paragraph.tail, figure.tail = figure.tail, None
        caption.drop_tree()


def _captioned(element: HtmlElement) -> bool:
    in_figure = any(True for _ in element.iterancestors("figcaption"))
    named = element.tag in {"p", "div", "span"} and bool(_CAPTION_CLASS.search(element.get("class") or ""))
    return named and not in_figure and len(element) < 8


def _blocks(page: str) -> list[Piece]:
    from trafilatura import bare_extraction, baseline

    document = bare_extraction(page, include_comments=False, include_tables=True, with_metadata=False)
    body = getattr(document, "body", None)
    pieces = [piece for element in body for piece in _piece(element)] if body is not None else []
    if not pieces:
        body, _, _ = baseline(page)
        pieces = [piece for element in body for piece in _piece(element)]
    return pieces


def _piece(element: HtmlElement) -> list[Piece]:
    """Turn one block of trafilatura's tree into pieces."""
    if not isinstance(element.tag, str):
        return []
    if element.tag == "list":
        items = [one_line("".join(item.itertext())) for item in element.iter("item")]
        return [Piece("\n".join(f"- {item}" for item in items if item))] if any(items) else []
    if element.tag == "table":
        rows = [[one_line("".join(cell.itertext())) for cell in row.iter("cell")] for row in element.iter("row")]
        return [Piece("\n".join(" | ".join(cells) for cells in rows if any(cells)))]
    if element.tag == "quote" and any(child.tag == "p" for child in element):
        return [piece for child in element for piece in _piece(child)]
    for line_break in element.iter("lb"):
        line_break.tail = " " + (line_break.tail or "")
    text = one_line("".join(element.itertext()))
    if text.startswith(_CAPTION_MARK):
        return [Piece(text.replace(_CAPTION_MARK, ""), BlockKind.CAPTION)]
    text = text.replace(_CAPTION_MARK, "")
    kind = BlockKind.HEADING if element.tag in {"head", "title"} else BlockKind.PARAGRAPH
    return [Piece(text, kind)] if text else []
