"""Retrievers, each a small step: dense, lexical, without copies, spread over articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from qa.retrieve.understand import Query
from qa.words import STOPWORDS, tokens
from vectorstore.articles import Hit
from vectorstore.crew import cores
from vectorstore.embedding import Embedder
from vectorstore.fulltext import TextQuery, anyof
from vectorstore.store import Store

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors

DEPTH = 100  # passages that each search hands to the fusion
POOL = 100  # passages that are read from the archive, the best of these
EVIDENCE = 16  # passages that are shown, at most
ARTICLES = 10  # different articles among them, where the archive has as many
DIGITS = 6  # of a score: what is beyond depends on the order of additions
COLUMNS = (2.0, 1.0, 1.0)  # weights of title, publisher and body in BM25
CONTEXT_WEIGHT = 1.0  # of the turn before: at half weight 6 of 100 follow-ups lost their article among the first five


class Retriever(Protocol):
    """Finds passages for a query; rerankers and fusers are retrievers around retrievers.

    The outermost is a Diversifier: others may give sketches, without sentences, which it completes.
    """

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return at most `limit` hits, best first, with scores of this retriever's own scale."""
        ...


class Scorer(Protocol):
    """Finds passages by their ids alone: what several of them find is then read once."""

    def scores(self, query: Query, limit: int) -> dict[int, float]:
        """Return at most `limit` passage ids with their scores, best first."""
        ...


class DenseRetriever:
    """By the angle between the vectors of question and passage; scores are cosines."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store, self._embedder = store, embedder
        self._beside = ThreadPoolExecutor(cores())

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the nearest passages."""
        return _hits(self._store, self.scores(query, limit), query)

    def scores(self, query: Query, limit: int) -> dict[int, float]:
        """See Scorer."""
        with self.begun(query, limit) as finished:
            return finished(())

    @contextmanager
    def begun(self, query: Query, limit: int) -> Iterator[Callable[[Iterable[int]], dict[int, float]]]:
        """Search in another thread, for the caller to do something else meanwhile.

        What the block gets returns the scores of the nearest passages, and those of others.
        """
        nearest = self._store.ready(query.filter)

        def searched() -> tuple[Vectors, list[tuple[int, float]] | None]:
            vector = self._embedder.embed_query(query.text)
            return vector, nearest(vector, limit)

        def finished(others: Iterable[int]) -> dict[int, float]:
            vector, found = search.result()
            best = dict(self._store.dense(vector, limit, query.filter) if found is None else found)
            return best | self._store.cosines(vector, set(others) - best.keys())

        search = self._beside.submit(searched)
        try:
            yield finished
        finally:
            wait([search])  # so that the archive is not closed under it


class LexicalRetriever:
    """By the words in common, stemmed, weighted by BM25 (Robertson and Zaragoza, FnTIR 2009, p. 360)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the passages with the best words in common; none where the question has only stop words."""
        return _hits(self._store, self.scores(query, limit), query)

    def scores(self, query: Query, limit: int) -> dict[int, float]:
        """See Scorer."""
        return dict(self._store.ledger.ranked(searched(query.text), limit, query.filter, COLUMNS))


class Diversifier:
    """Evidence from many articles: no copies, at most so many passages of one, room kept for others."""

    def __init__(self, inner: Retriever, per_article: int, store: Store) -> None:
        self._inner, self._per_article, self._store = inner, per_article, store

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the inner retriever's hits in their order, but those that say the same or crowd others out."""
        with self._store.reading():
            found = spread(self._inner.search(query, max(limit, POOL)), limit, self._per_article)
            return self._store.ledger.completed(found)


def spread(hits: Iterable[Hit], limit: int, per_article: int) -> list[Hit]:
    """Return at most `limit` hits, at most `per_article` of one article, of at least ARTICLES articles if there are."""
    pool = [(hit, hit.article.page) for hit in distinct(hits)]
    wanted = min(ARTICLES, limit, len({page for _, page in pool}))
    taken: list[Hit] = []
    counts: Counter[str] = Counter()
    for hit, page in pool:
        new = page not in counts
        room = limit - len(taken) > wanted - len(counts)
        if len(taken) < limit and counts[page] < per_article and (new or room):
            taken.append(hit)
            counts[page] += 1
    return taken


def distinct(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits without those whose article another hit lists under `also`."""
    kept: list[Hit] = []
    copies: dict[str, set[str]] = {}
    for hit in hits:
        if hit.article.id not in copies or _squashed(hit.text) not in copies[hit.article.id]:
            kept.append(hit)
            for other in hit.also:
                copies.setdefault(other.id, set()).add(_squashed(hit.text))
    return kept


def _squashed(text: str) -> str:
    return " ".join(text.lower().split())


def searched(text: str) -> list[str]:
    """Return the words that a text is searched by: all but stop words, each once."""
    return list(dict.fromkeys(t.text for t in tokens(text) if t.text.lower() not in STOPWORDS))


def text_query(text: str) -> TextQuery:
    """Return the query that any of the text's words but stop words matches; nothing, where it has no other."""
    return anyof(searched(text))


def _hits(store: Store, scores: Mapping[int, float], query: Query) -> list[Hit]:
    return [replace(hit, score=scores[hit.passage]) for hit in store.hits(list(scores), query.filter)]
