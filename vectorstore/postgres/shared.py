"""An archive that many may write to at once: PostgreSQL holds the ledger, Chroma may hold the vectors too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.checks import REPAIR, Check, guarded
from vectorstore.chroma_server import ChromaServerIndex
from vectorstore.errors import AppError, StoreMissing
from vectorstore.index import THRESHOLD, Choice, IndexUnusable
from vectorstore.ledger import Ledger
from vectorstore.nearest import Nearest
from vectorstore.places import Searching
from vectorstore.postgres import outbox, tables
from vectorstore.postgres.addresses import shown
from vectorstore.postgres.database import SCHEMA, PostgresDatabase
from vectorstore.postgres.searching import SharedNearest
from vectorstore.writer import LedgerWriter

if TYPE_CHECKING:
    from vectorstore.articles import Identity
    from vectorstore.chroma_http import ChromaServer

STAGING = f"{SCHEMA}_rebuild"
WRITING, MIGRATING = 0x666F6F74, 0x666F6F75  # names of locks in the database


@dataclass(frozen=True, slots=True)
class Shared:
    """See Place; `url` is PostgreSQL's address, `chroma` where the vectors are searched, nowhere if it is None."""

    url: str
    chroma: ChromaServer | None = None

    def __str__(self) -> str:
        return shown(self.url)

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

    def searching(self, ledger: Ledger, index: Choice, threshold: int | None) -> Searching:
        """See Place."""
        if self.chroma is None or index == "exact":
            return Nearest(ledger)
        return SharedNearest(ledger, self.chroma, collection(ledger), THRESHOLD if threshold is None else threshold)

    def synced(self, ledger: LedgerWriter, threshold: int, *, fresh: bool) -> Iterator[tuple[int, int]]:
        """See Place; several who write share the work."""
        known = ledger.identity
        if self.chroma is None or known is None or ledger.count()[1] < threshold:
            return
        index = ChromaServerIndex.make(self.chroma, collection(ledger), known.dimension)
        try:
            if fresh:
                outbox.everything(ledger.database, index.ids())
            yield from outbox.empty(ledger, index)
        finally:
            index.close()

    def unchanged(self) -> Ledger:
        """See Place."""
        database = PostgresDatabase(self.url)
        if version(database):
            return Ledger(database)
        database.close()
        raise _missing(database)

    def checks(self, ledger: Ledger) -> Iterator[Check]:
        """See Place."""
        yield guarded("vector index", lambda: self._index(ledger))

    def _index(self, ledger: Ledger) -> Check:
        """Compare the ids that Chroma has with the ledger's, but for those that are noted in the outbox."""
        name, known = "vector index", ledger.identity
        if self.chroma is None or known is None:
            return Check(name, True, "no Chroma server; using exact search")
        try:
            index = ChromaServerIndex.open(self.chroma, collection(ledger), known.dimension)
            stored = set(index.ids())
            index.close()
        except IndexUnusable as error:
            return Check(name, False, f"{error}; using exact search", error.hint or REPAIR)
        noted = set(outbox.waiting(ledger.database, ledger.count()[1] + len(stored) + 1))
        there = set(ledger.passage_ids())
        missing, extra = len(there - stored - noted), len(stored - there - noted)
        detail = f"Chroma: {len(stored)} passages, {missing} missing, {extra} too many, {len(noted)} to be looked at"
        return Check(name, not (missing or extra), detail, REPAIR if missing or extra else "")

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


def collection(ledger: Ledger) -> str:
    """Return the name of the archive's collection, which no other archive has on the same server."""
    return f"footnote-{ledger.meta('archive')}"
