"""The news data as every system under test gets it: stories, questions with their articles, hits."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.reading import Text as Story
from vectorstore.urls import page_of

Ranking = Sequence[frozenset[str]]  # articles, best first, each as its URL and those of the copies listed with it


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its day, and the URLs that count as a hit: the gold article's, its exact copies' and its page's.

    `evidence` are the sentences that answer, where they are known.
    """

    text: str
    day: date | None
    gold: frozenset[str]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """The stories and the questions whose article is among them."""

    stories: tuple[Story, ...]
    questions: tuple[Asked, ...]


def load(folder: Path, limit: int | None = None) -> News:
    """Return the news in `folder`; `limit` takes the first so many stories and the questions on them."""
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][:limit]
    stories = tuple(Story(r["url"], r["title"], r["text"], r["publish_date"]) for r in rows)
    same = copies(stories)
    asked = [_asked(row, same) for row in questions(folder)]
    return News(stories, tuple(question for question in asked if question.gold))


def copies(stories: Iterable[Story]) -> dict[str, list[str]]:
    """Return for each URL those of all stories with the very same text or of the same page, its own among them."""
    texts, pages = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for story in stories:
        texts[story.text].add(story.url)
        pages[page_of(story.url) or story.url].add(story.url)
    return {story.url: sorted(texts[story.text] | pages[page_of(story.url) or story.url]) for story in stories}


def questions(folder: Path) -> list[dict[str, Any]]:
    """Return the questions in `folder` as they stand there."""
    with (folder / "questions_dev.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def reader_questions(path: Path, stories: Iterable[Story]) -> tuple[Asked, ...]:
    """Return the answerable questions of a file of data/reader, follow-ups with those that they follow in front."""
    texts = {story.url: story for story in stories}
    same = copies(texts.values())
    found = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["answerable"] and all(url in texts for url in row["articles"]):
            text = texts[row["articles"][0]].text
            evidence = tuple(text[start:end] for start, end in [*row["evidence"], *row.get("also", ())])
            gold = frozenset(url for named in row["articles"] for url in same[named])
            found.append(Asked(" ".join([*row.get("history", ()), row["question"]]), None, gold, evidence))
    return tuple(found)


def _asked(row: dict[str, Any], same: dict[str, list[str]]) -> Asked:
    gold = {url for named in row["articles"] for url in same.get(named, ())}
    return Asked(row["question"], date.fromisoformat(row["asked"].replace("/", "-")), frozenset(gold))


def hits(ranking: Ranking, gold: frozenset[str], k: int) -> bool:
    """Tell whether one of the first k articles is gold."""
    return any(urls & gold for urls in ranking[:k])
