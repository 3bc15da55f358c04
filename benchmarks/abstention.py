"""Knowing when there is no answer: questions that an archive cannot answer, beside those that it can."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from benchmarks.baselines import Crude, Lexical
from benchmarks.bench import Bench, lines
from benchmarks.reading import Text
from benchmarks.suites import Suite, clapnq, news, unanswerable
from benchmarks.tables import Row
from qa.evaluate.bootstrap import auroc, refused
from qa.evaluate.expected import Case
from qa.evaluate.measures import AUROC, FALSE_ABSTENTIONS, GROUPS, REFUSED, figures
from vectorstore.store import Store

CRUDE = "words alone"
BEST = 10  # remaining articles in which an answer must not stand
MEASURES = tuple(name for name, group in GROUPS.items() if group == "abstention")


def gone(bench: Bench) -> Iterator[Row]:
    """The news without the gold articles: a reader's question where the article is missing, and others are near it."""
    name, dated = "news without the gold articles", news(bench.data).sampled(bench.limit)
    gold = frozenset(url for case in news(bench.data).cases for entry in case.expected.articles for url in entry)
    left = Lexical(text for text in dated.texts if text.url not in gold)
    by_url = {text.url: text for text in dated.texts}
    there = bench.archive(dated)
    folder = without(there, gold, bench.stores / "news-without-gold")
    for system, suite in (("ours", news(bench.data, ignore=("asked",)).sampled(bench.limit)), ("ours, asked", dated)):
        others = unanswerable(unanswered(suite.cases, left, by_url))
        known = bench.ask(system.replace("ours", "news"), there, suite.cases)
        missed = bench.ask(system.replace("ours", name), folder, others)
        yield from lines(name, system, figures([*known, *missed]), MEASURES)
    crude = _scores(Crude(Lexical(dated.texts)), dated.cases), _scores(Crude(left), others)
    yield from told(name, *crude)


def elsewhere(bench: Bench) -> Iterator[Row]:
    """clapnq's questions asked of the news, which speak of other things."""
    name = "clapnq asked of the news"
    suite = news(bench.data, ignore=("asked",)).sampled(bench.limit)
    others = unanswerable(clapnq(bench.data).sampled(bench.limit).cases)
    there = bench.archive(suite)
    known, missed = bench.ask("news", there, suite.cases), bench.ask(name, there, others)
    yield from lines(name, "ours", figures([*known, *missed]), MEASURES)
    crude = Crude(Lexical(suite.texts))
    yield from told(name, _scores(crude, suite.cases), _scores(crude, others))


def near(suite: Suite) -> Iterator[Row]:
    """The crude line of a set that has both kinds of questions itself."""
    crude = Crude(Lexical(suite.texts))
    answerable = suite.answerable
    others = [case for case in suite.cases if not case.expected.answerable]
    yield from told(suite.name, _scores(crude, answerable), _scores(crude, others))


def told(name: str, known: Sequence[float], others: Sequence[float]) -> Iterator[Row]:
    """Yield how well scores tell answerable questions from others."""
    scores, positive = [*known, *others], [True] * len(known) + [False] * len(others)
    found = {AUROC: auroc(scores, positive), REFUSED: refused(scores, positive, FALSE_ABSTENTIONS)}
    yield from lines(name, CRUDE, {measure: figure for measure, figure in found.items() if figure})


def unanswered(cases: Sequence[Case], left: Lexical, texts: dict[str, Text]) -> list[Case]:
    """Return the cases whose answer stands in none of the best texts that are left."""

    def stands(case: Case) -> bool:
        best = [texts[url] for url in left.rank(case.row.text)[:BEST]]
        return case.expected.told([f"{text.title}\n{text.text}" for text in best])

    return [case for case in cases if not stands(case)]


def without(store: Path, urls: Collection[str], folder: Path) -> Path:
    """Return a copy of an archive, in `folder`, that lacks the articles with these URLs."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(store, folder)
    with Store.writing(folder) as writer:
        writer.remove([listing.article.id for listing in writer.ledger.articles() if listing.article.url in urls])
    return folder


def _scores(crude: Crude, cases: Sequence[Case]) -> list[float]:
    return [crude.score(case.row.text) for case in cases]
