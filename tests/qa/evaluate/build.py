"""Cases and answers for the evaluation's tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa.batch_input import Row
from qa.evaluate.expected import Case, cases
from qa.evaluate.outcomes import CaseOutcome, judged
from qa.types import NO_ANSWER, Answer, Citation
from vectorstore.articles import Hit, Reference


def case(question: str = "What fell?", **fields: Any) -> Case:
    """Return a row as a case."""
    (made,) = cases([Row(1, fields.get("id"), question, {"question": question, **fields})])
    return made


def article(name: str, **fields: Any) -> Reference:
    """Return an article of this name: a.txt lies at /news/a.txt."""
    return Reference(f"id-{name}", f"/news/{name}.txt", fields.pop("url", None), fields.pop("title", name), **fields)


def hit(name: str, text: str = "Rain fell.", also: Sequence[str] = ()) -> Hit:
    """Return a passage of an article."""
    return Hit(1, article(name), 0, len(text), text, (), 0.5, tuple(map(article, also)))


def answer(
    quotes: Sequence[tuple[str, str]] = (), passages: Sequence[Hit] = (), confidence: float = 0.5, seconds: float = 1.0
) -> Answer:
    """Return an answer of quotes, each with its article's name; without any it abstains."""
    cited = tuple(Citation(n, article(name), 0, len(quote), quote) for n, (name, quote) in enumerate(quotes, 1))
    text = " ".join(f"“{citation.quote}” [{citation.number}]" for citation in cited) or NO_ANSWER
    return Answer("What fell?", bool(cited), text, "extractive", cited, tuple(passages), confidence, seconds)


def outcome(given: Case, *quotes: tuple[str, str], found: Sequence[str] = (), **fields: Any) -> CaseOutcome:
    """Return the judged answer of these quotes, after articles of these names were found."""
    return judged(given, answer(quotes, [hit(name) for name in found], **fields))
