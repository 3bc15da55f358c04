"""The ranking: both searches' candidates, ordered by a linear model over a few features."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from qa.retrieve.features import NAMES, Asking, Found, features, keys
from qa.retrieve.search import CONTEXT_WEIGHT, DEPTH, DIGITS, Scorer
from qa.retrieve.understand import Query
from qa.retrieve.weights import WEIGHTS
from qa.words import content
from vectorstore.articles import Hit
from vectorstore.store import Store


class Ranked:
    """Passages of a dense and a lexical search by the weighted sum of their features.

    A weighted sum of scores beats reciprocal ranks where scores carry meaning (Bruch, Gai and Ingber, TOIS 42:1, 2023).
    """

    def __init__(self, dense: Scorer, lexical: Scorer, store: Store, weights: Mapping[str, float] = WEIGHTS) -> None:
        self._dense, self._lexical, self._store, self._weights = dense, lexical, store, weights

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best of both searches; a turn before counts at CONTEXT_WEIGHT."""
        asked = [(query.text, 1.0), (query.context, CONTEXT_WEIGHT)] if query.context else [(query.text, 1.0)]
        found = [(text, share, *self.candidates(replace(query, text=text, context=""))) for text, share in asked]
        pool = {hit.passage: hit for _, _, hits, _ in found for hit in hits}
        scores = dict.fromkeys(pool, 0.0)
        for text, share, _, one in found:
            for passage, row in zip(pool, self.rows(text, list(pool.values()), one), strict=True):
                worth = sum(self._weights[name] * value for name, value in zip(NAMES, row, strict=True))
                scores[passage] += worth * share / sum(share for _, share in asked)
        moved = [replace(hit, score=round(scores[hit.passage], DIGITS)) for hit in pool.values()]
        return sorted(moved, key=lambda hit: (-hit.score, hit.passage))[:limit]

    def candidates(self, query: Query) -> tuple[list[Hit], Found]:
        """Return what both searches find, each once, and the scores that they gave it."""
        dense, lexical = self._dense.scores(query, DEPTH), self._lexical.scores(query, DEPTH)
        pool = self._store.hits(list(dense | lexical), query.filter)
        return pool, Found(dense, lexical, len(lexical) < DEPTH)

    def rows(self, text: str, pool: list[Hit], found: Found) -> list[list[float]]:
        """Return the features of a pool for a question, in the order of NAMES."""
        texts = self._store.ledger.texts({hit.article.id for hit in pool})
        return features(Asking(text, self.idf(text)), pool, found, texts)

    def idf(self, text: str) -> Mapping[str, float]:
        """Return how much each word of a question tells, by its key: the logarithm of how rare it is."""
        words = {keys(token.text)[0]: token.text for token in content(text) if keys(token.text)}
        _, total = self._store.ledger.count()
        counts = self._store.ledger.document_frequency(words.values())
        return {
            key: math.log(1 + (max(0, total - counts[word]) + 0.5) / (counts[word] + 0.5))
            for key, word in words.items()
        }
