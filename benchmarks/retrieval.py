"""The ranking of the news part by part: what each search, feature and hint is worth, with and without.

    python -m benchmarks.retrieval [NEWS] --store DIR [--limit N] [--json]

NEWS holds articles.jsonl.gz and questions_dev.jsonl, --store an archive of these articles, as `benchmarks.quality`
makes it. An article is a hit when its URL is the gold article's, or that of a story of the same page or with exactly
the same text; what a passage lists under `also` counts with it. The baselines are in the table of `benchmarks.quality`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.fused import Fused
from benchmarks.news import Asked, News, Ranking, hits, load
from benchmarks.tables import Row, show
from qa.config import load as load_config
from qa.retrieve.contemporary import Contemporary
from qa.retrieve.rank import Ranked
from qa.retrieve.recent import Recent
from qa.retrieve.scoped import Scoped
from qa.retrieve.search import DenseRetriever, LexicalRetriever, Retriever, Spread, match_expression
from qa.retrieve.understand import Query, understand
from qa.retrieve.weights import WEIGHTS
from qa.types import Question
from qa.wiring import Wiring, wire
from vectorstore.articles import Filter, Hit, article_id
from vectorstore.embedding import Embedder
from vectorstore.records import Publisher
from vectorstore.store import Store

Rank = Callable[[Asked], Ranking]


@dataclass(frozen=True, slots=True)
class System:
    """What is measured: a name, and the way from a question to ranked articles."""

    name: str
    rank: Rank


def ours(
    name: str, retriever: Retriever, scope: Filter, publishers: Sequence[Publisher] = (), *, dated: bool = True
) -> System:
    """A retriever of ours, given the question and, where it is `dated`, its day."""

    def rank(asked: Asked) -> Ranking:
        question = Question(asked.text, asked=asked.day if dated else None, filter=scope)
        query = understand(question, publishers=publishers)
        return _articles(retriever.search(query, 20))

    return System(name, rank)


def ablations(store: Store, embedder: Embedder, wiring: Wiring, scope: Filter) -> Iterator[System]:
    """Ours with parts left out or weighed otherwise, without the day of asking but in the rows that say so."""
    dense, lexical, limit = DenseRetriever(store, embedder), LexicalRetriever(store), wiring.config.search.per_article
    publishers = store.ledger.publishers()
    ranked = Ranked(dense, lexical, store)
    whole = wiring.retriever(store, embedder)

    def dateless(name: str, retriever: Retriever) -> System:
        return ours(name, Spread(retriever, limit), scope, publishers, dated=False)

    yield dateless("  dense only", dense)
    yield dateless("  lexical only", lexical)
    yield dateless("  lexical only, body alone", _Weighted(store, (0.0, 0.0, 1.0)))
    for share in (0.35, 0.5):
        yield dateless(f"  fused, {share:.2f} of it dense", Fused(((dense, share), (lexical, 1 - share))))
    for name in WEIGHTS:
        yield dateless(f"  without {name}", Contemporary(Ranked(dense, lexical, store, WEIGHTS | {name: 0.0})))
    yield dateless("  without other reports of the event", Scoped(ranked, store))
    yield dateless("  without the question's hints", Contemporary(ranked))
    yield dateless("  all, but the day of asking", Scoped(Contemporary(ranked), store))
    dated = Spread(Scoped(Recent(ranked), store), limit)
    yield ours("  all, without other reports of the event", dated, scope, publishers)
    yield ours("  copies not counted", _Copyless(whole), scope, publishers)


@dataclass(frozen=True, slots=True)
class _Weighted:
    """The lexical search with other weights of title, publisher and body."""

    store: Store
    weights: tuple[float, float, float]

    def search(self, query: Query, limit: int) -> list[Hit]:
        scored = self.store.lexical(match_expression(query.text), limit, query.filter, self.weights)
        return self.store.hits([passage for passage, _ in scored], query.filter)


@dataclass(frozen=True, slots=True)
class _Copyless:
    """A retriever whose hits list no copies."""

    inner: Retriever

    def search(self, query: Query, limit: int) -> list[Hit]:
        return [replace(hit, also=()) for hit in self.inner.search(query, limit)]


def _articles(found: list[Hit]) -> Ranking:
    """Articles in the order of their first passages; what a passage lists under `also` counts with its article."""
    named: dict[str, set[str]] = {}
    for hit in found:
        urls = named.setdefault(hit.article.page, set())
        urls.update(one.url or "" for one in (hit.article, *hit.also))
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


def run(news: News, wiring: Wiring, scope: Filter) -> Iterator[Row]:
    """Yield a row for ours, and for ours with each part left out."""
    embedder = wiring.embedder()
    with wiring.store() as store:
        yield measure(ours("ours", wiring.searcher(store), scope, store.ledger.publishers()), news)
        for system in ablations(store, embedder, wiring, scope):
            yield measure(system, news)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path, nargs="?", default=Path("../shared/data/news"))
    parser.add_argument("--store", type=Path, required=True, help="an archive of these articles")
    parser.add_argument("--limit", type=int, help="only the first so many stories")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    news = load(given.news, given.limit)
    scope = Filter(articles=_ids(news)) if given.limit else Filter()
    rows = list(run(news, wire(load_config(), given.store), scope))
    show(rows, as_json=given.json)


def _ids(news: News) -> tuple[str, ...]:
    return tuple(article_id(story.url) for story in news.stories)


if __name__ == "__main__":
    main()
