"""An archive that many may write to at once: PostgreSQL holds the ledger, Chroma may hold the vectors too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.checks import Check
from vectorstore.errors import AppError, StoreMissing
from vectorstore.ledger import Ledger
from vectorstore.nearest import Nearest
from vectorstore.places import Searching
from vectorstore.postgres import tables
from vectorstore.postgres.database import SCHEMA, PostgresDatabase
from vectorstore.writer import LedgerWriter

if TYPE_CHECKING:
    from vectorstore.articles import Identity

STAGING = f"{SCHEMA}_rebuild"
WRITING, MIGRATING = 0x666F6F74, 0x666F6F75  # names of locks in the database


@dataclass(frozen=True, slots=True)
class Shared:
    """See Place; `url` is PostgreSQL's address."""

    url: str

    def ledger(self) -> Ledger:
        """See Place."""
        database = PostgresDatabase(self.url)
        try:
            if found := version(database):
                if found < len(tables.MIGRATIONS):
                    migrate(database)
                return Ledger(database)
        except BaseException:
            database.close()
            raise
        database.close()
        raise _missing(database)

    @contextmanager
    def writing(self) -> Iterator[LedgerWriter]:
        """See Place; others may write at the same time, but not while an archive is rebuilt."""
        with self._opened(SCHEMA) as database, database.locked(WRITING):
            yield LedgerWriter(database)

    @contextmanager
    def _opened(self, schema: str) -> Iterator[PostgresDatabase]:
        database = PostgresDatabase(self.url, schema)
        try:
            migrate(database)
            yield database
        finally:
            database.close()

    def searching(self, ledger: Ledger, threshold: int | None) -> Searching:
        """See Place."""
        return Nearest(None, ledger, None)

    def synced(self, ledger: LedgerWriter, threshold: int, *, fresh: bool) -> Iterator[tuple[int, int]]:
        """See Place."""
        yield from ()

    def unchanged(self) -> Ledger:
        """See Place."""
        database = PostgresDatabase(self.url)
        if version(database):
            return Ledger(database)
        database.close()
        raise _missing(database)

    def checks(self, ledger: Ledger) -> Iterator[Check]:
        """See Place."""
        yield Check("vector index", True, "no Chroma index; using exact search")

    @contextmanager
    def rebuilding(self, replaced: LedgerWriter, identity: Identity) -> Iterator[LedgerWriter]:
        """See Place; nobody else may write meanwhile."""
        assert isinstance(replaced.database, PostgresDatabase)  # as `writing` opens it
        with self._opened(STAGING) as staging, replaced.database.locked(WRITING, alone=True):
            ledger = LedgerWriter(staging)
            if not ledger.continues(replaced, identity):
                _dropped(staging)
                migrate(staging)
                ledger.begin(replaced, identity)
            yield ledger
            replaced.adopt(STAGING, identity)
            _dropped(staging)


def version(database: PostgresDatabase) -> int:
    """Return the schema version of the ledger, 0 where there is none; raises AppError for a newer one."""
    if not database.value("SELECT to_regclass(?) IS NOT NULL", (f"{database.schema}.meta",)):
        return 0
    found = int(database.value("SELECT value FROM meta WHERE key = 'schema_version'"))
    if found > (known := len(tables.MIGRATIONS)):
        raise AppError(
            f"A newer version wrote {database.name} (schema {found}, known: {known}).", "Install the newer version."
        )
    return found


def migrate(database: PostgresDatabase) -> None:
    """Make the tables, or bring them to the current schema; of several that try, one does it."""
    if version(database) == len(tables.MIGRATIONS):
        return
    with database.transaction():
        database.rows("SELECT pg_advisory_xact_lock(?)", (MIGRATING,))
        database.rows(f"CREATE SCHEMA IF NOT EXISTS {database.schema}")
        if (found := version(database)) < len(tables.MIGRATIONS):
            tables.migrate(found, database.rows)


def _dropped(database: PostgresDatabase) -> None:
    database.rows(f"DROP SCHEMA {database.schema} CASCADE")


def _missing(database: PostgresDatabase) -> StoreMissing:
    return StoreMissing(f"There is no archive in {database.name}.", "Make one with: qa ingest PATH")
