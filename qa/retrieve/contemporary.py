"""Nearness to each other: an event is reported when it happens, by many, in the same words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.retrieve.features import keys
from qa.retrieve.search import DEPTH, DIGITS, Retriever
from qa.retrieve.understand import Query
from vectorstore.articles import Hit
from vectorstore.filters import day_bounds

WORTH = 0.5  # what it is worth to an article that likely ones report the same event
NEAR = 21  # days between two articles at which one counts 1/e for the other
LIKELY = 0.15  # by how much an article scores less than the best that counts 1/e

Bag = Mapping[str, float]  # words with their weights, of length 1 together


class Contemporary:
    """Prefers articles of which other likely ones report the same event: near in time, and alike in words.

    What is close should score alike (Diaz, CIKM 2005, p. 672), here in time too: temporal feedback by kernel density
    (Efron, Lin, He and de Vries, SIGIR 2014, p. 33).
    """

    def __init__(self, inner: Retriever) -> None:
        self._inner = inner

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the inner retriever's hits, each score raised by how many likely articles report the same."""
        hits = self._inner.search(query, max(limit, 2 * DEPTH))
        around = company(hits)
        moved = [replace(hit, score=round(hit.score + WORTH * around[hit.article.page], DIGITS)) for hit in hits]
        return sorted(moved, key=lambda hit: (-hit.score, hit.passage))[:limit]


@dataclass(frozen=True, slots=True)
class _Report:
    """A dated article by its best passage: the middle of its time in days, how likely it is, 0 … 1, and its words."""

    page: str
    day: float
    likely: float
    words: Bag


def company(hits: Sequence[Hit]) -> dict[str, float]:
    """Return for each page how many likely ones report the same, 0 … 1: m/(1+m) of m, each by how likely and close.

    An undated article has what the dated ones have on average: that decides nothing.
    """
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.passage)):
        best.setdefault(hit.article.page, hit)
    reports = _reports(best)
    masses = dict.fromkeys((report.page for report in reports), 0.0)
    for at, one in enumerate(reports):
        for other in reports[:at]:
            close = math.exp(-abs(one.day - other.day) / NEAR) * _alike(one.words, other.words)
            masses[one.page] += other.likely * close
            masses[other.page] += one.likely * close
    near = {page: mass / (1 + mass) for page, mass in masses.items()}
    whole = sum(report.likely for report in reports)
    usual = sum(report.likely * near[report.page] for report in reports) / whole if whole else 0.0
    return {page: near.get(page, usual) for page in best}


def _reports(best: Mapping[str, Hit]) -> list[_Report]:
    top = max((hit.score for hit in best.values()), default=0.0)
    dated = [(page, hit, hit.article.published) for page, hit in best.items() if hit.article.published]
    bags = _bags([f"{hit.article.title} {hit.text}" for _, hit, _ in dated])
    likely = (math.exp((hit.score - top) / LIKELY) for _, hit, _ in dated)
    return [
        _Report(page, _middle(published), chance, bag)
        for (page, _, published), chance, bag in zip(dated, likely, bags, strict=True)
    ]


def _bags(texts: Sequence[str]) -> list[Bag]:
    """The words of texts, those weighing most that are frequent in one and rare among all."""
    counts = [Counter(keys(text)) for text in texts]
    found = Counter(word for words in counts for word in words)
    rare = {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in found.items()}
    bags: list[Bag] = []
    for words in counts:
        weights = {word: (1 + math.log(n)) * rare[word] for word, n in words.items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        bags.append({word: weight / length for word, weight in weights.items()})
    return bags


def _alike(one: Bag, other: Bag) -> float:
    """The cosine of two bags of words, added up in one order."""
    return sum(one[word] * other[word] for word in sorted(one.keys() & other.keys()))


def _middle(published: str) -> float:
    first, last = (date.fromisoformat(day).toordinal() for day in day_bounds(published))
    return (first + last) / 2
