"""Nearness in time: a question that is asked on a day is mostly about what was then news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qa.retrieve.periods import RELATIVE, shifted
from qa.retrieve.search import POOL, Retriever
from qa.retrieve.understand import Query
from vectorstore.articles import Filter, Hit
from vectorstore.filters import day_bounds

FRESH, ANY = 0.25, 0.15  # what an article of the day is worth to "this week", and to other questions
HALF = 30  # days in which that halves
SLACK = 1  # days that an article may be dated after the asking: time zones
EARLY = 7  # days that it may be older than the “this week” of a question, and speak of what was to come


class RecencyBoost:
    """Prefers articles published shortly before the day of asking, and puts back those published after it.

    Exponential decay by age, after Li and Croft, "Time-based language models", CIKM 2003, p. 471. Without a day of
    asking it changes nothing; an undated article gains and loses nothing.
    """

    def __init__(self, inner: Retriever) -> None:
        self._inner = inner

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the inner retriever's hits, each score moved by the article's age on the day of asking."""
        if query.asked is None:
            return self._inner.search(query, limit)
        worth = FRESH if query.fresh else ANY
        hits = self._inner.search(query, max(limit, POOL))
        moved = [replace(hit, score=hit.score + worth * timeliness(hit, query.asked)) for hit in hits]
        return sorted(moved, key=lambda hit: (-hit.score, hit.passage))[:limit]


def timeliness(hit: Hit, asked: date) -> float:
    """Return 1 for an article of the day of asking, half that HALF days before, -1 after it, 0 where undated."""
    if not hit.article.published:
        return 0.0
    first, last = (date.fromisoformat(day) for day in day_bounds(hit.article.published))
    if (first - asked).days > SLACK:
        return -1.0
    return float(0.5 ** (max(0, (asked - last).days) / HALF))


def dated(query: Query) -> Filter:
    """Return the time that a question names by the calendar (“in 2018”); any time where it names none."""
    named = (hint for hint in query.hints if hint.filter.since and not RELATIVE.fullmatch(hint.words))
    return next((hint.filter for hint in named), Filter())


def telling(query: Query) -> Filter:
    """Return when an article can have been published that answers: not before the “last week” that a question speaks
    of, and not after it was asked. Without a day of asking that is any time."""
    if query.asked is None:
        return Filter()
    starts = [hint.filter.since for hint in query.hints if hint.filter.since and RELATIVE.fullmatch(hint.words)]
    since = [shifted(date.fromisoformat(start), -EARLY).isoformat() for start in starts]
    return Filter(since=max(since, default=None), until=shifted(query.asked, SLACK).isoformat())
