"""The seam between evidence and answer: what an answerer is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from qa.answer.examine import Examined
from qa.retrieve.followup import Earlier
from qa.retrieve.understand import Query
from qa.types import Citation, Question, Statement, Token, Usage, Verified, run_together
from vectorstore.articles import Hit


@dataclass(frozen=True, slots=True)
class Brief:
    """A question with its evidence: as it was asked, as it was understood, the passages, what each part of the question
    was read to have in them, the turns before."""

    question: Question
    query: Query
    hits: tuple[Hit, ...]
    parts: tuple[Examined, ...]
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answerer came to; nothing shown among the sentences means: the archive does not answer."""

    answerer: str
    sentences: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    unanswered: tuple[str, ...] = ()
    confidence: float = 0.0
    usage: Usage | None = None
    notice: str = ""

    @property
    def text(self) -> str:
        """The answer: the sentences that are shown."""
        return run_together(sentence.text for sentence in self.sentences if sentence.shown)


Answering = Generator[Token | Verified, None, Outcome]


class Answerer(Protocol):
    """Makes an answer of evidence, and cites nothing but evidence."""

    @property
    def name(self) -> str:
        """What answers are signed with: extractive, or the provider and its model."""
        ...

    def answer(self, brief: Brief) -> Answering:
        """Yield drafts and verified sentences, and return what they come to; raises AppError where it cannot."""
        ...
