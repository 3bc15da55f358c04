"""A saved web page to its article: trafilatura for the text, the page's own metadata for the facts.

Run inside the worker (qa.ingest.worker): a hostile page costs trafilatura seconds to minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.ingest.boilerplate.lines import Piece
from qa.ingest.canonical import one_line
from qa.ingest.metadata import read_metadata
from qa.ingest.prepare import CAPTION_MARK, cut_others, prepare
from vectorstore.articles import BlockKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST = 50_000_000  # characters of a page that is parsed at all
LARGEST_STRIPPED = 2_000_000  # and of one without its scripts and styles: 2.2 MB took trafilatura 19 s
_HEAVY = "script|style|svg|noscript|template|iframe|object|embed|canvas|link"
_UNREAD = "//style|//svg|//script[not(contains(@type, 'json'))]"  # say nothing of the article
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INLINE = frozenset({"hi", "ref", "del", "code", "span"})
_PARTED = ("p", "head", "list", "item", "lb", "quote", "table", "row", "cell", "div")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article in a page: its blocks, facts, how each was found, and what a user should know.

    `days` holds every day that the page states with the way it was found, best first, `guess` the one that a library
    finds where there are none; `captions` those of the pictures, which are no part of the text; `cut_off` says that the
    page sells the rest of the article.
    """

    pieces: tuple[Piece, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    guess: tuple[str, str] | None = None
    captions: tuple[str, ...] = ()
    cut_off: bool = False


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
    for element in tree.xpath(_UNREAD):
        element.drop_tree()
    held = list(tree.iter())  # while it is, lxml makes the object of each element only once
    for element in held:
        _drop_controls(element)
    known = read_metadata(tree)
    title = known.facts.get("title", ("", ""))[0]
    if not known.live and (others := cut_others(tree, title)):
        warnings.append(f"the page holds {others + 1} articles; only “{title}” was taken")
        known = read_metadata(tree)  # the others' authors and days are none of this one's
    for element in tree.xpath("|".join(f"//{name}" for name in _HEAVY.split("|"))):
        element.drop_tree()
    prepared = prepare(tree, live=known.live)
    del held
    stripped = etree.tostring(tree, encoding="unicode", method="html")
    if len(stripped) > LARGEST_STRIPPED:
        warnings.append("the page is larger than 2 MB without its scripts and was cut")
    return Extracted(
        pieces=tuple(_blocks(stripped[:LARGEST_STRIPPED])),
        fields={name: value for name, (value, _) in known.facts.items()},
        found={name: how for name, (_, how) in known.facts.items()},
        warnings=tuple(warnings),
        days=tuple(known.days),
        guess=known.guess,
        captions=prepared.captions,
        cut_off=prepared.cut_off,
    )


def _drop_controls(element: HtmlElement) -> None:
    """Take out what lxml reads in a page and refuses to write into one."""
    for name in ("text", "tail"):
        if (text := getattr(element, name)) and _CONTROL.search(text):
            setattr(element, name, _CONTROL.sub("", text))


def _blocks(page: str) -> list[Piece]:
    from trafilatura import bare_extraction, baseline

    document = bare_extraction(page, include_comments=False, include_tables=True, with_metadata=False)
    body = getattr(document, "body", None)
    pieces = list(_pieces(body)) if body is not None else []
    if not pieces:
        body, _, _ = baseline(page)
        pieces = list(_pieces(body))
    return pieces


def _pieces(body: HtmlElement) -> Iterator[Piece]:
    """Yield the blocks of trafilatura's tree, and the bare text between them."""
    loose = [body.text or ""]
    for element in body:
        if element.tag in _INLINE:
            loose += [*element.itertext(), element.tail or ""]
            continue
        yield from _paragraph("".join(loose))
        yield from _piece(element)
        loose = [element.tail or ""]
    yield from _paragraph("".join(loose))


def _piece(element: HtmlElement) -> Iterator[Piece]:
    """Turn one block of trafilatura's tree into pieces."""
    if not isinstance(element.tag, str):
        return
    if element.tag == "list":
        items = [item for item in map(_line, element.iter("item")) if item]
        yield from _paragraph("\n".join(f"- {item}" for item in items), lines=True)
    elif element.tag == "table":
        rows = [[_line(cell) for cell in row.iter("cell")] for row in element.iter("row")]
        yield from _paragraph("\n".join(" | ".join(cells) for cells in rows if any(cells)), lines=True)
    elif element.tag in {"quote", "div"} and any(child.tag in {"p", "list", "head"} for child in element):
        yield from _pieces(element)
    elif element.tag in {"head", "title"}:
        text = _line(element).replace(CAPTION_MARK, "")
        yield from [Piece(text, BlockKind.HEADING)] if text else []
    else:
        yield from _paragraph(_line(element))


def _paragraph(text: str, *, lines: bool = False) -> Iterator[Piece]:
    """A paragraph, or a caption where it is marked as one."""
    text = text.strip() if lines else one_line(text)
    kind = BlockKind.CAPTION if text.startswith(CAPTION_MARK) else BlockKind.PARAGRAPH
    if bare := text.replace(CAPTION_MARK, "").strip():
        yield Piece(bare, kind)


def _line(element: HtmlElement) -> str:
    """Return the words in an element on one line, those of neighbouring blocks parted, without those of inner items."""
    parts: list[str] = []
    stack: list[HtmlElement | str] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        space = " " if node.tag in _PARTED else ""
        if node is not element:
            stack.append(space + (node.tail or ""))
        if node is not element and node.tag == "item":
            continue
        stack += reversed(list(node))
        stack.append(space + (node.text or ""))
    return one_line("".join(parts))
