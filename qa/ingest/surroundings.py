"""The lines of a page around its headline, where the byline and the day of publication stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.ingest.boilerplate.lines import is_prose, words
from qa.ingest.canonical import one_line, squash

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ABOVE, BELOW, LEADS = 5, 15, 2  # lines before and after the headline, and paragraphs among these
_BLOCKS = frozenset(
    "address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hr li main ol p pre section table tbody td th thead tr ul".split()
)
_ELSEWHERE = frozenset("nav footer aside select button option textarea script style noscript template svg".split())
_OTHERS = re.compile(  # readers' comments, embedded posts, teasers of other articles
    r"(?:^|[\s_-])(?:comments?|commentlist|kommentare?|respond|replies|related|teasers?|twitter-tweet|instagram-media"
    r"|embed|most-?read|recommended|recommendations?|newsletter)(?:$|[\s_-])",
    re.I,
)
_SEPARATORS = re.compile(r"\s*[|•·●∙/»]+\s*|\s+[-–—]\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """The text of one block of a page, the text nodes that it is made of, and the block's tag."""

    text: str
    parts: tuple[str, ...]
    tag: str

    def bits(self) -> Iterator[str]:
        """Yield the line, then what its separators part, then each of its text nodes."""
        yield self.text
        yield from (bit for bit in _SEPARATORS.split(self.text) if bit != self.text)
        yield from (one_line(part) for part in self.parts if len(self.parts) > 1)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Lines above and below a headline, nearest last and nearest first, and all lines of the page."""

    above: Sequence[Line] = ()
    below: Sequence[Line] = ()
    all: Sequence[Line] = ()


def is_elsewhere(element: HtmlElement) -> bool:
    """Tell whether an element itself holds what is not the article: navigation, comments, teasers, embedded posts."""
    return element.tag in _ELSEWHERE or _is_of_others(element)


def belongs_to_others(element: HtmlElement) -> bool:
    """Tell whether an element stands in readers' comments, embedded posts or teasers of other articles."""
    return any(_is_of_others(above) for above in (element, *element.iterancestors()))


def _is_of_others(element: HtmlElement) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag not in {"body", "html", "main", "article"} and bool(_OTHERS.search(named))


def around(tree: HtmlElement, headline: str) -> Surroundings:
    """Return the lines around a headline; where it does not stand in the page none are above or below it."""
    lines = list(_lines(tree))
    places = [at for at, line in enumerate(lines) if squash(line.text) == squash(headline)]
    if not places or not headline:
        return Surroundings(all=lines)
    at = next((place for place in places if lines[place].tag in {"h1", "h2"}), places[0])
    return Surroundings(lines[max(0, at - ABOVE) : at], list(_below(lines[at + 1 : at + 1 + BELOW])), lines)


def _below(lines: Sequence[Line]) -> Iterator[Line]:
    read = 0
    for line in lines:
        read += is_prose(line.text) and words(line.text) >= 12
        if read > LEADS:
            return
        yield line


def _lines(tree: HtmlElement) -> Iterator[Line]:
    """Yield the lines of the page's body that are not elsewhere."""
    from lxml import etree  # 0.05 s: only the worker pays

    body = tree.find("body")
    parts: list[str] = []
    tag = ""
    walk = etree.iterwalk(tree if body is None else body, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        block = element.tag in _BLOCKS
        if block and parts:
            yield Line(one_line(" ".join(parts)), tuple(parts), tag)
            parts, tag = [], ""
        if event == "start" and is_elsewhere(element):
            walk.skip_subtree()
        elif event == "start" and (element.text or "").strip():
            parts.append(element.text)
            tag = tag or (element.tag if block else _tag_around(element))
        if event != "start" and element is not body and (element.tail or "").strip():
            parts.append(element.tail)
    if parts:
        yield Line(one_line(" ".join(parts)), tuple(parts), tag)


def _tag_around(element: HtmlElement) -> str:
    return next((str(above.tag) for above in element.iterancestors() if above.tag in _BLOCKS), "")
