"""Searches by vector in the state of the ledger that a thread sees: exactly, or through Chroma."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore import reconcile
from vectorstore.articles import EVERYTHING, Filter
from vectorstore.index import ExactIndex, IndexUnusable
from vectorstore.ledger import Ledger

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors


class Nearest:
    """The indexes of one open archive, each for one revision; threads may share it.

    An exact index is kept until the last snapshot of its revision is let go, the newest one until there is another.
    With `threshold`, unfiltered searches use Chroma if the archive has at least so many passages and Chroma is in sync.
    """

    def __init__(self, folder: Path, ledger: Ledger, threshold: int | None) -> None:
        self._folder, self._ledger, self._threshold = folder, ledger, threshold
        self._lock = threading.RLock()
        self._exact: dict[int, ExactIndex] = {}
        self._readers: Counter[int] = Counter()
        self._serving: reconcile.Serving | None = None
        self._tried: int | None = None

    @property
    def serving(self) -> str:
        """What unfiltered searches use right now: "chroma" or "exact"."""
        with self._lock:
            return "chroma" if self._chroma() else "exact"

    def search(self, vector: Vectors, k: int, chosen: Filter = EVERYTHING) -> list[tuple[int, float]]:
        """See Store.dense."""
        with self._lock:
            if not chosen and (serving := self._chroma()):
                try:
                    return serving.index.search(vector, k)
                except IndexUnusable:
                    self._leave_chroma()
            exact = self._exactly()
        return exact.search(vector, k, self._ledger.allowed(chosen) if chosen else None)

    @contextmanager
    def kept(self, revision: int) -> Iterator[None]:
        """Keep the index of a revision, where there is one, until the end of the block."""
        with self._lock:
            self._readers[revision] += 1
        try:
            yield
        finally:
            with self._lock:
                self._readers[revision] -= 1
                self._drop(max(self._exact, default=revision))

    def close(self) -> None:
        """Close Chroma and free the vectors."""
        with self._lock:
            self._leave_chroma()
            self._exact.clear()

    def _exactly(self) -> ExactIndex:
        revision = self._ledger.revision
        if revision not in self._exact:
            self._drop(revision)  # frees the old vectors before loading the new ones
            matrix = self._ledger.vectors()
            revision = matrix.revision
            self._exact[revision] = ExactIndex(matrix)
        return self._exact[revision]

    def _drop(self, newest: int) -> None:
        self._readers = +self._readers
        for revision in [one for one in self._exact if one < newest and one not in self._readers]:
            del self._exact[revision]

    def _chroma(self) -> reconcile.Serving | None:
        if self._threshold is None:
            return None
        revision = self._ledger.revision
        if self._serving is None or self._serving.revision < revision:
            with self._ledger.live():
                self._renew(self._threshold)
        return self._serving if self._serving and self._serving.revision == revision else None

    def _renew(self, threshold: int) -> None:
        revision = self._ledger.revision
        if self._serving and self._serving.revision != revision:
            self._leave_chroma()
        # one attempt per state of the archive, once Chroma is in sync: another would fail the same way
        if self._serving is None and self._tried != revision and reconcile.agrees(self._ledger):
            self._tried = revision
            if self._ledger.count()[1] >= threshold:
                self._serving = reconcile.serve(self._ledger, self._folder)

    def _leave_chroma(self) -> None:
        serving, self._serving = self._serving, None
        if serving:
            serving.close()
