"""An archive in a folder: SQLite, Chroma's files, and the lock of the one who writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore import lock, reconcile, schema
from vectorstore.checks import REPAIR, Check, guarded
from vectorstore.disk import unusable, usable
from vectorstore.errors import AppError, StoreDamaged, StoreMissing
from vectorstore.generations import Generations
from vectorstore.index import THRESHOLD, Choice
from vectorstore.index_check import probe
from vectorstore.ledger import Ledger
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
        with lock.locked(self.path / LOCK):
            ledger = opened_to_write(self.path)
            try:
                yield ledger
            finally:
                ledger.close()

    def searching(self, ledger: Ledger, index: Choice, threshold: int | None) -> Nearest:
        """See Place."""
        if index == "exact":
            return Nearest(ledger)
        above = THRESHOLD if threshold is None else threshold
        return Nearest(ledger, self.path, above, measured=threshold is None)

    def synced(self, ledger: LedgerWriter, threshold: int, *, fresh: bool) -> Iterator[tuple[int, int]]:
        """See Place."""
        if ledger.count()[1] >= threshold:
            yield from reconcile.sync(ledger, self.path, fresh=fresh)

    def unchanged(self) -> Ledger:
        """See Place."""
        return opened(self.path)

    def checks(self, ledger: Ledger) -> Iterator[Check]:
        """See Place."""
        yield guarded("vector index", lambda: _index(ledger, self.path))
        yield guarded("writer", lambda: _writer(self.path))

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
        with usable(folder):
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
    except OSError as error:
        raise unusable(error, folder) from error
    try:
        ledger = opened_to_write(folder)
        if ledger.continues(replaced, identity):
            return ledger
        ledger.close()
    except StoreDamaged:
        pass  # interrupted too early to continue: started over below
    with usable(folder):
        shutil.rmtree(folder)
        folder.mkdir()
    ledger = opened_to_write(folder)
    ledger.begin(replaced, identity)
    return ledger


def _writer(folder: Path) -> Check:
    path = folder / LOCK
    if lock.is_free(path):
        return Check("writer", True, "nobody is writing")
    return Check("writer", True, f"{lock.holder(path) or 'an unknown process'} is writing")


def _index(ledger: Ledger, folder: Path) -> Check:
    name = "vector index"
    generations = Generations(folder)
    current = generations.current
    if current is None and generations.pointer.exists():
        return Check(name, False, f"{generations.pointer} names no index; using exact search", REPAIR)
    if current is None:
        return Check(name, True, "no Chroma index; using exact search")
    if ledger.meta("index_dirty") != "0":
        return Check(name, False, "a writer was stopped while updating Chroma; using exact search", REPAIR)
    if not reconcile.agrees(ledger):
        return Check(name, True, "Chroma is behind the ledger until the next ingest; using exact search")
    with generations.lease(current) as lease:
        if lease is None:
            return Check(name, True, "Chroma is open in another process; not checked")
        if not generations.intact(current):
            return Check(name, False, "Chroma's files are damaged; using exact search", REPAIR)
        findings = probe(folder, current)
    return Check(name, findings.sound, f"Chroma: {findings}", "" if findings.sound else REPAIR)
