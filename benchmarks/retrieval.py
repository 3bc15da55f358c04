"""Article Hits@1 and Hits@10 on the news questions: BM25, MiniLM, the stock pipeline and ours, in one run.

    python -m benchmarks.retrieval [NEWS] [--store DIR] [--cache DIR] [--ablate] [--limit N] [--json]

NEWS holds articles.jsonl.gz and questions_dev.jsonl. An article is a hit when its URL is the gold article's or that of
a story with exactly the same text, for every system alike; what a passage lists under `also` counts with it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.news import Asked, News, Ranking, articles, hits, load, windows
from benchmarks.tables import Row, show
from benchmarks.vectors import cached
from qa.config import load as load_config
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.narrate import Narrator
from qa.retrieve.rank import Ranked
from qa.retrieve.scoped import Scoped
from qa.retrieve.search import DenseRetriever, Fused, LexicalRetriever, Retriever, Spread
from qa.retrieve.understand import Query, understand
from qa.retrieve.weights import WEIGHTS
from qa.types import Question
from qa.wiring import Wiring, wire
from vectorstore.articles import Filter, Hit
from vectorstore.embedding import Embedder
from vectorstore.records import Publisher
from vectorstore.store import Store

DEPTH = 100  # passages of a baseline, enough for ten different articles

Rank = Callable[[Asked], Ranking]


@dataclass(frozen=True, slots=True)
class System:
    """What is measured: a name, and the way from a question to ranked articles."""

    name: str
    rank: Rank


def bm25(news: News) -> System:
    """BM25 alone: bm25s over 200-word windows of title and text, English stop words, Porter stems, Lucene’s k1, b."""
    import bm25s
    import snowballstemmer

    owners, texts = _windows(news)
    stem = snowballstemmer.stemmer("english").stemWords
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index(bm25s.tokenize(texts, stopwords="en", stemmer=stem, show_progress=False), show_progress=False)

    def rank(asked: Asked) -> Ranking:
        words = bm25s.tokenize(asked.text, stopwords="en", stemmer=stem, show_progress=False)
        found, _ = index.retrieve(words, k=min(DEPTH, len(texts)), show_progress=False)
        return articles(owners[at] for at in found[0])

    return System("BM25 alone", rank)


def minilm(news: News, embedder: Embedder, cache: Path | None) -> System:
    """MiniLM alone: the cosine with each 200-word window, exactly."""
    owners, texts = _windows(news)
    vectors = cached(embedder, texts, cache)

    def rank(asked: Asked) -> Ranking:
        order = np.argsort(-(vectors @ embedder.embed_query(asked.text)), kind="stable")[:DEPTH]
        return articles(owners[at] for at in order)

    return System("MiniLM alone", rank)


def stock(news: News, embedder: Embedder, cache: Path | None) -> System:
    """llama-index defaults over Chroma: documents with title and date, URL left out of what is embedded."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.schema import MetadataMode

    from benchmarks.stock import MiniLM, split, store

    nodes = split(
        [
            Document(
                text=story.text,
                metadata={"title": story.title, "published": story.published, "url": story.url},
                excluded_embed_metadata_keys=["url"],
            )
            for story in news.stories
        ]
    )
    vectors = cached(embedder, [node.get_content(MetadataMode.EMBED) for node in nodes], cache)
    for node, vector in zip(nodes, vectors, strict=True):
        node.embedding = vector.tolist()
    chroma = store(None)
    for at in range(0, len(nodes), 1000):
        chroma.add(nodes[at : at + 1000])
    index = VectorStoreIndex.from_vector_store(chroma, embed_model=MiniLM(embedder.embed_passages))
    retriever = index.as_retriever(similarity_top_k=50)  # the default, 2, never names ten articles

    def rank(asked: Asked) -> Ranking:
        return articles(frozenset([found.node.metadata["url"]]) for found in retriever.retrieve(asked.text))

    return System("stock llama-index + Chroma", rank)


def ours(name: str, retriever: Retriever, scope: Filter, publishers: Sequence[Publisher] = ()) -> System:
    """A retriever of ours, given the question and its day."""

    def rank(asked: Asked) -> Ranking:
        query = understand(Question(asked.text, asked=asked.day, filter=scope), publishers=publishers)
        return _articles(retriever.search(query, 20))

    return System(name, rank)


def ablations(store: Store, embedder: Embedder, wiring: Wiring, scope: Filter) -> Iterator[System]:
    """Ours with parts left out or weighed otherwise, without the day of asking but in the rows that say so."""
    dense, lexical, limit = DenseRetriever(store, embedder), LexicalRetriever(store), wiring.config.search.per_article
    publishers = store.ledger.publishers()
    ranked = Ranked(dense, lexical, store)
    whole = wiring.retriever(store, embedder)

    def dateless(name: str, retriever: Retriever) -> System:
        return ours(name, _Dateless(Spread(retriever, limit)), scope, publishers)

    yield dateless("  dense only", dense)
    yield dateless("  lexical only", lexical)
    yield dateless("  lexical only, body alone", _Weighted(store, (0.0, 0.0, 1.0)))
    for share in (0.35, 0.5):
        yield dateless(f"  fused, {share:.2f} of it dense", Fused(((dense, share), (lexical, 1 - share))))
    for name in WEIGHTS:
        yield dateless(f"  without {name}", Ranked(dense, lexical, store, WEIGHTS | {name: 0.0}))
    yield dateless("  without the question's hints", ranked)
    yield dateless("  all, but the day of asking", Scoped(ranked, store))
    yield ours("  copies not counted", _Copyless(whole), scope, publishers)


@dataclass(frozen=True, slots=True)
class _Weighted:
    """The lexical search with other weights of title, publisher and body."""

    store: Store
    weights: tuple[float, float, float]

    def search(self, query: Query, limit: int) -> list[Hit]:
        from qa.retrieve.search import match_expression

        scored = self.store.lexical(match_expression(query.text), limit, query.filter, self.weights)
        return self.store.hits([passage for passage, _ in scored], query.filter)


@dataclass(frozen=True, slots=True)
class _Dateless:
    """A retriever that is not told the day of asking."""

    inner: Retriever

    def search(self, query: Query, limit: int) -> list[Hit]:
        from dataclasses import replace

        return self.inner.search(replace(query, asked=None), limit)


@dataclass(frozen=True, slots=True)
class _Copyless:
    """A retriever whose hits list no copies."""

    inner: Retriever

    def search(self, query: Query, limit: int) -> list[Hit]:
        from dataclasses import replace

        return [replace(hit, also=()) for hit in self.inner.search(query, limit)]


def _windows(news: News) -> tuple[list[frozenset[str]], list[str]]:
    pairs = [(frozenset([story.url]), window) for story in news.stories for window in windows(story)]
    return [owner for owner, _ in pairs], [text for _, text in pairs]


def _articles(found: list[Hit]) -> Ranking:
    """Articles in the order of their first passages; what a passage lists under `also` counts with its article."""
    named: dict[str, set[str]] = {}
    for hit in found:
        urls = named.setdefault(hit.article.id, {hit.article.url or ""})
        urls.update(other.url or "" for other in hit.also)
    return [frozenset(urls) for urls in named.values()][:10]


def measure(system: System, news: News) -> Row:
    """Return a system's figures over all questions."""
    began = time.perf_counter()
    rankings = [(system.rank(question), question.gold) for question in news.questions]
    each = (time.perf_counter() - began) / len(rankings)
    row: Row = {"system": system.name}
    for k in (1, 10):
        row[f"hits@{k}"] = sum(hits(ranking, gold, k) for ranking, gold in rankings) / len(rankings)
    places = (next((k for k in range(1, 11) if hits(ranking, gold, k)), None) for ranking, gold in rankings)
    row["mrr@10"] = sum(1 / place for place in places if place) / len(rankings)
    return {**row, "questions": len(rankings), "ms": round(1000 * each)}


def run(news: News, wiring: Wiring, cache: Path | None, *, ablate: bool, scope: Filter) -> Iterator[Row]:
    """Yield a row for each system."""
    embedder = wiring.embedder()
    with wiring.store() as store:
        retriever = wiring.searcher(store)
        if ablate:
            yield measure(ours("ours", retriever, scope, store.ledger.publishers()), news)
            for system in ablations(store, embedder, wiring, scope):
                yield measure(system, news)
            return
        yield measure(bm25(news), news)
        yield measure(minilm(news, embedder, cache), news)
        yield measure(stock(news, embedder, cache), news)
        publishers = store.ledger.publishers()
        yield measure(ours("ours", retriever, scope, publishers), news)
        yield measure(ours("ours, the day unknown", _Dateless(retriever), scope, publishers), news)


def build(wiring: Wiring, folder: Path) -> None:
    """Take the news into the archive; what is there already costs nothing."""
    Narrator(quiet=False, color=False).follow(
        ingest(wiring.folder, Request((folder / "articles.jsonl.gz",)), wiring.embedder)
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path, nargs="?", default=Path("../shared/data/news"))
    parser.add_argument("--store", type=Path, help="an archive of these articles; without it one is built")
    parser.add_argument("--cache", type=Path, help="folder for the baselines' vectors")
    parser.add_argument("--ablate", action="store_true", help="ours, part by part, without the baselines")
    parser.add_argument("--limit", type=int, help="only the first so many stories, for every system")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    news = load(given.news, given.limit)
    scope = Filter(articles=_ids(news)) if given.limit else Filter()
    with tempfile.TemporaryDirectory() as empty:
        wiring = wire(load_config(), given.store or Path(empty), lambda said: print(said, file=sys.stderr))
        if given.store is None:
            build(wiring, given.news)
        rows = list(run(news, wiring, given.cache, ablate=given.ablate, scope=scope))
    show(rows, as_json=given.json)


def _ids(news: News) -> tuple[str, ...]:
    from vectorstore.articles import article_id

    return tuple(article_id(story.url) for story in news.stories)


if __name__ == "__main__":
    main()
