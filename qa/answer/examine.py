"""What the evidence has for a question: readings, held against what must stand there exactly, and one confidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.answer.overlap import shared
from qa.answer.weights import BIAS, CONFIDENCE, FOUND, LACKING, SHARED, UNTIMELY, USUAL
from qa.dates import spelled
from qa.language.detect import other_script
from qa.reader.exact import Lacks, lacks, particulars
from qa.reader.reading import Reader, Reading
from qa.retrieve.context import telling
from qa.retrieve.understand import Query
from vectorstore.articles import Filter, Hit, Reference
from vectorstore.filters import admits

LONGEST = 20_000  # characters of an article that are looked at
ALONE = 5.0  # the lead over other articles that counts as having none beside it

Texts = Callable[[Collection[str]], Mapping[str, str]]  # articles' texts by their ids


@dataclass(frozen=True, slots=True)
class Examined:
    """A question's readings, likeliest first, how surely the first answers, 0 … 1, and what its article lacks."""

    question: str
    readings: tuple[Reading, ...] = ()
    confidence: float = 0.0
    lacks: Lacks = Lacks()


@dataclass(frozen=True, slots=True)
class Missing:
    """What an article, and a passage of it, lack of what a question names."""

    article: Lacks
    passage: Lacks

    @property
    def counts(self) -> tuple[float, float, float, float]:
        """How many are missing in the order of LACKING."""
        nearby = self.passage.count - self.article.count
        return float(self.article.whole), float(self.article.part), float(self.article.apart), float(nearby)


class Examiner:
    """Has passages read for a question, and looks up what the question takes for granted."""

    def __init__(self, reader: Reader, texts: Texts) -> None:
        self._reader, self._texts = reader, texts

    def examine(self, question: str, query: Query, hits: Sequence[Hit]) -> Examined:
        """Return what a question's evidence has; `query` says when it is asked."""
        missing, time = self._missing(question, hits), telling(query)
        untimely = {hit.passage: float(_untimely(time, hit.article)) for hit in hits}
        behind = {
            hit.passage: _weighed(missing[hit.passage]) + UNTIMELY * untimely[hit.passage] - FOUND * share
            for hit, share in zip(hits, shares(hits), strict=True)
        }
        own = self._reader.read(question, hits)
        added = _added(question, own)
        weighed = [
            replace(one, score=one.score + more - behind[one.hit.passage]) for one, more in zip(own, added, strict=True)
        ]
        readings = sorted(weighed, key=lambda one: (-one.score, one.rank, one.sentence.start))
        if not readings:
            return Examined(question)
        best = readings[0].hit.passage
        found = [
            readings[0].score + behind[best],
            lead(readings),
            *missing[best].counts,
            untimely[best],
        ]
        told = BIAS + sum(weight * value for weight, value in zip(CONFIDENCE.values(), found, strict=True))
        return Examined(question, tuple(readings), round(1 / (1 + math.exp(-told)), 4), missing[best].article)

    def _missing(self, question: str, hits: Sequence[Hit]) -> dict[int, Missing]:
        """What each passage, and its article, lack of the names and numbers of a question."""
        asked, texts = particulars(question), self._texts({hit.article.id for hit in hits})
        articles = {hit.article.id: lacks(asked, about(hit.article, texts[hit.article.id])) for hit in hits}
        return {
            hit.passage: Missing(articles[hit.article.id], lacks(asked, about(hit.article, hit.text))) for hit in hits
        }


def lead(readings: Sequence[Reading]) -> float:
    """Return by how much the first reading leads those of other articles, ALONE at most."""
    best = readings[0]
    others = (r.score for r in readings if r.hit.article.page != best.hit.article.page)
    return min(ALONE, best.score - next(others, best.score - ALONE))


def shares(hits: Sequence[Hit]) -> list[float]:
    """Return how far each hit's score is below the best, as a share of that: 0 for the best, else less."""
    top = max((hit.score for hit in hits), default=0.0)
    return [hit.score / top - 1 if top > 0 else 0.0 for hit in hits]


def about(article: Reference, text: str) -> str:
    """Return an article, or a passage of it, under what is known of it: title, publisher and day."""
    day = spelled(article.published) if article.published else ""
    return "\n".join((article.title, article.publisher or "", day, text[:LONGEST]))


def _added(question: str, readings: Sequence[Reading]) -> list[float]:
    """What the words that sentences share with a question add to their scores: nothing in the reader's own script."""
    if not other_script(question):
        return [0.0] * len(readings)
    return [SHARED * (share - USUAL) for share in shared(question, [one.text for one in readings])]


def _weighed(missing: Missing) -> float:
    return sum(weight * count for weight, count in zip(LACKING.values(), missing.counts, strict=True))


def _untimely(time: Filter, article: Reference) -> bool:
    """Whether an article is of a time that cannot answer: of another week than “last week”, or after the asking."""
    return bool(article.published) and not admits(time, None, None, article.published)
