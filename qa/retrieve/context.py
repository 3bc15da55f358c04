"""Retrievers around a retriever that know when and of what a question was asked: recency boost and hint filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import reduce

from qa.retrieve.hints import RELATIVE, shifted
from qa.retrieve.search import POOL, Retriever, text_query
from qa.retrieve.understand import Hint, Query
from vectorstore.articles import Filter, Hit
from vectorstore.filters import admits, day_bounds
from vectorstore.store import Store

PREFERRED = 0.1  # what it is worth to come from the part of the archive that a question points to


class HintFilter:
    """Searches the part of the archive that a question names, and all of it where that part has nothing to say."""

    def __init__(self, inner: Retriever, store: Store) -> None:
        self._inner, self._store = inner, store

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the inner retriever's hits under the narrowest of the question's filters that leaves something."""
        if not (query.hints or query.phrases):
            return self._inner.search(query, limit)
        chosen = next(filter(lambda f: self._speaks(query, f), self._scopes(query)), query.filter)
        hits = self._inner.search(replace(query, filter=chosen), max(limit, POOL))
        moved = [replace(hit, score=hit.score + PREFERRED * _preferred(hit, query.hints)) for hit in hits]
        return sorted(moved, key=lambda hit: (-hit.score, hit.passage))[:limit]

    def _scopes(self, query: Query) -> Iterator[Filter]:
        """The filters to try, narrowest first: quoted words give way first, then the time, then the source."""
        cuts = [hint.filter for hint in query.hints if hint.cuts]
        for count in range(len(cuts), -1, -1):
            base = reduce(narrowed, cuts[:count], query.filter)
            if phrases := self._quoting(query, base):
                yield phrases
            if count:
                yield base

    def _quoting(self, query: Query, base: Filter) -> Filter | None:
        """The filter to the articles that have every quoted phrase that any article has."""
        found = [set(self._store.ledger.containing(phrase)) for phrase in query.phrases]
        common = set.intersection(*some) if (some := [articles for articles in found if articles]) else set()
        if base.articles:
            common &= set(base.articles)
        return replace(base, articles=tuple(sorted(common))) if common else None

    def _speaks(self, query: Query, chosen: Filter) -> bool:
        return self._store.ledger.matches(text_query(query.text), chosen)


def narrowed(one: Filter, other: Filter) -> Filter:
    """Return the filter that lets through what both do; `other` names a publisher or days, and no more."""
    since = max(filter(None, (one.since, other.since)), default=None)
    until = min(filter(None, (one.until, other.until)), default=None)
    return replace(one, publishers=one.publishers or other.publishers, since=since, until=until)


def _preferred(hit: Hit, hints: tuple[Hint, ...]) -> float:
    article = hit.article
    wanted = [admits(hint.filter, article.publisher, article.url, article.published) for hint in hints]
    return sum(wanted) / len(wanted) if wanted else 0.0


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
