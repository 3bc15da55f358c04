"""Nearness to each other in time: an event is reported when it happens, by many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.retrieve.search import DEPTH, DIGITS, Retriever
from qa.retrieve.understand import Query
from vectorstore.articles import Hit
from vectorstore.filters import day_bounds

WORTH = 0.1  # what it is worth to an article that many likely ones are of its day
NEAR = 14  # days between two articles at which one counts 1/e for the other
LIKELY = 0.1  # by how much an article scores less than the best that counts 1/e


class Contemporary:
    """Prefers articles that were published when the other likely ones were.

    Temporal feedback by kernel density (Efron, Lin, He and de Vries, SIGIR 2014, p. 33).
    """

    def __init__(self, inner: Retriever) -> None:
        self._inner = inner

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the inner retriever's hits, each score raised by how many of the likely articles are of its time."""
        hits = self._inner.search(query, max(limit, 2 * DEPTH))
        around = company(hits)
        moved = [replace(hit, score=round(hit.score + WORTH * around[hit.article.id], DIGITS)) for hit in hits]
        return sorted(moved, key=lambda hit: (-hit.score, hit.passage))[:limit]


def company(hits: Sequence[Hit]) -> dict[str, float]:
    """Return for each article how many likely ones are of its time, 0 … 1: m/(1+m) of m, each by how likely and near.

    An undated article has what the dated ones have on average: that decides nothing.
    """
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.passage)):
        best.setdefault(hit.article.id, hit)
    top = max((hit.score for hit in best.values()), default=0.0)
    dated = [
        (article, _middle(hit.article.published), math.exp((hit.score - top) / LIKELY))
        for article, hit in best.items()
        if hit.article.published
    ]
    near = {}
    for article, day, _ in dated:
        mass = sum(weight * math.exp(-abs(then - day) / NEAR) for other, then, weight in dated if other != article)
        near[article] = mass / (1 + mass)
    whole = sum(weight for _, _, weight in dated)
    usual = sum(weight * near[article] for article, _, weight in dated) / whole if whole else 0.0
    return {article: near.get(article, usual) for article in best}


def _middle(published: str) -> float:
    first, last = (date.fromisoformat(day).toordinal() for day in day_bounds(published))
    return (first + last) / 2
