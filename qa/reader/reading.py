"""What a reader is asked and gives back: readings of passages, and judgements of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vectorstore.articles import Hit, Sentence

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
