"""Lines that stand in many articles of one publisher or folder: furniture, wherever they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from qa.ingest.boilerplate import lines
from qa.ingest.canonical import squash
from qa.ingest.datewords import is_date_line

LONGEST_SENTENCES = 600  # characters of a paragraph that may be found repeated
LONGEST_REPEATED = 200  # characters of a line that may be found repeated


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
    return {line for line, count in counts.items() if count >= max(3, articles / 100)}


def shared_prose(counts: Mapping[str, int], articles: int, furniture: Collection[str]) -> set[str]:
    """Return the sentences that are furniture: in three pages and half of them, where the pages share short lines too.

    Pages that share no furniture were cleaned by somebody; what they repeat, an agency's background, is their text.
    """
    if not furniture:
        return set()
    return {line for line, count in counts.items() if count >= max(3, articles / 2)}
