"""The connections of a database: one that its threads share, and one for each state of it that is held open."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

IDLE = 4  # connections that are kept open for the next snapshots


@dataclass(frozen=True, slots=True)
class Link:
    """A connection, for one thread at a time."""

    connection: sqlite3.Connection
    lock: threading.RLock = field(default_factory=threading.RLock)


class _Thread(threading.local):
    """The snapshot's connection that the running thread reads, if it reads one."""

    link: Link | None = None


class HeldState:
    """One state of a database: a thread sees it within `reading`, and the present state outside."""

    def __init__(self, link: Link, links: Links) -> None:
        self._link, self._links = link, links

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let this thread see this state, whatever others commit."""
        with self._links.through(self._link):
            yield


class Links:
    """Chooses the connection of each statement; `another` opens one more to the same database."""

    def __init__(self, shared: sqlite3.Connection, another: Callable[[], sqlite3.Connection]) -> None:
        self._shared, self._another = Link(shared), another
        self._thread, self._closed = _Thread(), False
        self._idle: list[Link] = []
        self._choosing = threading.Lock()

    @property
    def current(self) -> Link:
        """What this thread reads: its snapshot, or the connection that all threads share."""
        return self._thread.link or self._shared

    @property
    def held_here(self) -> bool:
        """Whether this thread reads a snapshot."""
        return self._thread.link is not None

    @contextmanager
    def through(self, link: Link | None) -> Iterator[None]:
        """Let this thread read through a link, or through the shared one."""
        before, self._thread.link = self._thread.link, link
        try:
            yield
        finally:
            self._thread.link = before

    def take(self) -> Link:
        """Return a link that sees the present state until it is given back; a writer does not wait for that."""
        with self._choosing:
            link = self._idle.pop() if self._idle else None
        link = link or Link(self._another())
        try:
            link.connection.execute("BEGIN")
            # a transaction sees the state of its first read
            link.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            link.connection.close()
            raise
        return link

    def give_back(self, link: Link) -> None:
        """Let the state of a link go."""
        with link.lock:
            if link.connection.in_transaction:
                link.connection.rollback()
        with self._choosing:
            if not self._closed and len(self._idle) < IDLE:
                self._idle.append(link)
                return
        link.connection.close()

    def close(self) -> None:
        """Close them; one that is held is closed when it is let go."""
        with self._choosing:
            self._closed, idle = True, self._idle
            self._idle = []
        for link in (*idle, self._shared):
            with link.lock:
                link.connection.close()
