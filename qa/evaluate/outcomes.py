"""The outcome of a question: its answer, compared with what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.evaluate.expected import Case, Expected, comparable, names
from qa.types import Answer, Progress, Question
from vectorstore.articles import Hit, Reference
from vectorstore.errors import AppError


class Answering(Protocol):
    """Anything that answers questions: the assistant, or a fake."""

    def answer(self, question: Question) -> Answer:
        """Return the finished answer."""
        ...


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """A judged answer, or the reason why there is none.

    `rank` is the position, from 1, of the first expected article; `passage` that of the first passage with the answer.
    `told`, `first` and `quoted` say whether the answer's text, its first quote or any quote holds the answer. Of
    `cited` citations, `right` are from expected articles; `found` is the share of expected articles that they cite.
    """

    case: Case
    answer: Answer | None = None
    error: str = ""
    rank: int | None = None
    passage: int | None = None
    told: bool = False
    first: bool = False
    quoted: bool = False
    cited: int = 0
    right: int = 0
    found: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None and self.answer.answered

    @property
    def good(self) -> bool:
        """Whether this is what the row expects: a quoted answer from the right articles, or an abstention."""
        expected = self.case.expected
        if not expected.answerable:
            return not self.error and (expected.answerable is None or not self.answered)
        told = self.quoted if expected.checkable else True
        return self.answered and told and (self.found > 0 or not expected.articles)


def run(assistant: Answering, cases: Sequence[Case]) -> Iterator[Progress | tuple[CaseOutcome, ...]]:
    """Ask the cases in order, yielding Progress and finally all outcomes; a failed question does not stop the others.

    Ctrl-C ends it with the outcomes so far, if there are any.
    """
    outcomes: list[CaseOutcome] = []
    for at, case in enumerate(cases, 1):
        try:
            outcomes.append(judged(case, assistant.answer(case.row.question())))
        except AppError as error:
            outcomes.append(CaseOutcome(case, error=f"{error.message} {error.hint}".strip()))
        except KeyboardInterrupt:
            if not outcomes:
                raise
            break
        yield Progress("answer", at, len(cases), case.row.text)
    yield tuple(outcomes)


def judged(case: Case, answer: Answer) -> CaseOutcome:
    """Compare an answer with what was expected."""
    expected = case.expected
    quotes = [citation.quote for citation in answer.citations]
    from_expected = [matches(expected, [citation.article]) for citation in answer.citations]
    checkable, answered = expected.checkable, answer.answered
    return CaseOutcome(
        case,
        answer,
        rank=_first(bool(matches(expected, article)) for article in ranked(answer.passages)),
        passage=_first(expected.told([hit.text]) for hit in answer.passages) if checkable else None,
        told=checkable and answered and expected.told([answer.text]),
        first=checkable and bool(quotes) and expected.told(quotes[:1]),
        quoted=checkable and bool(quotes) and expected.told(quotes),
        cited=len(quotes),
        right=sum(map(bool, from_expected)),
        found=len(frozenset().union(*from_expected)) / max(1, len(expected.articles)),
    )


def ranked(passages: Sequence[Hit]) -> list[list[Reference]]:
    """Return the articles in the order of their first passages, each with its copies."""
    found: dict[str, list[Reference]] = {}
    for hit in passages:
        found.setdefault(hit.article.page, []).extend((hit.article, *hit.also))
    return list(found.values())


def matches(expected: Expected, articles: Sequence[Reference]) -> frozenset[int]:
    """Return which of the expected articles are among these, by their positions in the row."""
    called = comparable(name for article in articles for name in names(article))
    return frozenset(at for at, entry in enumerate(expected.articles) if comparable(entry) & called)


def _first(found: Iterator[bool]) -> int | None:
    return next((at for at, right in enumerate(found, 1) if right), None)
