"""Searches by vector in the state of the ledger that a thread sees: exactly, or through Chroma."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore import reconcile
from vectorstore.articles import EVERYTHING, Filter
from vectorstore.exact import ExactIndex
from vectorstore.index import IndexUnusable, rounded
from vectorstore.ledger import Ledger
from vectorstore.revisions import RevisionCache
from vectorstore.worth import saves

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors


Found = list[tuple[int, float]]  # passage ids with their cosines
Search = Callable[["Vectors", int], Found | None]

FILTERS = 8  # of which the rows that pass are kept


class Nearest:
    """The indexes of one open archive, each for one revision; threads may share it.

    An exact index is kept until the last snapshot of its revision is let go, the newest one until there is another.
    With `folder`, where Chroma is, unfiltered searches use it if the archive has at least `threshold` passages and
    Chroma is in sync; `measured`, only if that saves noticeable time.
    """

    def __init__(
        self, ledger: Ledger, folder: Path | None = None, threshold: int = 0, *, measured: bool = False
    ) -> None:
        self._ledger, self._folder, self._threshold, self._measured = ledger, folder, threshold, measured
        self._lock = threading.RLock()
        self._exact: dict[int, ExactIndex] = {}
        self._filtered = RevisionCache(FILTERS)
        self._readers: Counter[int] = Counter()
        self._serving: reconcile.Serving | None = None
        self._tried: int | None = None

    @property
    def serving(self) -> str:
        """What unfiltered searches use right now: "chroma" or "exact"."""
        with self._lock:
            return "chroma" if self._chroma() else "exact"

    def search(self, vector: Vectors, k: int, chosen: Filter = EVERYTHING) -> Found:
        """See Store.dense."""
        found = self.ready(chosen)(vector, k)
        return self.search(vector, k, chosen) if found is None else found

    def ready(self, chosen: Filter = EVERYTHING) -> Search:
        """See Store.ready."""
        with self._lock:
            if not chosen and (serving := self._chroma()):
                return partial(self._through, serving)
            revision, exact = self._exactly()
        if not chosen:
            return exact.search
        rows = self._filtered.get(revision, chosen, lambda: exact.rows_of(self._ledger.allowed(chosen)))
        return partial(exact.search, among=rows)

    def _through(self, serving: reconcile.Serving, vector: Vectors, k: int) -> Found | None:
        with self._lock:
            if serving is not self._serving:
                return None  # it was closed meanwhile
            try:
                return serving.index.search(vector, k)
            except IndexUnusable:
                self._leave_chroma()
                return None

    def cosines(self, vector: Vectors, passages: Iterable[int]) -> dict[int, float]:
        """See Store.cosines."""
        with self._lock:
            exact = self._exact.get(self._ledger.revision)
        if exact is None:  # Chroma searches: not worth reading all vectors
            import numpy as np  # 0.1 s

            ids, vectors = self._ledger.vectors_of(passages)
            return dict(zip(ids, rounded(np.vecdot(vectors, vector)).tolist(), strict=True))
        return exact.cosines(vector, passages)

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

    def _exactly(self) -> tuple[int, ExactIndex]:
        revision = self._ledger.revision
        if revision not in self._exact:
            self._drop(revision)  # frees the old vectors before loading the new ones
            matrix = self._ledger.vectors()
            revision = matrix.revision
            self._exact[revision] = ExactIndex(matrix)
        return revision, self._exact[revision]

    def _drop(self, newest: int) -> None:
        self._readers = +self._readers
        for revision in [one for one in self._exact if one < newest and one not in self._readers]:
            del self._exact[revision]

    def _chroma(self) -> reconcile.Serving | None:
        if self._folder is None:
            return None
        revision = self._ledger.revision
        if self._serving is None or self._serving.revision < revision:
            with self._ledger.live():
                self._renew(self._folder)
        return self._serving if self._serving and self._serving.revision == revision else None

    def _renew(self, folder: Path) -> None:
        revision = self._ledger.revision
        if self._serving and self._serving.revision != revision:
            self._leave_chroma()
        # one attempt per state of the archive, once Chroma is in sync: another would fail the same way
        if self._serving is None and self._tried != revision and reconcile.agrees(self._ledger):
            self._tried = revision
            if self._ledger.count()[1] >= self._threshold:
                self._serving = reconcile.serve(self._ledger, folder)
            if self._measured and not self._worth():
                self._leave_chroma()

    def _worth(self) -> bool:
        identity = self._ledger.identity
        try:
            return bool(self._serving and identity and saves(self._serving.index, identity.dimension))
        except IndexUnusable:
            return False

    def _leave_chroma(self) -> None:
        serving, self._serving = self._serving, None
        if serving:
            serving.close()
