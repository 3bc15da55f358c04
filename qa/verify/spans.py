"""Runs of sentences that may bear a statement out, and which of them are worth a reader's time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.dates import spelled
from qa.reader.layout import heading
from qa.reader.reading import Evidence
from qa.verify.exact import Ground
from qa.verify.facts import Facts, facts
from vectorstore.articles import Hit, Reference

ORDER = re.compile(
    r"\W*(?:(?:system|assistant|user|instructions?)\s*:|(?:please\s+|now\s+|you must\s+)?(?:ignore|disregard|forget|say"
    r"|write|reply|respond|answer|print|repeat|output|reveal|pretend|act as|tell the (?:user|reader))\b)",
    re.IGNORECASE,
)
LONGEST = 3  # sentences of a span
PAIRED = 4  # sentences of an article that are tried in pairs
FURTHER = 0.04  # agreement that 200 further characters must bring
APART = 0.05  # agreement that two spans must bring over one


@dataclass(frozen=True, slots=True)
class Span:
    """A run of a hit's sentences, `start` … `end` in its article; `number` is the passage's in the prompt, from 1."""

    number: int
    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.text[self.start - self.hit.start : self.end - self.hit.start]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The words of each sentence."""
        inside = (s for s in self.hit.sentences if self.start <= s.start and s.end <= self.end)
        return tuple(self.hit.text[s.start - self.hit.start : s.end - self.hit.start] for s in inside)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a statement is held against: one span, or two of the same article in their order."""

    spans: tuple[Span, ...]

    @property
    def article(self) -> Reference:
        """Where it stands."""
        return self.spans[0].hit.article

    @property
    def text(self) -> str:
        """The words, a space between the spans."""
        return " ".join(span.text for span in self.spans)

    @property
    def evidence(self) -> Evidence:
        """As a reader takes it."""
        return Evidence(heading(self.article.title, self.article.published), self.text)

    def ground(self, question: str) -> Ground:
        """As facts are compared with it; what the question says counts as known."""
        sentences = [sentence for span in self.spans for sentence in span.sentences]
        around = " ".join(span.hit.text for span in self.spans)
        about = f"{named(self.article)}\n{question}"
        return Ground(sentences, about, around, self.article.published, self.article.url)


def spans(number: int, hit: Hit) -> Iterator[Span]:
    """Yield every run of up to LONGEST neighbouring sentences of a hit, short ones first.

    A sentence that orders a model about says nothing of the world: it supports nothing.
    """
    for length in range(1, LONGEST + 1):
        for at in range(len(hit.sentences) - length + 1):
            span = Span(number, hit, hit.sentences[at].start, hit.sentences[at + length - 1].end)
            if not any(map(ORDER.match, span.sentences)):
                yield span


def bases(stated: Facts, among: Iterable[Span]) -> list[Basis]:
    """Return the spans, and the pairs of their likeliest single sentences, best first by the words that they share."""
    single = sorted((Basis((span,)) for span in among), key=lambda basis: -worth(stated, basis))
    return sorted([*single, *_pairs(single)], key=lambda basis: -worth(stated, basis))


def worth(stated: Facts, basis: Basis) -> float:
    """Return the part of the statement's words that a basis has, less something for its length."""
    there = frozenset[str]().union(*(facts(one).keys for span in basis.spans for one in span.sentences))
    wanted = stated.content - (facts(named(basis.article)).keys - there)
    share = len(wanted & there) / len(wanted) if wanted else 0.0
    return share - FURTHER * len(basis.text) / 200 - APART * (len(basis.spans) - 1)


def named(article: Reference) -> str:
    """Return what is shown of an article beside a quote: title, publisher, day."""
    return "\n".join([article.title, article.publisher or "", spelled(article.published) if article.published else ""])


def _pairs(single: Sequence[Basis]) -> Iterator[Basis]:
    """Yield pairs of spans of one article that neither touch nor overlap."""
    short = [basis.spans[0] for basis in single if len(basis.spans[0].sentences) == 1]
    for article in dict.fromkeys(span.hit.article.id for span in short[: 3 * PAIRED]):
        own = [span for span in short if span.hit.article.id == article][:PAIRED]
        for at, one in enumerate(own):
            for other in own[at + 1 :]:
                first, second = sorted((one, other), key=lambda span: span.start)
                if first.end < second.start:
                    yield Basis((first, second))
