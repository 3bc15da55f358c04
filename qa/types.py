"""The nouns of asking: a question, its answer, and the events in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa.marks import Marked, Span
from vectorstore.articles import Filter, Hit, Reference

NO_ANSWER = "The archive does not answer this question."
CLOSEST = 3  # articles offered in place of an answer


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation with the quotes that answered it, none for an abstention.

    Without them it is asked again, silently.
    """

    question: str
    quotes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, after which turns, on which day, and of which part of the archive.

    `as_typed` has it taken word for word: nothing is mended, and it does not lean on the turns before.
    """

    text: str
    history: tuple[Turn, ...] = ()
    asked: date | None = None
    filter: Filter = Filter()
    as_typed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that has the words that were looked for; `spans` say where, in offsets into its article's text."""

    hit: Hit
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A quoted span: `quote` is the article's canonical text from `start` to `end`, word for word.

    `answers` are the spans of its words that answer, in offsets into that text too.
    """

    number: int
    article: Reference
    start: int
    end: int
    quote: str
    answers: tuple[Span, ...] = ()

    @property
    def marked(self) -> Marked:
        """The quote, in which the words that answer are marked."""
        return Marked(self.quote, tuple((start - self.start, end - self.start) for start, end in self.answers))


class Verdict(StrEnum):
    """What came of comparing a sentence with the passages; only UNSUPPORTED is left out of the answer."""

    SUPPORTED = "supported"
    WRONG_SOURCE = "wrong source"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer as it is shown, with its markers; `citations` are their numbers, none if unsupported."""

    text: str
    verdict: Verdict = Verdict.SUPPORTED
    citations: tuple[int, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether it joins the answer."""
        return self.verdict is not Verdict.UNSUPPORTED


def run_together(sentences: Iterable[str]) -> str:
    """Return sentences as one text: a space between two, but where the second brings its line break along."""
    text = ""
    for sentence in sentences:
        text += (gap(sentence) if text else "") + sentence
    return text


def gap(sentence: str) -> str:
    """Return what stands before a sentence that follows another."""
    return "" if sentence.startswith("\n") else " "


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model was given and gave, in its own tokens; `cached` are those of answers paid for before."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt + other.prompt, self.completion + other.completion, self.cached + other.cached)


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or an abstention: then `text` is NO_ANSWER, without citations, and `passages` are the closest.

    `sentences` are all that the answerer said, also what was left out; `unanswered` are parts of the question that the
    archive does not answer. `rewritten` is the question standing by itself where it leans on a turn before. `usage` is
    None where no language model was asked. `notice` says what a reader should know about how the answer was made
    and where nothing was found for it.
    """

    question: str
    answered: bool
    text: str
    answerer: str
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    confidence: float = 0.0
    seconds: float = 0.0
    sentences: tuple[Statement, ...] = ()
    unanswered: tuple[str, ...] = ()
    rewritten: str | None = None
    usage: Usage | None = None
    notice: str = ""

    @property
    def turn(self) -> Turn:
        """What a question after it needs to know."""
        return Turn(self.question, tuple(citation.quote for citation in self.citations))


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The evidence is there; `notice` says what a reader should know about the search.

    `understood` are lines that say how the question was taken.
    """

    passages: tuple[Hit, ...]
    notice: str = ""
    understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a draft, in order: pending until its sentence is verified; empty while the model is silent."""

    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A whole sentence was compared with the passages; if it is shown, it joins the answer, else it is dropped.

    What was pending up to its end is settled by it.
    """

    statement: Statement


def closest(passages: Sequence[Hit]) -> list[int]:
    """Return where the first passage stands of each of the first CLOSEST articles: what is offered for no answer."""
    first: dict[str, int] = {}
    for at, hit in enumerate(passages):
        first.setdefault(hit.article.page, at)
    return list(first.values())[:CLOSEST]


@dataclass(frozen=True, slots=True)
class Answered:
    """The finished, verified answer: always the last event."""

    answer: Answer


Event = Retrieved | Token | Verified | Answered


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be taken in, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest, a batch or an evaluation has come; `total` is None until it is known.

    `source` is what is being read or asked now, `title` that of an article which comes in, `articles` how many the
    archive holds, told whenever a group of them was committed.
    """

    stage: str
    done: int
    total: int | None = None
    source: str = ""
    title: str = ""
    articles: int | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, in articles: the counts, the failures with their reasons, the archive's size afterwards.

    `passed_over` tells of what was skipped why, as far as a person would read on.
    """

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
    passed_over: tuple[Failure, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The articles by what became of them, in the order in which that is told."""
        return {name: getattr(self, name) for name in ("added", "changed", "unchanged", "removed", "skipped")}
