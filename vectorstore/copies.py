"""A consistent copy of an SQLite database while others write, and an archive's ledger put in the place of another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from vectorstore.errors import AppError, StoreDamaged
from vectorstore.folder import LOCK, opened, opened_to_write
from vectorstore.lock import locked
from vectorstore.sqlite import FILE, UNREAD, connected, explained
from vectorstore.store import Store


def copy(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment (SQLite's online backup), and check it.

    Raises StoreDamaged if the database is damaged, AppError if the copy cannot be written.
    """
    readable = f"{source.resolve().as_uri()}?mode=ro"
    with (
        explained(source),
        _room(source),
        closing(connected(readable, uri=True)) as database,
        closing(connected(str(target))) as copied,
    ):
        database.backup(copied)
        copied.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        said = copied.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise StoreDamaged(f"{source} is damaged: {said}.", "Save what can be read with: qa doctor --salvage NEW")


@contextmanager
def _room(source: Path) -> Iterator[None]:
    """Turn an error of writing the copy into one that doesn’t call its source damaged."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = error.sqlite_errorcode
        if code & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR} and code not in UNREAD:
            raise AppError(f"There is no space left for a copy of {source}.", "Free some space.") from error
        raise


def articles_in(folder: Path) -> int:
    """Return how many articles the ledger in `folder` has, 0 where there is none or it cannot be read."""
    try:
        with closing(opened(folder)) as ledger:
            return ledger.count()[0]
    except AppError:
        return 0


def take_over(folder: Path, staged: Path) -> None:
    """Replace the articles in `folder` by those of the ledger in the folder `staged`, in one transaction.

    Readers go on with what they see. A ledger that cannot be read is kept under another name.
    """
    with closing(opened_to_write(staged)) as fresh:  # migrates one of an older version
        identity = fresh.identity
    try:
        with Store.writing(folder) as writer:
            writer.ledger.adopt(staged / FILE, identity)
    except StoreDamaged:
        with locked(folder / LOCK):
            move_aside(folder / FILE, "damaged")
            (staged / FILE).replace(folder / FILE)


def move_aside(path: Path, why: str) -> None:
    """Rename a database that is in the way, with its log, to its name and `why` and the time; one may be missing."""
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    # the log first: beside another database it would be taken for that one's
    for ending in ("-wal", "-shm", ""):
        there = path.with_name(f"{path.name}{ending}")
        if there.exists():
            there.rename(path.with_name(f"{path.name}.{why}-{now}{ending}"))
