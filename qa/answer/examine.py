"""What the evidence has for a question: readings, held against what must stand there exactly, and one confidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.answer.weights import BIAS, CONFIDENCE, VETO
from qa.dates import spelled
from qa.reader.exact import Lacks, lacks, particulars
from qa.reader.reading import Reader, Reading
from qa.retrieve.recent import telling
from qa.retrieve.understand import Query
from vectorstore.articles import Filter, Hit, Reference
from vectorstore.filters import admits

LONGEST = 20_000  # characters of an article that are looked at
SIGNALS = tuple(CONFIDENCE)

Texts = Callable[[Collection[str]], Mapping[str, str]]  # articles' texts by their ids


@dataclass(frozen=True, slots=True)
class Examined:
    """A question's readings, likeliest first, how surely the first answers, 0 … 1, and what its article lacks."""

    question: str
    readings: tuple[Reading, ...] = ()
    confidence: float = 0.0
    lacks: Lacks = Lacks()


class Examiner:
    """Has passages read for a question, and looks up what the question takes for granted."""

    def __init__(self, reader: Reader, texts: Texts) -> None:
        self._reader, self._texts = reader, texts

    def examine(self, question: str, query: Query, hits: Sequence[Hit]) -> Examined:
        """Return what a question's evidence has; `query` says when it is asked."""
        readings = self.weighed(question, hits)
        if not readings:
            return Examined(question)
        found = self.signals(question, query, readings)
        weighed = BIAS + sum(weight * value for weight, value in zip(CONFIDENCE.values(), found, strict=True))
        missing = lacks(particulars(question), self._article(readings[0].hit.article))
        return Examined(question, tuple(readings), round(1 / (1 + math.exp(-weighed)), 4), missing)

    def weighed(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return the readings, likeliest first, those of articles that lack what the question names put back."""
        asked = particulars(question)
        texts = self._texts({hit.article.id for hit in hits})
        known = {hit.article.id: about(hit.article, texts[hit.article.id]) for hit in hits}
        missing = {article: lacks(asked, text) for article, text in known.items()}
        moved = [
            replace(reading, score=reading.score - VETO * _weight(missing[reading.hit.article.id]))
            for reading in self._reader.read(question, hits)
        ]
        return sorted(moved, key=lambda reading: (-reading.score, reading.rank, reading.sentence.start))

    def signals(self, question: str, query: Query, readings: Sequence[Reading]) -> list[float]:
        """Return what speaks for or against an answer, in the order of SIGNALS."""
        best, asked = readings[0], particulars(question)
        missing = lacks(asked, self._article(best.hit.article))
        others = (r.score for r in readings if r.hit.article.page != best.hit.article.page)
        return [
            best.score + VETO * _weight(missing),
            min(5.0, best.score - next(others, best.score - 5.0)),
            float(missing.whole),
            float(missing.part),
            float(missing.apart),
            _weight(lacks(asked, about(best.hit.article, best.hit.text))),
            float(_untimely(telling(query), best.hit.article)),
        ]

    def _article(self, article: Reference) -> str:
        return about(article, self._texts({article.id})[article.id])


def about(article: Reference, text: str) -> str:
    """Return an article, or a passage of it, under what is known of it: title, publisher and day."""
    day = spelled(article.published) if article.published else ""
    return "\n".join((article.title, article.publisher or "", day, text[:LONGEST]))


def _weight(missing: Lacks) -> float:
    return missing.whole + 0.5 * missing.part + 0.5 * missing.apart


def _untimely(time: Filter, article: Reference) -> bool:
    """Whether an article is of a time that cannot answer: of another week than “last week”, or after the asking."""
    return bool(article.published) and not admits(time, None, None, article.published)
