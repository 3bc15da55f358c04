"""The nouns of asking: a question, its answer, and the events in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vectorstore.articles import Filter, Hit, Reference

NO_ANSWER = "The archive does not answer this question."


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation; without an answer it is asked again, silently."""

    question: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, after which turns, on which day, and of which part of the archive."""

    text: str
    history: tuple[Turn, ...] = ()
    asked: date | None = None
    filter: Filter = Filter()


@dataclass(frozen=True, slots=True)
class Citation:
    """A quoted span: `quote` is the article's canonical text from `start` to `end`, word for word."""

    number: int
    article: Reference
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or an abstention: then `text` is NO_ANSWER, without citations, and `passages` are the closest.

    `confidence` (0 … 1) is how sure the archive was found to answer; an abstention has it as well.
    """

    question: str
    answered: bool
    text: str
    answerer: str
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    confidence: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The evidence is there; `notice` says what a reader should know about the search."""

    passages: tuple[Hit, ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer, in order; an extractive answer comes a whole sentence at a time."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The finished, verified answer: always the last event."""

    answer: Answer


Event = Retrieved | Token | Answered


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be taken in, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest has come; `total` is None until it is known. `source` is what is being read now."""

    stage: str
    done: int
    total: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, in articles: the counts, the failures with their reasons, the archive's size afterwards."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: int = 0
    failed: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    articles: int = 0
    passages: int = 0
    seconds: float = 0.0
