"""Two searches as one by their scores alone, which the fitted ranking is held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from qa.retrieve.search import DEPTH, Retriever
from qa.retrieve.understand import Query
from vectorstore.articles import Hit


class Fused:
    """Several retrievers as one: the weighted sum of scores, each retriever's scaled to 0 … 1 over its own results.

    Convex combination (Bruch, Gai and Ingber, TOIS 42:1, 2023).
    """

    def __init__(self, parts: Sequence[tuple[Retriever, float]]) -> None:
        self._parts = tuple(parts)

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best of all parts."""
        found: dict[int, Hit] = {}
        scores: Counter[int] = Counter()
        for part, weight in self._parts:
            hits = part.search(query, DEPTH)
            for hit, score in zip(hits, scaled([h.score for h in hits]), strict=True):
                found.setdefault(hit.passage, hit)
                scores[hit.passage] += weight * score  # type: ignore[assignment]  # Counter of floats
        total = sum(weight for _, weight in self._parts)
        ranked = sorted(found.values(), key=lambda hit: (-scores[hit.passage], hit.passage))
        return [replace(hit, score=scores[hit.passage] / total) for hit in ranked[:limit]]


def scaled(scores: Sequence[float]) -> list[float]:
    """Return scores scaled to 0 … 1 over themselves; all 1 where they are equal."""
    if not scores:
        return []
    low, high = min(scores), max(scores)
    return [(score - low) / (high - low) if high > low else 1.0 for score in scores]
