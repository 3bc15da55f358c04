"""Citations: spans of the canonical text, checked letter by letter before anything is shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.answer.spots import TOGETHER, Spot
from qa.types import Citation
from vectorstore.articles import Kind
from vectorstore.errors import StoreDamaged

LEANING = re.compile(
    r"^[\"“‘']?(?:he|she|it|they|this|that|these|those|his|her|its|their|both|such|the (?:two|three|former|latter))\b"
    r"|[”\"’']\s*(?:(?:he|she|they)\s+(?:said|says|told|tells|added|adds|warned|wrote|explained|recalled)\b"
    r"|(?:said|says|added|adds)\s+(?:he|she|they)\b)",
    re.I,
)
Span = tuple[Spot, int, int]  # a sentence, and from where to where it is quoted


def cite(chosen: Sequence[Spot], text_of: Callable[[str], str]) -> tuple[Citation, ...]:
    """Return the citations of the chosen sentences, numbered from 1: the likeliest, then the others by their article's
    rank and as in the text.

    A citation is one sentence, or two where it leans on the one before. `text_of` gives an article's canonical text
    by id. Raises StoreDamaged where a quote does not stand there word for word.
    """
    order = sorted(chosen, key=lambda s: (_article_rank(chosen, s), s is not chosen[0], s.sentence.start))
    spans: list[Span] = []
    for spot in order:
        _add(spans, spot)
    return tuple(_citation(at + 1, *span, text_of) for at, span in enumerate(spans))


def _add(spans: list[Span], spot: Spot) -> None:
    """Add what is to be quoted of a sentence; what is quoted already is not quoted again."""
    start, end = _span(spot)
    own = spot.sentence
    if _quoting(spans, spot, own.start) is not None:
        return
    led = _quoting(spans, spot, start) if start < own.start else None
    if led is None:
        spans.append((spot, start, end))
    elif spans[led][1:] == (spans[led][0].sentence.start, spans[led][0].sentence.end):
        spans[led] = (spans[led][0], spans[led][1], end)
    else:  # what it leans on is quoted already, in a citation of two
        spans.append((spot, own.start, own.end))


def _quoting(spans: Sequence[Span], spot: Spot, place: int) -> int | None:
    """Which of the spans holds a place of the sentence's article."""
    article = spot.hit.article.id
    found = (n for n, (other, a, b) in enumerate(spans) if other.hit.article.id == article and a <= place < b)
    return next(found, None)


def verify(citation: Citation, text: str) -> None:
    """Raise StoreDamaged unless the quote is the text from start to end, and what is marked lies in it."""
    source, hint = citation.article.source, "Look into the archive with: qa doctor"
    if not citation.quote or text[citation.start : citation.end] != citation.quote:
        raise StoreDamaged(f"A quote from {source} does not stand there word for word.", hint)
    if not all(citation.start <= start < end <= citation.end for start, end in citation.answers):
        raise StoreDamaged(f"Words marked in a quote from {source} do not stand in it.", hint)


def _citation(number: int, spot: Spot, start: int, end: int, text_of: Callable[[str], str]) -> Citation:
    text = text_of(spot.hit.article.id)
    citation = Citation(number, spot.hit.article, start, end, text[start:end])
    verify(citation, text)
    verify(Citation(number, spot.hit.article, spot.sentence.start, spot.sentence.end, spot.text), text)
    return citation


def _article_rank(chosen: Sequence[Spot], spot: Spot) -> int:
    """Where the article's first chosen sentence stands among the chosen, which come likeliest first."""
    return next(at for at, other in enumerate(chosen) if other.hit.article.id == spot.hit.article.id)


def _span(spot: Spot) -> tuple[int, int]:
    before, own = spot.leans_on, spot.sentence
    leans = before is not None and before.kind is Kind.PARAGRAPH and LEANING.search(spot.text)
    if before is None or not leans or own.end - before.start > TOGETHER:
        return own.start, own.end
    return before.start, own.end
