"""Full-text search: what is looked for, and what an engine's index must be able to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from vectorstore.articles import Article, Passage

Scores = list[tuple[int, float]]
Rows = Literal["passages", "articles"]
NARROW = 10  # a filter that lets through fewer than one article in so many is narrow


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What a row must have: a word or phrase of each group of `every`.

    A group without a word matches nothing. With `beginning` the last word of the last group may be the beginning of
    one; `columns` are where to look, all of title, publisher and body where there are none.
    """

    every: tuple[tuple[str, ...], ...]
    beginning: bool = False
    columns: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """All words and phrases that count for a row's score, in order."""
        return [word for group in self.every for word in group]


def anyof(words: Sequence[str]) -> TextQuery:
    """Return the query that any of the words or phrases matches."""
    return TextQuery((tuple(words),))


@dataclass(frozen=True, slots=True)
class Among:
    """The articles that a search is cut to, by their keys: also as JSON, and which share of all they are."""

    keys: tuple[int, ...]
    listed: str
    share: float

    @property
    def narrow(self) -> bool:
        """Whether they are few."""
        return self.share * NARROW <= 1


def among(keys: Sequence[int], articles: int) -> Among:
    """Return the cut to the articles with these keys, of so many."""
    return Among(tuple(keys), json.dumps(keys), len(keys) / max(1, articles))


class FullText(Protocol):
    """The words of passages and of whole articles, stemmed, in the database that holds them.

    Every engine finds the same rows and scores them by the same BM25 (Robertson and Zaragoza, FnTIR 2009, p. 360), with
    the constants of SQLite's FTS5: k1 = 1.2, b = 0.75, and an inverse document frequency of 1e-6 at least.
    """

    def search(
        self, rows: Rows, query: TextQuery, limit: int, weights: Sequence[float], cut: Among | None = None
    ) -> Scores:
        """Return the best rows with their BM25 scores (higher is better), best first, ties by id.

        `weights` are those of title, publisher and body, or of an article's title and text.
        """
        ...

    def count(self, query: TextQuery) -> int:
        """Return how many passages match."""
        ...

    def matches(self, query: TextQuery, cut: Among | None = None) -> bool:
        """Return whether any passage matches."""
        ...

    def articles(self, query: TextQuery) -> list[str]:
        """Return the ids of the articles with a passage that matches, ascending."""
        ...

    def vocabulary(self, start: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Return the stems of these lengths that begin with `start`, and how many passages contain each."""
        ...

    def examples(self, word: str, limit: int) -> list[str]:
        """Return title and text of the first passages that contain a word after stemming."""
        ...

    def put_article(self, key: int) -> None:
        """Take in an article's row, which must not be there."""
        ...

    def put_passages(self, article: Article, passages: Sequence[tuple[int, Passage]]) -> None:
        """Take in an article's passages with their ids."""
        ...

    def clear(self, key: int) -> None:
        """Remove an article and its passages; its row and theirs must not have changed or gone yet."""
        ...

    def empty(self) -> None:
        """Remove everything, of a damaged index too."""
        ...

    def adopt(self, other: str) -> None:
        """Take in everything from the tables with this prefix, after `empty`."""
        ...

    def fill_articles(self) -> None:
        """Take in all articles' rows; none must be there."""
        ...

    def faults(self, rows: Rows, ids: Sequence[int]) -> str:
        """Return what is wrong with an index that should hold these rows, or ""."""
        ...
