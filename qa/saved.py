"""What a user keeps beside an archive: small SQLite files that neither an ingest nor a question blocks."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vectorstore.database import NONSENSE
from vectorstore.disk import FULL, SPACE
from vectorstore.errors import StoreDamaged

LOCK_SECONDS = 2.0
START_OVER = "Check that the folder is writable, or move the file away to start over."


@dataclass(frozen=True, slots=True)
class SavedFile:
    """One SQLite file, created on first use; `what` names its contents in an error.

    Several threads and processes may use it: each connection is opened, committed and closed again.
    """

    path: Path
    schema: str
    what: str

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Connect, commit at the end, roll back on an error; raises StoreDamaged if the file cannot be used."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=LOCK_SECONDS)) as db, db:
                _log_ahead(db)
                db.execute("PRAGMA foreign_keys = ON")
                if db.execute("PRAGMA user_version").fetchone() == (0,):
                    db.executescript(self.schema)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise StoreDamaged(f"{self.what} in {self.path} cannot be used: {error}.", _hint(error)) from error

    @contextmanager
    def meant(self) -> Iterator[None]:
        """Turn the errors that nonsense among the saved values leads to into StoreDamaged."""
        try:
            yield
        except NONSENSE as error:
            raise StoreDamaged(f"{self.what} in {self.path} make no sense: {error}.", START_OVER) from error


def _hint(error: sqlite3.Error | OSError) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR} or getattr(error, "errno", 0) in FULL:
        return SPACE
    return START_OVER


def _log_ahead(db: sqlite3.Connection) -> None:
    """Switch to a write-ahead log; SQLite itself does not wait where another connection is just doing so."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def beside(folder: Path, name: str) -> Path:
    """Return the file of this name that belongs to the archive in a folder, however the folder is written."""
    return sibling(folder, f"{name}.sqlite3")


def sibling(folder: Path, name: str) -> Path:
    """Return what lies beside a folder under its name and this one."""
    place = Path(os.path.normpath(folder.absolute()))  # of "." and ".." the name is not in what was written
    return place.parent / f"{place.name}-{name}"


def now() -> str:
    """Return the time in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def plain(text: str) -> str:
    """Return the text without lone surrogates, which SQLite refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def texts(*values: object) -> None:
    """Raise TypeError unless all of what was saved is text, or None."""
    if strange := [value for value in values if not isinstance(value, str | None)]:
        raise TypeError(f"{strange[0]!r} is no text")
