"""What can be read of a damaged ledger, article by article, and what of its key-value table can be made good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vectorstore import schema
from vectorstore.articles import Article, content_hash
from vectorstore.database import Database
from vectorstore.errors import AppError, StoreDamaged
from vectorstore.folder import LOCK
from vectorstore.ledger import ARTICLE, Ledger, article_of
from vectorstore.lock import locked
from vectorstore.sqlite import FILE, SQLiteDatabase

TABLES = {"articles": "key", "originals": "article", "vectors": "article"}  # where the keys of articles stand
LEAST = 64  # bytes of a ledger that an article takes


@dataclass(frozen=True, slots=True)
class Saved:
    """An article that was read whole; `original` is None where only its text could be read."""

    article: Article
    original: bytes | None


@dataclass(frozen=True, slots=True)
class Lost:
    """An article that there was, by its key, and why it cannot be read."""

    key: int
    reason: str


def readable(folder: Path) -> Iterator[Saved | Lost]:
    """Yield every article of the ledger in `folder`, unchanged or not at all; raises StoreDamaged if none can be found.

    An article counts as whole if its text and title still have the hash under which they were stored.
    """
    ledger = Ledger(SQLiteDatabase.reading(folder / FILE))
    try:
        for key in _keys(ledger.database, (folder / FILE).stat().st_size // LEAST):
            yield _saved(ledger, key)
    finally:
        ledger.close()


def _keys(database: Database, most: int) -> list[int]:
    """The keys of all articles; where a table cannot be read to its end, those in between are tried too, up to `most`.

    A key may be damaged itself, and large.
    """
    found: set[int] = set()
    whole = True
    for table, column in TABLES.items():
        try:
            for (key,) in database.each(f"SELECT {column} FROM {table} ORDER BY {column}"):
                found.add(key)
        except StoreDamaged:
            whole = False
    keys = {key for key in found if isinstance(key, int)}
    return sorted(keys if whole else keys | set(range(1, min(max(keys, default=0), most) + 1)))


def _saved(ledger: Ledger, key: int) -> Saved | Lost:
    try:
        rows = ledger.database.rows(f"SELECT {ARTICLE}, content_hash FROM articles WHERE key = ?", (key,))
        if not rows:
            return Lost(key, "its row is gone")
        article = article_of(rows[0][:-1], ledger.database.name)
    except StoreDamaged as error:
        return Lost(key, error.message)
    if content_hash(article) != rows[0][-1]:
        return Lost(key, "its text is not what was stored")
    try:
        return Saved(article, ledger.original_of(key))
    except AppError:
        return Saved(article, None)


def mend(folder: Path) -> None:
    """Make good what can be told from the rest of a ledger: the values of its meta table, and its tables' indexes.

    Raises StoreMissing, StoreLocked, and StoreDamaged where the tables themselves cannot be read.
    """
    SQLiteDatabase.reading(folder / FILE).close()  # writing would make an archive
    with locked(folder / LOCK):
        database = SQLiteDatabase.writing(folder / FILE)
        try:
            with database.transaction():
                _mend_meta(database)
                database.rows("REINDEX")
        finally:
            database.close()


def _mend_meta(database: Database) -> None:
    tables = {row[0] for row in database.rows("SELECT name FROM sqlite_master")}
    known = dict(database.rows("SELECT key, value FROM meta"))
    wanted = {
        "schema_version": str(schema.told_by(tables)),
        "revision": "1",
        "index_dirty": "1",
    }
    for key, value in wanted.items():
        if not str(known.get(key)).isdigit():
            database.rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
    try:
        _ = Ledger(database).identity
    except StoreDamaged:
        database.rows("DELETE FROM meta WHERE key = 'identity'")
