"""The lines that the articles of each publisher, host or folder share, in memory that grows with neither."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from qa.ingest.boilerplate.repeated import FEWEST, LineCounts
from vectorstore.sqlite import explained

ROOM = 100_000  # lines in memory, 20 MB or so; what one publisher's articles need, unless they have over 100 lines each
ARTICLES, SHORT, PROSE = range(3)
FILE = Path("temporary files in TMPDIR, or else /var/tmp")  # for messages: SQLite chooses the folder


class LineTally:
    """Counts the lines of each group of articles; more than there is room for go to a temporary file, by the way.

    Of a group of which much went there, a line may then be counted in one of a thousand articles fewer than it stands
    in, as well as more (see LineCounts).
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._held = room, 0
        self._groups: dict[str, LineCounts] = {}
        self._file: sqlite3.Connection | None = None

    def add(self, group: str, short: Collection[str], prose: Collection[str]) -> None:
        """Count the lines of one more article of a group."""
        counts = self._groups.setdefault(group, LineCounts())
        before = len(counts)
        counts.add(short, prose)
        self._held += len(counts) - before
        if self._held + len(self._groups) > self._room:
            self._put_away()

    def shared(self) -> dict[str, set[str]]:
        """Return, by group, the lines that are furniture; groups without any are left out."""
        if self._file:
            self._put_away()
        groups = self._put_together() if self._file else self._groups.items()
        return {group: shared for group, counts in groups if (shared := counts.shared())}

    def close(self) -> None:
        """Remove the temporary file, if there is one."""
        if self._file:
            self._file.close()

    def _put_away(self) -> None:
        rows = (row for group, counts in self._groups.items() for row in _rows(group, counts))
        with explained(FILE):
            self._file = self._file or _temporary()
            with self._file:
                self._file.executemany("INSERT INTO lines VALUES (?, ?, ?, ?)", rows)
        self._groups.clear()
        self._held = 0

    def _put_together(self) -> Iterator[tuple[str, LineCounts]]:
        assert self._file
        sql = f"""SELECT cluster, kind, line, sum(number) FROM lines GROUP BY cluster, kind, line
            HAVING kind = {ARTICLES} OR sum(number) >= {FEWEST}"""
        with explained(FILE):
            for group, rows in groupby(self._file.execute(sql), itemgetter(0)):
                yield _text(group), _counts(rows)


def _temporary() -> sqlite3.Connection:
    """Return a database in a file without a name, which is gone when it is closed, however the process ends."""
    file = sqlite3.connect("", check_same_thread=False)
    file.execute("PRAGMA synchronous = OFF")
    file.execute("CREATE TABLE lines (cluster BLOB, kind INTEGER, line BLOB, number INTEGER)")
    return file


def _rows(group: str, counts: LineCounts) -> Iterator[tuple[bytes, int, bytes, int]]:
    name = _bytes(group)
    yield name, ARTICLES, b"", counts.articles
    for kind, lines in ((SHORT, counts.short), (PROSE, counts.prose)):
        for line, number in lines.items():
            yield name, kind, _bytes(line), number


def _counts(rows: Iterable[tuple[bytes, int, bytes, int]]) -> LineCounts:
    counts = LineCounts()
    for _, kind, line, number in rows:
        if kind == ARTICLES:
            counts.articles = number
        else:
            (counts.short if kind == SHORT else counts.prose)[_text(line)] = number
    return counts


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # sqlite3 refuses the lone surrogates of some texts


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
