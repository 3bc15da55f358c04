"""Where to look: the sources, times and quoted words of a question, as filters that give way and as preferences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

from qa.retrieve.search import POOL, Retriever, match_expression
from qa.retrieve.understand import Hint, Query
from vectorstore.articles import Filter, Hit
from vectorstore.filters import admits
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
        expression = match_expression(query.text)
        return bool(expression and self._store.lexical(expression, 1, chosen))


def narrowed(one: Filter, other: Filter) -> Filter:
    """Return the filter that lets through what both do; `other` names a publisher or days, and no more."""
    since = max(filter(None, (one.since, other.since)), default=None)
    until = min(filter(None, (one.until, other.until)), default=None)
    return replace(one, publisher=one.publisher or other.publisher, since=since, until=until)


def _preferred(hit: Hit, hints: tuple[Hint, ...]) -> float:
    article = hit.article
    wanted = [admits(hint.filter, article.publisher, article.url, article.published) for hint in hints]
    return sum(wanted) / len(wanted) if wanted else 0.0
