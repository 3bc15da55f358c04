"""Retrieval from the news part by part: what each search and hint is worth, with and without, and what it costs.

    python -m benchmarks.retrieval [DATA] --store DIR [--questions FILE] [--every N] [--ours] [--json]

DATA/news holds articles.jsonl.gz and a quiz, questions_dev.jsonl; --questions is another file of questions, with the
sentences that answer, DATA/reader/questions_dev.jsonl by default. --store is an archive of these articles, as
`benchmarks.quality` makes it; its table has the baselines. --every 3 takes each third question, --ours leaves out the
comparison. An article is a hit when its URL is the gold article's, or that of a story of the same page or with exactly
the same text; what a passage lists under `also` counts with it. `passage@k` is the share of questions for which one of
the first k passages holds a sentence that answers; `ms` is a median, `cpu` the same of time on the processor, which
other work on the machine does not lengthen.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.news import Asked, Ranking, hits, load, reader_questions
from benchmarks.reader.data import same_sentence
from benchmarks.tables import Row, show
from qa.config import load as load_config
from qa.retrieve.context import HintFilter, RecencyBoost
from qa.retrieve.hybrid import WEIGHTS, HybridRetriever
from qa.retrieve.search import EVIDENCE, DenseRetriever, Diversifier, LexicalRetriever, Retriever, text_query
from qa.retrieve.understand import Query, understand
from qa.types import Question
from qa.wiring import Wiring, wire
from vectorstore.articles import Hit, Publisher
from vectorstore.embedding import Embedder
from vectorstore.store import Store

Search = Callable[[Asked], list[Hit]]
PASSAGES = (8, 10, 12, 16)


@dataclass(frozen=True, slots=True)
class System:
    """What is measured: a name, and the way from a question to ranked passages."""

    name: str
    search: Search


def ours(name: str, retriever: Retriever, publishers: Sequence[Publisher] = (), *, dated: bool = True) -> System:
    """A retriever of ours, given the question and, where it is `dated`, its day."""

    def search(asked: Asked) -> list[Hit]:
        query = understand(Question(asked.text, asked=asked.day if dated else None), publishers=publishers)
        return retriever.search(query, EVIDENCE)

    return System(name, search)


def ablations(store: Store, embedder: Embedder, wiring: Wiring) -> Iterator[System]:
    """Ours with parts left out or weighed otherwise, without the day of asking but in the rows that say so."""
    dense, lexical, limit = DenseRetriever(store, embedder), LexicalRetriever(store), wiring.config.search.per_article
    publishers = store.ledger.publishers()
    hybrid = HybridRetriever(dense, lexical, store)

    def dateless(name: str, retriever: Retriever, most: int = limit) -> System:
        return ours(name, Diversifier(retriever, most, store), publishers, dated=False)

    yield dateless("  dense only", dense)
    yield dateless("  lexical only", lexical)
    yield dateless("  lexical only, body alone", _Weighted(store, (0.0, 0.0, 1.0)))
    for name in WEIGHTS:
        yield dateless(
            f"  without {name}", HintFilter(HybridRetriever(dense, lexical, store, WEIGHTS | {name: 0.0}), store)
        )
    for most in (3, 4, 8):
        yield dateless(f"  at most {most} passages of an article", HintFilter(hybrid, store), most)
    yield dateless("  without the question's hints", hybrid)
    yield dateless("  without the day of asking", HintFilter(hybrid, store))
    whole = Diversifier(HintFilter(RecencyBoost(hybrid), store), limit, store)
    yield ours("  copies not counted", _Copyless(whole), publishers)


@dataclass(frozen=True, slots=True)
class _Weighted:
    """The lexical search with other weights of title, publisher and body."""

    store: Store
    weights: tuple[float, float, float]

    def search(self, query: Query, limit: int) -> list[Hit]:
        scored = self.store.lexical(text_query(query.text), limit, query.filter, self.weights)
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


def measure(system: System, name: str, questions: Sequence[Asked]) -> Row:
    """Return a system's figures over all questions of a set."""
    found: list[tuple[list[Hit], Asked]] = []
    seconds: list[float] = []
    busy: list[float] = []
    for question in questions:
        began, spent = time.perf_counter(), time.process_time()
        found.append((system.search(question), question))
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - spent)
    rankings = [(_articles(passages), question.gold) for passages, question in found]
    row: Row = {"set": name, "system": system.name}
    for k in (1, 10):
        row[f"hits@{k}"] = sum(hits(ranking, gold, k) for ranking, gold in rankings) / len(rankings)
    places = (next((k for k in range(1, 11) if hits(ranking, gold, k)), None) for ranking, gold in rankings)
    row["mrr@10"] = sum(1 / place for place in places if place) / len(rankings)
    holding = [[_holds(hit, asked) for hit in passages] for passages, asked in found if asked.evidence]
    for k in PASSAGES:
        row[f"passage@{k}"] = sum(any(one[:k]) for one in holding) / len(holding) if holding else None
    took = {"ms": statistics.median(seconds), "cpu": statistics.median(busy)}
    return {**row, "questions": len(rankings), **{key: round(1000 * value) for key, value in took.items()}}


def _holds(hit: Hit, asked: Asked) -> bool:
    """Tell whether a passage of the right article, or of a copy of it, has a sentence that answers."""
    return any(one.url in asked.gold for one in (hit.article, *hit.also)) and any(
        same_sentence(hit.text[s.start - hit.start : s.end - hit.start], wanted)
        for s in hit.sentences
        for wanted in asked.evidence
    )


def run(sets: Mapping[str, Sequence[Asked]], wiring: Wiring, *, alone: bool) -> Iterator[Row]:
    """Yield for each set a row for ours, and, but where ours is measured `alone`, for ours with each part left out."""
    embedder = wiring.embedder()
    with wiring.store() as store:
        whole = ours("ours", wiring.retriever(store, embedder), store.ledger.publishers())
        for name, questions in sets.items():
            whole.search(questions[0])  # reads the vectors
            for system in (whole, *(() if alone else ablations(store, embedder, wiring))):
                yield measure(system, name, questions)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--store", type=Path, required=True, help="an archive of the news")
    parser.add_argument("--questions", type=Path, help="in the format of data/reader")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    news = load(given.data / "news")
    path = given.questions or given.data / "reader" / "questions_dev.jsonl"
    sets = {"quiz": news.questions, path.stem: reader_questions(path, news.stories)}
    drawn = {name: questions[:: given.every] for name, questions in sets.items()}
    show(list(run(drawn, wire(load_config(), given.store), alone=given.ours)), as_json=given.json)


if __name__ == "__main__":
    main()
