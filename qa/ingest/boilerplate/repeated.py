"""Lines that stand in many articles of one publisher or folder: furniture, wherever they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from qa.ingest.boilerplate import lines
from qa.ingest.canonical import squash
from qa.ingest.datewords import is_date_line

LONGEST_SENTENCES = 600  # characters of a paragraph that may be found repeated
LONGEST_REPEATED = 200  # characters of a line that may be found repeated
FEWEST = 3  # articles that share a line, if it is furniture
BUCKET = 1_000  # articles after which lines that are rare so far are forgotten


class LineCounts:
    """In how many articles each line stands, in memory that does not grow with them.

    Lossy counting (Manku and Motwani, VLDB 2002): after a thousand articles, a line may be counted in one of a thousand
    articles more than it stands in, and never in fewer.
    """

    def __init__(self) -> None:
        self.articles = 0
        self.short: dict[str, int] = {}
        self.prose: dict[str, int] = {}

    def __len__(self) -> int:
        """Return the number of lines in memory."""
        return len(self.short) + len(self.prose)

    def add(self, short: Collection[str], prose: Collection[str]) -> None:
        """Count the lines of one more article."""
        missed = self.articles // BUCKET
        for counts, found in ((self.short, short), (self.prose, prose)):
            for line in found:
                counts[line] = counts.get(line, missed) + 1
        self.articles += 1
        if self.articles % BUCKET == 0:
            self.short, self.prose = (
                {line: count for line, count in counts.items() if count > missed + 1}
                for counts in (self.short, self.prose)
            )

    def shared(self) -> set[str]:
        """Return the lines that are furniture."""
        short = shared_lines(self.short, self.articles)
        return short | shared_prose(self.prose, self.articles, furniture=short)


def short_lines(paragraphs: Sequence[str]) -> set[str]:
    """Return the squashed short lines that are no prose: furniture, where many different articles repeat them."""
    return {squash(line) for line in paragraphs if len(line) <= LONGEST_REPEATED and not lines.is_prose(line)}


def prose_lines(paragraphs: Sequence[str]) -> set[str]:
    """Return the squashed sentences of a page: cookie notices and teasers, where every page of a site repeats them."""
    return {squash(line) for line in paragraphs if len(line) <= LONGEST_SENTENCES and lines.is_prose(line)}


def is_credit(line: str) -> bool:
    """Tell whether a line gives the day or the author: that articles share one does not make it furniture."""
    return is_date_line(line) or bool(lines.byline(line))


def shared_lines(counts: Mapping[str, int], articles: int) -> set[str]:
    """Return the short lines that are furniture: in three articles, and in one of a hundred of the publisher's.

    A lower share cost real lines of 2,825 articles of one publisher (names of countries and states in lists).
    """
    return {line for line, count in counts.items() if count >= max(FEWEST, articles / 100)}


def shared_prose(counts: Mapping[str, int], articles: int, furniture: Collection[str]) -> set[str]:
    """Return the sentences that are furniture: in three pages and half of them, where the pages share short lines too.

    Pages that share no furniture were cleaned by somebody; what they repeat, an agency's background, is their text.
    """
    if not furniture:
        return set()
    return {line for line, count in counts.items() if count >= max(FEWEST, articles / 2)}
