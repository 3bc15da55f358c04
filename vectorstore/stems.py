"""The stems of texts, as SQLite's full-text search cuts and stems them: other engines then find what it finds."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing

from vectorstore.schema import TOKENIZER

Stems = list[list[str]]  # of each column in turn


class Stemmer:
    """Cuts texts into stems; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._memory.execute(f"CREATE VIRTUAL TABLE texts USING fts5 (a, b, c, content = '', {TOKENIZER})")
        self._memory.execute("CREATE VIRTUAL TABLE stems USING fts5vocab ('texts', 'instance')")

    def rows(self, rows: Iterable[Sequence[str]]) -> list[Stems]:
        """Return the stems of each row's texts, of which it has three at most."""
        with self._lock:
            given = [(at, *row, *[""] * (3 - len(row))) for at, row in enumerate(rows)]
            self._memory.execute("BEGIN")
            self._memory.executemany("INSERT INTO texts (rowid, a, b, c) VALUES (?, ?, ?, ?)", given)
            found: list[Stems] = [[[], [], []] for _ in given]
            with closing(self._memory.execute("SELECT doc, col, term FROM stems ORDER BY doc, col, offset")) as stems:
                for at, column, stem in stems:
                    found[at]["abc".index(column)].append(stem)
            self._memory.execute("ROLLBACK")
        return found
