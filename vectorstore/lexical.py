"""Full-text search by words that starts from the rare ones, so that its cost hardly grows with the archive.

A passage that has none of a question's rare words is hardly ever among the best by BM25; the frequent words add to the
score of those that do. To start from rare words is the idea of MaxScore (Turtle and Flood, IP&M 31:6, 1995, p. 831).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from vectorstore.fulltext import Scores, TextQuery, anyof

# passages with rare words that are scored: by 2,500 no more of 700 questions on the news have their passage among the
# first eight, by 1,000 fewer do
ROWS = 1_500
SPARE = 3  # times as many rows as are wanted should pass the filter: where too few do, all words are searched

Search = Callable[[TextQuery, int], Scores]  # the best rows that match a query, at most so many


def best(search: Search, frequency: Mapping[str, int], limit: int, share: float = 1.0) -> Scores:
    """Return the best rows by words, each with its frequency in all; the search covers this share of them."""
    words = sorted((word for word, count in frequency.items() if count), key=lambda word: frequency[word])
    rare = words[: _few([frequency[word] for word in words], SPARE * limit / share if share else 0)]
    if common := words[len(rare) :]:
        # two searches, as no engine has words that only add to a score: a row without common words that is among the
        # best is so among all with rare ones; where both find a row, the second tells its score
        found = dict(search(anyof(rare), limit)) | dict(search(TextQuery((tuple(rare), tuple(common))), limit))
        if len(found) >= limit:
            return sorted(found.items(), key=lambda row: (-row[1], row[0]))[:limit]
    return search(anyof(words), limit) if words else []


def _few(counts: Sequence[int], needed: float) -> int:
    """How many of ascending counts together reach no more than ROWS, or what is needed, one at least."""
    total = 0
    for place, count in enumerate(counts):
        if place and total >= needed and total + count > ROWS:
            return place
        total += count
    return len(counts)
