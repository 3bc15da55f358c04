"""Full-text search by words that starts from the rare ones, so that its cost hardly grows with the archive.

A passage that has none of a question's rare words is hardly ever among the best by BM25; the frequent words add to the
score of those that do. To start from rare words is the idea of MaxScore (Turtle and Flood, IP&M 31:6, 1995, p. 831).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vectorstore.filters import phrase

ROWS = 2_500  # passages with rare words, which are scored: by 5,000 no question of 305 on the news is answered better
NARROW = 10  # a filter that lets through fewer than one article in so many leaves too few of them

Scores = list[tuple[int, float]]
Search = Callable[[str, int], Scores]  # the best rows that match an FTS5 expression, at most so many


@dataclass(frozen=True, slots=True)
class Cut:
    """What a filter adds to the condition of a full-text search: SQL and its parameter."""

    sql: str = ""
    keys: tuple[str, ...] = ()
    narrow: bool = False


def cut(table: str, keys: Sequence[int], articles: int) -> Cut:
    """Return the cut of a full-text table to the articles with these keys, of so many.

    Few passages are listed before the search: it then scores no other. Of many, each that is found is looked up.
    """
    given, narrow = (json.dumps(keys),), len(keys) * NARROW <= articles
    asked = "(SELECT value FROM json_each(?))"
    # + makes SQLite look up the words first; starting from the ids it would ask once for each (10 s, not 30 ms)
    if table == "articles_fts":
        return Cut(f"AND +rowid IN {asked}", given, narrow)
    if narrow:
        return Cut(f"AND +rowid IN (SELECT id FROM passages WHERE article IN {asked})", given, narrow)
    passes = f"SELECT 1 FROM passages WHERE id = passages_fts.rowid AND article IN {asked}"
    return Cut(f"AND EXISTS ({passes})", given, narrow)


def best(search: Search, frequency: Mapping[str, int], limit: int, *, thorough: bool) -> Scores:
    """Return the best rows by words, each with its frequency; `thorough` also looks among those with no rare word."""
    words = sorted((word for word, count in frequency.items() if count), key=lambda word: frequency[word])
    rare = words if thorough else words[: _few([frequency[word] for word in words])]
    if common := words[len(rare) :]:
        # two searches, as FTS5 has no words that only add to a score
        both = (f"({either(rare)}) {operator} ({either(common)})" for operator in ("AND", "NOT"))
        found = [row for expression in both for row in search(expression, limit)]
        if len(found) >= limit:
            return sorted(found, key=lambda row: (-row[1], row[0]))[:limit]
    return search(either(words), limit) if words else []


def either(words: Sequence[str]) -> str:
    """Return an FTS5 expression that any of the words or phrases matches, each quoted."""
    return " OR ".join(map(phrase, words))


def _few(counts: Sequence[int]) -> int:
    """How many of ascending counts together reach no more than ROWS; one at least."""
    total = 0
    for place, count in enumerate(counts):
        total += count
        if place and total > ROWS:
            return place
    return len(counts)
