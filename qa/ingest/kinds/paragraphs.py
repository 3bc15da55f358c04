"""Lines of pages to headings and paragraphs, over the ends of lines, columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from qa.ingest.boilerplate.lines import Piece, is_bullet, is_terminated
from qa.ingest.kinds.layout import PdfLine
from vectorstore.articles import BlockKind

EDGE = 2  # lines at the top and the foot of a page that can be running heads
_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.|seite|s\.|página|pagina|стр\.)\s*)?(?:\d{1,5}|[ivxlc]{1,7})(?:\s*(?:/|of|von|de)\s*\d+)?\W*",
    re.I,
)
_HYPHENATED = re.compile(r"\b(\w+)[-\u00ad\u2010]$")
_WORD_WITH_HYPHEN = re.compile(r"\b\w+-\w+")


def without_heads(pages: Sequence[Sequence[PdfLine]]) -> list[list[PdfLine]]:
    """Leave out page numbers, and the lines at the edges of pages that stand on many of them in one size."""
    edges = [_edges(page) for page in pages]
    counts = Counter(head for edge in edges for head in {_head(line) for line in edge})
    often = {head for head, count in counts.items() if count >= max(3, len(pages) / 5)}
    dropped = [{id(line) for line in edge if _NUMBER.fullmatch(line.text) or _head(line) in often} for edge in edges]
    return [[line for line in page if id(line) not in out] for page, out in zip(pages, dropped, strict=True)]


def _edges(page: Sequence[PdfLine]) -> list[PdfLine]:
    heights = sorted({round(line.bottom) for line in page})
    if len(heights) <= 2 * EDGE:  # a page of a few lines is all edge, and its lines are text
        heights = heights[:1] + heights[-1:]
    edge = {*heights[:EDGE], *heights[-EDGE:]}
    return [line for line in page if round(line.bottom) in edge]


def _head(line: PdfLine) -> tuple[str, int]:
    """What makes two lines the same head: the words, whatever the numbers in them, and the size: a title is larger."""
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", line.text.casefold()), round(line.height)


def paragraphs(pages: Sequence[Sequence[PdfLine]]) -> list[Piece]:
    """Return the headings and paragraphs of pages whose lines stand in reading order."""
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    body = median(height for line in lines for height in [line.height] * max(1, len(line.text) // 10))
    hyphenated = {word for line in lines for word in _WORD_WITH_HYPHEN.findall(line.text)}
    groups = _groups(lines, body)
    return [Piece(_text(group, hyphenated), _kind(group, body)) for group in groups]


def _groups(lines: Sequence[PdfLine], body: float) -> Iterator[list[PdfLine]]:
    pitch = _pitch(lines, body)
    group = [lines[0]]
    for above, line in pairwise(lines):
        if _begins(above, line, group, pitch):
            yield group
            group = []
        group.append(line)
    yield group


def _pitch(lines: Sequence[PdfLine], body: float) -> float:
    steps = [
        above.bottom - line.bottom
        for above, line in pairwise(lines)
        if 0.5 * body < above.bottom - line.bottom < 3 * body
    ]
    return median(steps) if steps else 1.2 * body


def _begins(above: PdfLine, line: PdfLine, group: Sequence[PdfLine], pitch: float) -> bool:
    """Tell whether a line begins another paragraph than the one above it."""
    step = above.bottom - line.bottom
    if abs(above.height - line.height) > 0.12 * max(above.height, line.height):
        return True
    if step < 0 or step > 4 * pitch:  # over the end of a column or a page, or past a picture
        return is_terminated(above.text) or not line.text[:1].islower()
    if step > 1.35 * pitch or is_bullet(line.text):
        return True
    left = min(one.left for one in group)
    indented = line.left - left > 0.6 * line.height
    return indented and len(group) > 1 and is_terminated(above.text)


def _kind(group: Sequence[PdfLine], body: float) -> BlockKind:
    is_large = median(line.height for line in group) > 1.12 * body
    return BlockKind.HEADING if is_large and len(group) <= 4 else BlockKind.PARAGRAPH


def _text(group: Sequence[PdfLine], hyphenated: set[str]) -> str:
    text = group[0].text
    for line in group[1:]:
        broken = _HYPHENATED.search(text)
        if broken and line.text[:1].islower():
            rest = re.match(r"\w+", line.text)
            kept = rest is not None and f"{broken[1]}-{rest[0]}" in hyphenated
            text = (text[:-1] + "-" if kept else text[:-1]) + line.text
        else:
            text += " " + line.text
    return text
