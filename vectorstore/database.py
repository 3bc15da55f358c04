"""One SQLite connection: opened to read or to write, safe to share between threads, with errors that explain."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vectorstore.errors import AppError, StoreDamaged, StoreLocked, StoreMissing
from vectorstore.filters import worded

BUSY_SECONDS = 2.0
PAGE_BYTES = 8192
CACHE_KIBIBYTES = 32_768


class Database:
    """A connection behind a lock; its errors are AppErrors that name the file."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()
        # a file name need not be valid UTF-8, so neither need a source
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogatepass")
        # of bytes: sqlite3 itself refuses to hand on text with a lone surrogate
        connection.create_function("worded", 1, lambda raw: worded(raw.decode("utf-8", "replace")), deterministic=True)

    @classmethod
    def reading(cls, path: Path) -> Database:
        """Open read-only, creating nothing; raises StoreMissing if there is no file."""
        if not path.is_file():
            raise StoreMissing(f"There is no archive in {path.parent}.", "Make one with: qa ingest PATH")
        try:
            return cls._probed(path, "mode=ro")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
                raise _explained(error, path) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _explained(error, path) from error
        return cls._frozen(path)

    @classmethod
    def _frozen(cls, path: Path) -> Database:
        """Open in a read-only folder, where SQLite cannot share a log with a writer."""
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise StoreDamaged(
                f"{path} was not closed properly, and its folder is read-only.",
                "Copy the folder to a writable place and open it there.",
            )
        with explained(path):
            return cls._probed(path, "immutable=1")

    @classmethod
    def _probed(cls, path: Path, mode: str) -> Database:
        uri = f"{path.resolve().as_uri()}?{mode}"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    @classmethod
    def writing(cls, path: Path) -> Database:
        """Open to write, creating the file; every commit reaches the disk before it returns."""
        with explained(path):
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
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
        with self._lock, explained(self.path):
            return self._connection.execute(sql, parameters).fetchall()

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Run one statement and yield its rows as they are read; other threads wait until it is finished."""
        with self._lock, explained(self.path):
            yield from self._connection.execute(sql, parameters)

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None without a row."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    def many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row of parameters."""
        with self._lock, explained(self.path):
            self._connection.executemany(sql, parameters)

    def insert(self, sql: str, parameters: Sequence[Any]) -> int:
        """Run an INSERT and return the new row's id."""
        with self._lock, explained(self.path):
            return self._connection.execute(sql, parameters).lastrowid or 0

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
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self.rows(begin)
            try:
                yield
            except BaseException:
                # an error may have rolled it back already
                if self._connection.in_transaction:
                    self._connection.rollback()
                raise
            self.rows("COMMIT")

    def close(self) -> None:
        """Close the connection; the last writer to close folds the log into the file."""
        with self._lock:
            self._connection.close()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file into AppErrors; our own mistakes keep their traceback."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # a damaged text, or message about one
        raise _explained(error, path) from error


def _explained(error: Exception, path: Path) -> AppError:
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLocked(f"{path} is in use by another process.", "Try again when it has finished.")
        case sqlite3.SQLITE_FULL:
            return AppError(f"There is no space left for {path}.", "Free some space and run the command again.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return AppError(f"{path} cannot be opened or written: {error}.", "Check the folder's permissions.")
    return StoreDamaged(f"{path} cannot be read: {error}.", "Check the archive with: qa doctor")
