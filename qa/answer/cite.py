"""Citations: spans of the canonical text, checked letter by letter before anything is shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from qa.reader.reading import TOGETHER, Reading, Span
from qa.types import Citation
from vectorstore.articles import BlockKind
from vectorstore.errors import StoreDamaged

LEANING = re.compile(
    r"^[\"“‘']?(?:he|she|it|they|this|that|these|those|his|her|its|their|both|such|the (?:two|three|former|latter))\b"
    r"|[”\"’']\s*(?:(?:he|she|they)\s+(?:said|says|told|tells|added|adds|warned|wrote|explained|recalled)\b"
    r"|(?:said|says|added|adds)\s+(?:he|she|they)\b)",
    re.I,
)
DATELINE = re.compile(  # a dash that comes twice sets something apart, and ends no dateline
    r"[A-ZÀ-Þ][A-ZÀ-Þ.’' -]+(?:,\s[A-ZÀ-Þ][\w.]*(?:\s[A-ZÀ-Þ][\w.]*)*)?(?:\s\([^)\n]{2,40}\))?"
    r"\s(—|–|--|-)\s+(?![^\n]*\s\1\s)(?=[\"“‘']?\w)"
)
GAP = 2  # characters between two sentences: white space, for no sentence is so short


@dataclass(frozen=True, slots=True)
class Quote:
    """What is quoted of an article: from `start` to `end`, with the words that answer."""

    reading: Reading
    start: int
    end: int
    answers: tuple[Span, ...]

    def joins(self, other: Quote) -> bool:
        """Whether two quotes overlap, or follow one another and are short enough to be one."""
        if self.reading.hit.article.id != other.reading.hit.article.id:
            return False
        low, high = sorted((self, other), key=lambda quote: quote.start)
        near = high.start - low.end <= GAP and high.end - low.start <= TOGETHER
        return near or high.start < low.end

    def __or__(self, other: Quote) -> Quote:
        answers = tuple(sorted({*self.answers, *other.answers}))
        return Quote(self.reading, min(self.start, other.start), max(self.end, other.end), answers)


def cite(chosen: Sequence[Reading], text_of: Callable[[str], str]) -> tuple[Citation, ...]:
    """Return the citations of the chosen sentences, numbered from 1, likeliest first.

    A sentence that leans on the one before is quoted with it; neighbours are quoted as one. `text_of` gives an
    article's canonical text by id. Raises StoreDamaged where a quote does not stand there word for word.
    """
    quotes: list[Quote] = []
    for reading in chosen:
        quote = quoted(reading)
        joined = [at for at, other in enumerate(quotes) if other.joins(quote)]
        whole = reduce(or_, (quotes[at] for at in joined), quote)
        place = joined[0] if joined else len(quotes)
        quotes = [other for at, other in enumerate(quotes) if at not in joined]
        quotes.insert(place, whole)
    return tuple(_citation(number, quote, text_of) for number, quote in enumerate(quotes, 1))


def quoted(reading: Reading) -> Quote:
    """Return what is quoted of a sentence: without the dateline that opens it, with the sentence that it leans on."""
    before, own = reading.before, reading.sentence
    leans = before is not None and before.kind is BlockKind.PARAGRAPH and LEANING.search(reading.text)
    if before is not None and leans and own.end - before.start <= TOGETHER:
        return Quote(reading, before.start, own.end, reading.answers)
    dateline = DATELINE.match(reading.text)
    start = own.start + (dateline.end() if dateline else 0)
    return Quote(reading, start, own.end, tuple(span for span in reading.answers if span[0] >= start))


def verify(citation: Citation, text: str) -> None:
    """Raise StoreDamaged unless the quote is the text from start to end, and what is marked lies in it."""
    source, hint = citation.article.source, "Look into the archive with: qa doctor"
    if not citation.quote or text[citation.start : citation.end] != citation.quote:
        raise StoreDamaged(f"A quote from {source} does not stand there word for word.", hint)
    if not all(citation.start <= start < end <= citation.end for start, end in citation.answers):
        raise StoreDamaged(f"Words marked in a quote from {source} do not stand in it.", hint)


def _citation(number: int, quote: Quote, text_of: Callable[[str], str]) -> Citation:
    reading = quote.reading
    text = text_of(reading.hit.article.id)
    words = text[quote.start : quote.end]
    citation = Citation(number, reading.hit.article, quote.start, quote.end, words, quote.answers)
    verify(citation, text)
    verify(Citation(number, reading.hit.article, reading.sentence.start, reading.sentence.end, reading.text), text)
    return citation
