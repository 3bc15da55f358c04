"""Question sets as the answerer sees them: the sentences of the evidence with their features, and which answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import suites
from benchmarks.abstention import unanswered, without
from benchmarks.baselines import Lexical
from benchmarks.bench import Warm
from benchmarks.reading import Reading, archive, clapnq
from benchmarks.vectors import Remembering
from qa.answer.extract import rows
from qa.answer.features import Asked
from qa.answer.spots import Spot, spots
from qa.assistant import Assistant
from qa.config import load
from qa.evaluate.expected import Case
from qa.evaluate.outcomes import matches
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.narrate import Narrator
from qa.types import Question, Turn
from qa.wiring import Wiring, wire
from vectorstore.store import Store

Right = Callable[[Spot], bool]
Item = tuple[Question, Right | None]  # a question, and what tells its answer: None where nothing answers


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the sentences that were looked at, each with its features, and which of them answer it."""

    asked: Asked
    spots: tuple[Spot, ...]
    right: tuple[bool, ...]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Set:
    """A question set."""

    name: str
    questions: tuple[Judged, ...]


def judged(name: str, wiring: Wiring, items: Sequence[Item]) -> Set:
    """Return the judged questions of an archive."""
    with wiring.store() as store:
        assistant = wiring.assistant(store)
        return Set(name, tuple(_judged(assistant, *item) for item in items))


def _judged(assistant: Assistant, question: Question, right: Right | None) -> Judged:
    asked, hits = assistant.evidence(question)
    likely, table = rows(asked, spots(hits), assistant.embedder)
    marked = tuple(replace(spot, marks=tuple(row)) for spot, row in zip(likely, table, strict=True))
    return Judged(asked, marked, tuple(right is not None and right(spot) for spot in marked), right is not None)


def reading_set(reading: Reading, cache: Path, limit: int | None) -> Set:
    """Return about `limit` of the judged questions of a set whose texts become an archive in `cache`."""

    def items() -> Iterator[Item]:
        for item in reading.sampled(limit).items:
            right: Right = lambda spot, item=item: item.right(spot.hit.article.url, spot.text)  # type: ignore[misc]  # noqa: E731
            yield Question(item.question), right if item.answers else None

    return judged(reading.name, archive(reading.texts, reading.name, cache), list(items()))


def seeds_set(name: str, articles: Path, questions: Path, cache: Path) -> Set:
    """Return the judged questions of a file in the format of seeds_dev over a folder of articles."""
    wiring = wire(load(), cache / f"{name}.store")
    Narrator(color=False).follow(ingest(wiring.folder, Request((articles,)), wiring.embedder))
    return judged(name, wiring, [_seed(row) for row in _lines(questions)])


def _seed(row: dict[str, Any]) -> Item:
    gold = [re.compile(pattern, re.IGNORECASE) for pattern in row["gold"]]

    def right(spot: Spot) -> bool:
        return Path(spot.hit.article.source).stem in row["sources"] and any(found.search(spot.text) for found in gold)

    history = tuple(Turn(turn) for turn in row.get("history") or ())
    return Question(row["question"], history), right if row["answerable"] else None


def news_sets(data: Path, store: Path, cache: Path, limit: int) -> list[Set]:
    """Return the sets over an archive of the news: its questions; those that nothing answers once their articles are
    removed; both with the day of asking; and about `limit` of clapnq's questions, which the news do not answer."""
    known = _urls(store)
    suite = suites.news(data)
    given = [case for case in suite.cases if any(entry & known for entry in case.expected.articles)]
    gold = frozenset(url for case in given for entry in case.expected.articles for url in entry)
    texts = {text.url: text for text in suite.texts if text.url in known}
    left = Lexical(text for url, text in texts.items() if url not in gold)
    lacking = unanswered(given, left, texts)
    embedder = Remembering(wire(load()).embedder())
    there, rest = (Warm(load(), one, warm=embedder) for one in (store, without(store, gold, cache / "gone.store")))
    elsewhere: list[Item] = [(Question(item.question), None) for item in clapnq(data).sampled(limit).items]
    return [
        judged("news", there, [_news(case) for case in given]),
        judged("gone", rest, [(Question(case.row.text), None) for case in lacking]),
        judged("news, asked", there, [_news(case, case.row.question().asked) for case in given]),
        judged("gone, asked", rest, [(case.row.question(), None) for case in lacking]),
        judged("elsewhere", there, elsewhere),
    ]


def _news(case: Case, asked: date | None = None) -> Item:
    question = Question(case.row.text, asked=asked)
    return question, lambda spot: bool(matches(case.expected, [spot.hit.article])) and case.expected.told([spot.text])


def _urls(store: Path) -> frozenset[str]:
    with Store.open(store) as opened:
        return frozenset(listing.article.url or "" for listing in opened.ledger.articles())


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
