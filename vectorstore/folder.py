"""An archive in a folder: SQLite, Chroma's files, and the lock of the one who writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore import reconcile, schema
from vectorstore.errors import AppError, StoreDamaged, StoreMissing
from vectorstore.ledger import Ledger
from vectorstore.lock import locked
from vectorstore.nearest import Nearest
from vectorstore.sqlite import FILE, SQLiteDatabase
from vectorstore.writer import LedgerWriter

if TYPE_CHECKING:
    from vectorstore.articles import Identity

LOCK = "writer.lock"
STAGING = "rebuild"


@dataclass(frozen=True, slots=True)
class Folder:
    """See Place."""

    path: Path

    def ledger(self) -> Ledger:
        """See Place."""
        ledger = opened(self.path)
        if not schema.is_current(ledger.database):
            ledger.close()
            with self.writing():
                ledger = opened(self.path)
        return ledger

    @contextmanager
    def writing(self) -> Iterator[LedgerWriter]:
        """See Place; the folder is made, and its lock held: StoreLocked names the holder, within 2 s."""
        _make(self.path)
        with locked(self.path / LOCK):
            ledger = opened_to_write(self.path)
            try:
                yield ledger
            finally:
                ledger.close()

    def searching(self, ledger: Ledger, threshold: int | None) -> Nearest:
        """See Place."""
        return Nearest(self.path, ledger, threshold)

    def synced(self, ledger: LedgerWriter, threshold: int, *, fresh: bool) -> Iterator[tuple[int, int]]:
        """See Place."""
        if ledger.count()[1] >= threshold:
            yield from reconcile.sync(ledger, self.path, fresh=fresh)

    @contextmanager
    def rebuilding(self, replaced: LedgerWriter, identity: Identity) -> Iterator[LedgerWriter]:
        """See Place."""
        folder = self.path / STAGING
        ledger = _staging(folder, identity, replaced)
        try:
            yield ledger
        finally:
            ledger.close()
        replaced.adopt(folder / FILE, identity)
        shutil.rmtree(folder)


def opened(folder: Path) -> Ledger:
    """Open the ledger in a folder, creating nothing; raises StoreMissing, StoreDamaged, or AppError for a newer schema.

    One of an older version is opened as it is.
    """
    database = SQLiteDatabase.reading(folder / FILE)
    try:
        if schema.version(database):
            schema.is_current(database)
            return Ledger(database)
    except AppError:
        database.close()
        raise
    database.close()
    raise StoreMissing(f"There is no archive in {folder}.", "Make one with: qa ingest PATH")


def opened_to_write(folder: Path) -> LedgerWriter:
    """Open or create the ledger in a folder, and migrate it; the caller must hold the writer's lock."""
    database = SQLiteDatabase.writing(folder / FILE)
    try:
        schema.migrate(database)
    except BaseException:
        database.close()
        raise
    return LedgerWriter(database)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise AppError(
            f"The archive's folder {folder} cannot be created: {reason}.", "Choose another with --store or QA_STORE."
        ) from error


def _staging(folder: Path, identity: Identity, replaced: LedgerWriter) -> LedgerWriter:
    """Open the ledger of a rebuild: an interrupted one if it can be continued, otherwise an empty one."""
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise StoreDamaged(
            f"{folder} is a file, where a rebuild keeps its work.", "Move it away, then run the command again."
        ) from None
    try:
        ledger = opened_to_write(folder)
        if ledger.continues(replaced, identity):
            return ledger
        ledger.close()
    except StoreDamaged:
        pass  # interrupted too early to continue: started over below
    shutil.rmtree(folder)
    folder.mkdir()
    ledger = opened_to_write(folder)
    ledger.begin(replaced, identity)
    return ledger
