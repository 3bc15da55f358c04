"""A closer look: the best passages are read again, each together with the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from qa.retrieve.search import DIGITS, Retriever
from qa.retrieve.understand import Query
from vectorstore.articles import Hit

RERANKED = 50  # passages that are read again
BELOW = 1.0  # by how much the others score less than 0: more than what retrievers around this one add or take


class Judge(Protocol):
    """Reads a question and a text together, as vectorstore.cross_encoder does."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the question, 0 … 1, in the order of the texts."""
        ...


class Reranker:
    """The inner retriever's best RERANKED passages, ordered by a judge; all others below them, as they were.

    Scores are the judge's, 0 … 1, and at most -BELOW for the others.
    """

    def __init__(self, inner: Retriever, judge: Judge) -> None:
        self._inner, self._judge = inner, judge

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the inner retriever's hits, the best of them in their new order."""
        hits = self._inner.search(query, max(limit, RERANKED))
        best, others = hits[:RERANKED], hits[RERANKED:]
        scores = self._judge.scores(query.text, [read(hit) for hit in best])
        moved = [replace(hit, score=round(score, DIGITS)) for hit, score in zip(best, scores, strict=True)]
        shift = others[0].score + BELOW if others else 0.0
        kept = [replace(hit, score=hit.score - shift) for hit in others]
        return [*sorted(moved, key=lambda hit: -hit.score), *kept][:limit]


def read(hit: Hit) -> str:
    """Return a passage as it is read: under its title."""
    return "\n".join(filter(None, (hit.article.title, hit.text)))
