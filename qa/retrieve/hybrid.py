"""Hybrid search: passages by meaning and by words, and whole articles by words, as one weighted sum of scores."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import mul

from qa.retrieve.search import CONTEXT_WEIGHT, DEPTH, DIGITS, DenseRetriever, Scorer, searched
from qa.retrieve.understand import Query
from vectorstore.articles import Hit
from vectorstore.store import Store

# `python -m benchmarks.fit_ranking` fits them, and says what they find
WEIGHTS = {"cosine": 0.5, "passage": 0.3, "article": 0.3}
FIELDS = (5.0, 1.0)  # weights of an article's title and text in BM25

Features = tuple[float, float, float]  # in the order of WEIGHTS, each about 0 … 1


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What three searches gave: passages their cosine and BM25, articles, by their keys, BM25 over all of them.

    BM25 is told as a share of `whole`, which is what the question's words weigh. What a search did not find has at most
    the score of the lowest that it gave, and is taken to have that; one that found few found all.
    """

    cosine: Mapping[int, float]
    passage: Mapping[int, float]
    article: Mapping[int, float]
    whole: float

    def features(self, pool: Mapping[int, int]) -> dict[int, Features]:
        """Return the numbers of passages, which `pool` has with the keys of their articles."""
        parts = (self.cosine, self.passage, self.article)
        far, none, nothing = (min(part.values()) if len(part) >= DEPTH else 0.0 for part in parts)
        return {
            passage: (
                self.cosine.get(passage, far),
                self.passage.get(passage, none) / self.whole,
                self.article.get(article, nothing) / self.whole,
            )
            for passage, article in pool.items()
        }


class HybridRetriever:
    """The passages that a dense and a lexical search find, by the weighted sum of three scores.

    Such a sum needs few examples to be fitted, and beats reciprocal ranks, which forget by how much one is better than
    the next (Bruch, Gai and Ingber, TOIS 42:1, 2023).
    """

    def __init__(
        self, dense: DenseRetriever, lexical: Scorer, store: Store, weights: Mapping[str, float] = WEIGHTS
    ) -> None:
        self._dense, self._lexical, self._store = dense, lexical, store
        self._weights = tuple(weights[name] for name in WEIGHTS)

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the best of both searches, sketched; a turn before counts at CONTEXT_WEIGHT."""
        asked = [(query.text, 1.0), *([(query.context, CONTEXT_WEIGHT)] if query.context else ())]
        found = [(self.found(replace(query, text=text, context="")), share) for text, share in asked]
        pool = self._store.ledger.articles_of({p for one, _ in found for p in (*one.cosine, *one.passage)})
        whole = sum(share for _, share in asked)
        scores = dict.fromkeys(pool, 0.0)
        for one, share in found:
            for passage, numbers in one.features(pool).items():
                scores[passage] += share / whole * sum(map(mul, self._weights, numbers))
        scores = {passage: round(score, DIGITS) for passage, score in scores.items()}
        best = sorted(scores, key=lambda passage: (-scores[passage], passage))[:limit]
        return [replace(hit, score=scores[hit.passage]) for hit in self._store.ledger.sketched(best, query.filter)]

    def found(self, query: Query) -> SearchResult:
        """Return what the searches find for a question by itself; another thread searches by vector meanwhile."""
        with self._dense.begun(query, DEPTH) as nearest:
            articles = self._store.ledger.ranked_articles(searched(query.text), DEPTH, query.filter, FIELDS)
            lexical, whole = self._lexical.scores(query, DEPTH), self._whole(query.text) or 1.0
            return SearchResult(nearest(lexical), lexical, dict(articles), whole)

    def _whole(self, text: str) -> float:
        """How much a question's words weigh together: of each the logarithm of how rare it is."""
        _, total = self._store.ledger.count()
        counts = self._store.ledger.document_frequency(searched(text)).values()
        return sum(math.log(1 + (max(0, total - count) + 0.5) / (count + 0.5)) for count in counts)
