"""A PostgreSQL database: a pool of connections that threads share, with errors that explain."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout

from vectorstore.errors import AppError, StoreLocked
from vectorstore.fulltext import FullText
from vectorstore.postgres.addresses import SECONDS, conninfo, shown
from vectorstore.postgres.escapes import register
from vectorstore.postgres.failures import explained, unreachable
from vectorstore.postgres.words import Lexemes

OLDEST = 140000  # PostgreSQL 14
SCHEMA = "footnote"
MOST = 32  # connections of one process
CLAIMED = 1  # seed of the hashes by which sources are claimed; that of changed articles is 0
# the server lets go of what a machine holds that went off the network within a minute, not within two hours
GONE = ("tcp_keepalives_idle TO 30", "tcp_keepalives_interval TO 10", "tcp_keepalives_count TO 3")
AT_ONCE = 500  # rows that are read before they are asked for


class _Pinned(threading.local):
    """The connection that the running thread keeps for a snapshot or a transaction, if it keeps one."""

    connection: Connection | None = None
    snapshot: bool = False


class PostgresDatabase:
    """See Database; `url` is an address as libpq takes them, whose password no message repeats."""

    numbers = "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(? AS JSON)) AS value)"
    names = "(SELECT value FROM json_array_elements_text(CAST(? AS JSON)) AS value)"
    here = True  # a connection is checked before it is used

    def __init__(self, url: str, schema: str = SCHEMA) -> None:
        self.schema, self.name = schema, shown(url)
        self._thread = _Pinned()
        self._locking: Connection | None = None
        self._claimed: list[str] = []
        self._pool = ConnectionPool(
            conninfo(url),
            connection_class=Connection,
            kwargs={"autocommit": True},
            min_size=0,
            max_size=MOST,
            timeout=SECONDS,
            reconnect_timeout=0,
            configure=self._configured,
            check=ConnectionPool.check_connection,  # a server that was away comes back
            open=False,
        )
        self._open(url)
        self._lexemes = Lexemes(self)
        self.words: FullText = self._lexemes

    def _open(self, url: str) -> None:
        """Connect once, so that an error says why; the pool only tells that it waited."""
        try:
            with psycopg.connect(conninfo(url), autocommit=True) as connection:
                version = connection.info.server_version
        except psycopg.OperationalError as error:
            raise unreachable(error, self.name) from None
        if version < OLDEST:
            raise AppError(f"{self.name} is PostgreSQL {version // 10_000}.", "Footnote needs version 14 or newer.")
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # what it warns of is raised, too
        self._pool.open()

    def _configured(self, connection: Connection) -> None:
        register(connection.adapters)
        # the disks of today read here and there almost as fast as in a row; compiling costs more than it saves
        for setting in (f"search_path TO {self.schema}", "random_page_cost TO 1.1", "jit TO off", *GONE):
            connection.execute(f"SET {setting}")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """See Database."""
        with self._using() as connection:
            done = connection.execute(*_ours(sql, parameters))
            return done.fetchall() if done.description else []

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Generator[tuple[Any, ...], None, None]:
        """See Database; the rows come through a cursor on the server."""
        with self.snapshot(), self._using() as connection, connection.cursor("each") as cursor:
            cursor.itersize = AT_ONCE
            yield from cursor.execute(*_ours(sql, parameters))

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """See Database."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    def many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """See Database."""
        with self._using() as connection, connection.cursor() as cursor:
            cursor.executemany(_ours(sql, (None,))[0], parameters)

    def text(self, value: str | None) -> str | None:
        """See Database; every statement escapes its texts."""
        return value

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See Database."""
        with self._within("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See Database."""
        if self._thread.connection is not None:
            yield
            return
        self._lexemes.begin()
        with self._within("BEGIN"):
            yield
            self._lexemes.settle()

    @contextmanager
    def _within(self, begin: str) -> Iterator[None]:
        if self._thread.connection is not None:
            yield
            return
        with self._taken() as connection, self._through(connection):
            self.rows(begin)
            try:
                yield
            except BaseException:
                with explained(self.name):
                    if not connection.closed:
                        connection.rollback()
                raise
            self.rows("COMMIT")

    @contextmanager
    def _taken(self) -> Iterator[Connection]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except PoolTimeout as error:
            raise unreachable(error, self.name) from None

    @contextmanager
    def _using(self) -> Iterator[Connection]:
        with explained(self.name):
            if self._thread.connection is not None:
                yield self._thread.connection
                return
            with self._taken() as connection:
                yield connection

    @contextmanager
    def _through(self, connection: Connection | None, *, snapshot: bool = False) -> Iterator[None]:
        before = self._thread.connection, self._thread.snapshot
        self._thread.connection, self._thread.snapshot = connection, snapshot
        try:
            yield
        finally:
            self._thread.connection, self._thread.snapshot = before

    def alone(self, articles: Sequence[str]) -> None:
        """See Database; in one order, so that two writers never wait for each other."""
        locks = f"SELECT DISTINCT hashtextextended(value, 0) AS lock FROM {self.names} AS named ORDER BY lock"
        self.rows(f"SELECT pg_advisory_xact_lock(lock) FROM ({locks}) AS ordered", (json.dumps(articles),))

    def claim(self, source: str, *, wait: bool = False) -> bool:
        """See Database; within `locked`, whose connection holds the claims."""
        how = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        with self._through(self._locking):
            got = self.value(f"SELECT {how}(hashtextextended(?, {CLAIMED}))", (source,)) is not False
        self._claimed += [source] * got
        return got

    def unclaim(self, source: str | None = None) -> None:
        """See Database."""
        with self._through(self._locking):
            for claimed in list(self._claimed) if source is None else [source]:
                self._claimed.remove(claimed)
                self.rows(f"SELECT pg_advisory_unlock(hashtextextended(?, {CLAIMED}))", (claimed,))

    @contextmanager
    def held(self) -> Iterator[_Held]:
        """See Database."""
        with self._taken() as connection:
            held = _Held(self, connection)
            with held.reading():
                self.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                self.rows("SELECT 1")  # a transaction sees the state of its first read
            try:
                yield held
            finally:
                with _ended_with_its_connection():
                    connection.rollback()

    @contextmanager
    def locked(self, number: int, *, alone: bool = False) -> Iterator[None]:
        """Hold a lock until the end of the block, however it ends: with others, or `alone`, within another such block.

        Raises StoreLocked where somebody else holds it alone, or at all.
        """
        if alone:
            yield from self._lock("pg_try_advisory_lock", number)
            return
        with self._taken() as self._locking:
            yield from self._lock("pg_try_advisory_lock_shared", number)

    def _lock(self, how: str, number: int) -> Iterator[None]:
        with self._through(self._locking):
            taken = self.value(f"SELECT {how}(?)", (number,))
        if not taken:
            raise StoreLocked(
                f"Somebody else is writing to {self.name}.", "Wait until it is done, then run the command again."
            )
        try:
            yield
        finally:
            with _ended_with_its_connection():
                assert self._locking  # as `locked` took it
                self._locking.execute(f"SELECT {how.replace('_try', '').replace('lock', 'unlock', 1)}(%s)", [number])

    @contextmanager
    def live(self) -> Iterator[None]:
        """See Database."""
        with self._through(None):
            yield

    @property
    def held_here(self) -> bool:
        """See Database."""
        return self._thread.snapshot

    @contextmanager
    def beside(self, other: Path | str) -> Iterator[tuple[str, str]]:
        """See Database; `other` is a schema. Its numbers go on in this one."""
        yield self.schema, str(other)
        for table, column in (("articles", "key"), ("passages", "id")):
            highest = f"SELECT greatest(max({column}), (SELECT last_value FROM {table}_{column}_seq)) FROM {table}"
            self.rows(f"SELECT setval('{table}_{column}_seq', ({highest}))")

    @property
    def last_id(self) -> int:
        """See Database."""
        return int(self.value("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM passages_id_seq"))

    def start_ids_after(self, last: int) -> None:
        """See Database."""
        self.rows("SELECT setval('passages_id_seq', ?, ?)", (max(last, 1), last > 0))

    def faults(self) -> list[str]:
        """See Database; PostgreSQL looks after its files itself."""
        return []

    def close(self) -> None:
        """See Database."""
        self._pool.close()


class _Held:
    """See vectorstore.database.Snapshot."""

    def __init__(self, database: PostgresDatabase, connection: Connection) -> None:
        self._database, self._connection = database, connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let this thread see this state, whatever others commit."""
        with self._database._through(self._connection, snapshot=True):
            yield


@contextmanager
def _ended_with_its_connection() -> Iterator[None]:
    """End a lock or a transaction, which a server that is gone has ended."""
    with suppress(psycopg.OperationalError):
        yield


def _ours(sql: str, parameters: Sequence[Any]) -> tuple[bytes, Sequence[Any] | None]:
    """Return a statement with the marks that psycopg reads; without parameters there are none."""
    if not parameters:
        return sql.encode(), None
    return sql.replace("%", "%%").replace("?", "%s").encode(), parameters
