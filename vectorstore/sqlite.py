"""One SQLite connection: opened to read or to write, safe to share between threads, with errors that explain."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from vectorstore.database import HINT
from vectorstore.disk import SPACE, unusable
from vectorstore.errors import AppError, StoreDamaged, StoreLocked, StoreMissing
from vectorstore.filters import worded
from vectorstore.fts5 import Fts5
from vectorstore.fulltext import FullText
from vectorstore.snapshots import HeldState, Links

FILE = "ledger.sqlite3"
BUSY_SECONDS = 2.0
PAGE_BYTES = 8192
CACHE_KIBIBYTES = 32_768
UNREAD = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}
LIVE, FROZEN = "mode=ro", "immutable=1"


class SQLiteDatabase:
    """A file; see Database. Outside of snapshots its threads wait for each other."""

    numbers = names = "(SELECT value FROM json_each(?))"

    def __init__(self, connection: sqlite3.Connection, path: Path, mode: str = LIVE) -> None:
        self.path, self.name = path, str(path)
        self._file = _file_at(path)
        self.words: FullText = Fts5(self)
        self._links = Links(connection, partial(_probed, path, mode))

    @classmethod
    def reading(cls, path: Path) -> SQLiteDatabase:
        """Open read-only, creating nothing; raises StoreMissing if there is no file."""
        try:
            missing = not path.is_file()
        except PermissionError as error:
            raise unusable(error, path) from error
        if missing:
            raise StoreMissing(f"There is no archive in {path.parent}.", "Make one with: qa ingest PATH")
        try:
            return cls(_probed(path, LIVE), path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
                raise _explained(error, path) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _explained(error, path) from error
        return cls._frozen(path)

    @classmethod
    def _frozen(cls, path: Path) -> SQLiteDatabase:
        """Open in a read-only folder, where SQLite cannot share a log with a writer."""
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise StoreDamaged(
                f"{path} was not closed properly, and its folder is read-only.",
                "Copy the folder to a writable place and open it there.",
            )
        with explained(path):
            return cls(_probed(path, FROZEN), path, FROZEN)

    @classmethod
    def writing(cls, path: Path) -> SQLiteDatabase:
        """Open to write, creating the file; every commit reaches the disk before it returns."""
        with explained(path):
            connection = connected(str(path))
            try:
                for pragma in (
                    f"page_size = {PAGE_BYTES}",
                    "journal_mode = WAL",
                    "synchronous = FULL",
                    "foreign_keys = ON",
                    f"cache_size = -{CACHE_KIBIBYTES}",
                ):
                    connection.execute(f"PRAGMA {pragma}")
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        with self._using() as connection:
            return connection.execute(sql, parameters).fetchall()

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Generator[tuple[Any, ...], None, None]:
        """Run one statement and yield its rows as they are read; other threads wait until it is finished."""
        with self._using() as connection:
            yield from connection.execute(sql, parameters)

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None without a row."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    def many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row of parameters."""
        with self._using() as connection:
            connection.executemany(sql, parameters)

    def text(self, value: str | None) -> bytes | None:
        """See Database: sqlite3 itself refuses the lone surrogates in some file names, as text."""
        return None if value is None else value.encode("utf-8", "surrogatepass")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all statements inside see the same state of the ledger, whatever others commit."""
        with self._within("BEGIN"):
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all statements inside together, or none of them if an exception leaves the block."""
        with self._within("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def _within(self, begin: str) -> Iterator[None]:
        link = self._links.current
        with link.lock:
            if link.connection.in_transaction:
                yield
                return
            self.rows(begin)
            try:
                yield
            except BaseException:
                # an error may have rolled it back already
                if link.connection.in_transaction:
                    link.connection.rollback()
                raise
            self.rows("COMMIT")

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        link = self._links.current
        with link.lock, explained(self.path):
            yield link.connection

    def alone(self, articles: Sequence[str]) -> None:
        """See Database; there is one writer anyway."""

    def claim(self, source: str, *, wait: bool = False) -> bool:  # noqa: ARG002 - all of the protocol
        """See Database; there is one writer anyway."""
        return True

    def unclaim(self, source: str | None = None) -> None:
        """See Database."""

    @contextmanager
    def held(self) -> Iterator[HeldState]:
        """Hold the present state until the end of the block, for threads to see within `Snapshot.reading`."""
        if not self.here:
            raise StoreMissing(f"{self.path} has been removed or replaced.", "Open the archive again.")
        with explained(self.path):
            link = self._links.take()
        try:
            yield HeldState(link, self._links)
        finally:
            self._links.give_back(link)

    @contextmanager
    def live(self) -> Iterator[None]:
        """Let this thread see the present state, in the middle of a snapshot too."""
        with self._links.through(None):
            yield

    @property
    def here(self) -> bool:
        """See Database; what was opened can be read even so, and is out of date."""
        return _file_at(self.path) == self._file

    @property
    def held_here(self) -> bool:
        """Whether this thread sees a snapshot."""
        return self._links.held_here

    @contextmanager
    def beside(self, other: Path | str) -> Iterator[tuple[str, str]]:
        """See Database; `other` is a file."""
        self.rows("ATTACH CAST(? AS TEXT) AS fresh", (os.fsencode(other),))
        try:
            yield "main", "fresh"
        finally:
            self.rows("DETACH fresh")

    @property
    def last_id(self) -> int:
        """The highest passage id ever used."""
        return int(self.value("SELECT seq FROM sqlite_sequence WHERE name = 'passages'") or 0)

    def start_ids_after(self, last: int) -> None:
        """See Database."""
        self.rows("DELETE FROM sqlite_sequence WHERE name = 'passages'")
        self.rows("INSERT INTO sqlite_sequence VALUES ('passages', ?)", (last,))

    def faults(self) -> list[str]:
        """See Database."""
        return [row[0] for row in self.rows("PRAGMA integrity_check(3)") if row[0] != "ok"]

    def close(self) -> None:
        """Close the connections; the last writer to close folds the log into the file."""
        self._links.close()


def _file_at(path: Path) -> tuple[int, int] | None:
    """Return what names a file for as long as it is open, whatever happens to its name; None where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino


def _probed(path: Path, mode: str) -> sqlite3.Connection:
    """Open a file to read it; SQLite looks at it with the first statement, and not before."""
    connection = connected(f"{path.resolve().as_uri()}?{mode}", uri=True)
    try:
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def connected(name: str, *, uri: bool = False) -> sqlite3.Connection:
    """Return a connection that knows the functions which our tables name."""
    connection = sqlite3.connect(name, BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=uri)
    # a file name need not be valid UTF-8, so neither need a source
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogatepass")
    # of bytes: sqlite3 itself refuses to hand on text with a lone surrogate
    connection.create_function("worded", 1, lambda raw: worded(raw.decode("utf-8", "replace")), deterministic=True)
    return connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file into AppErrors; our own mistakes keep their traceback."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # a damaged text, or message about one
        raise _explained(error, path) from error


def _explained(error: Exception, path: Path) -> AppError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLocked(f"{path} is in use by another process.", "Try again when it has finished.")
        case sqlite3.SQLITE_FULL:
            return AppError(f"There is no space left for {path}.", SPACE)
        case sqlite3.SQLITE_IOERR if code not in UNREAD:
            return AppError(
                f"{path} cannot be read or written: {error}.", "Check the disk, and the space that is left on it."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return AppError(f"{path} cannot be opened or written: {error}.", "Check the folder's permissions.")
    return StoreDamaged(f"{path} cannot be read: {error}.", HINT)
