"""What a reader is asked and gives back: readings of the sentences of passages, and judgements of statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from vectorstore.articles import BlockKind, Hit, Sentence

Span = tuple[int, int]  # half-open, in offsets of the article's canonical text


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence that may answer a question.

    `score` is comparable across passages and questions: the higher, the likelier it answers. `rank` is its hit's place
    among the passages, from 0. `answers` are the words of it that answer, `before` is the sentence that it follows.
    """

    hit: Hit
    rank: int
    sentence: Sentence
    score: float
    answers: tuple[Span, ...] = ()
    before: Sentence | None = None

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.hit.text[self.sentence.start - self.hit.start : self.sentence.end - self.hit.start]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a statement is held against: a run of sentences, under its article's heading (title and day)."""

    heading: str
    text: str


class Reader(Protocol):
    """Reads passages for a question, and judges what they bear out."""

    @property
    def name(self) -> str:
        """The model's name, with a hash of its files where it has some."""
        ...

    def read(self, question: str, passages: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each sentence of the passages that may be quoted, likeliest first."""
        ...

    def supports(self, statement: str, evidence: Sequence[Evidence]) -> list[float]:
        """Return for each evidence how likely it bears the statement out, 0 … 1, in the order given."""
        ...


TOGETHER = 700  # characters up to which sentences are quoted as one
ITEM = r"(?:[-•*–]|\d+[.)])\s"
LISTING = re.compile(rf":\s*\n{ITEM}")


def units(hit: Hit) -> list[Sentence]:
    """Return a passage's sentences, one that ends in a colon together with the list, or the sentence, after it."""
    return list(_units(hit))


def text_of(hit: Hit, sentence: Sentence | None) -> str:
    """Return a sentence's words; none for none."""
    return hit.text[sentence.start - hit.start : sentence.end - hit.start] if sentence else ""


def _units(hit: Hit) -> Iterator[Sentence]:
    held: Sentence | None = None
    for sentence in hit.sentences:
        if held and sentence.end - held.start <= TOGETHER and _announced(hit, held, sentence):
            held = replace(held, end=sentence.end)
            continue
        if held:
            yield held
        held = sentence
    if held:
        yield held


def _announced(hit: Hit, sentence: Sentence, after: Sentence) -> bool:
    if sentence.kind is not BlockKind.PARAGRAPH or after.kind is not BlockKind.PARAGRAPH:
        return False
    said = text_of(hit, sentence)
    return said.endswith(":") or bool(LISTING.search(said) and re.match(ITEM, text_of(hit, after)))
