"""Searches by vector in a shared archive: in Chroma's server, and exactly in what it has not seen yet."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from vectorstore.articles import EVERYTHING, Filter
from vectorstore.chroma_server import ChromaServerIndex
from vectorstore.index import IndexUnusable
from vectorstore.nearest import Nearest, Search
from vectorstore.postgres import outbox

if TYPE_CHECKING:
    from vectorstore.chroma_http import ChromaServer
    from vectorstore.embedding import Vectors
    from vectorstore.ledger import Ledger

NEW = 5_000  # passages that Chroma has not seen, and that are compared one by one
FEW = 500  # articles of a filter that Chroma is told by their keys
DEEPER = 4  # times as many neighbours are asked for where too few pass
DEEPEST = 10_000
REST = 10  # times as long as Chroma took to fail, it is left alone: a silent one would hold up every question
Scores = list[tuple[int, float]]


class SharedNearest:
    """See Searching; where Chroma fails or is far behind, search is exact, over all vectors in memory."""

    def __init__(self, ledger: Ledger, server: ChromaServer, name: str, least: int) -> None:
        self._ledger, self._server, self._name, self._least = ledger, server, name, least
        self._exact = Nearest(ledger)
        self._lock = threading.Lock()
        self._index: ChromaServerIndex | None = None
        self._left_alone_until = 0.0  # a moment of the clock

    @property
    def serving(self) -> str:
        """See Searching."""
        with suppress(IndexUnusable):
            return "chroma" if self._large() and self._opened().count() else "exact"
        return "exact"

    def search(self, vector: Vectors, k: int, chosen: Filter = EVERYTHING) -> Scores:
        """See Searching."""
        began = time.monotonic()
        if self._large() and began >= self._left_alone_until:
            try:
                with self._ledger.database.snapshot():
                    return self._through_chroma(vector, k, chosen)
            except IndexUnusable:
                self._leave_chroma()
                failed = time.monotonic()
                self._left_alone_until = failed + REST * (failed - began)
        return self._exact.search(vector, k, chosen)

    def ready(self, chosen: Filter = EVERYTHING) -> Search:
        """See Store.ready; what Chroma finds is looked up in the ledger, which another thread cannot do."""
        return self._exact.ready(chosen) if not self._large() else lambda _vector, _k: None

    def cosines(self, vector: Vectors, passages: Iterable[int]) -> dict[int, float]:
        """See Searching."""
        return self._exact.cosines(vector, passages)

    @contextmanager
    def kept(self, revision: int) -> Iterator[None]:
        """See Searching."""
        with self._exact.kept(revision):
            yield

    def close(self) -> None:
        """See Searching."""
        self._leave_chroma()
        self._exact.close()

    def _leave_chroma(self) -> None:
        with self._lock:
            index, self._index = self._index, None
        if index:
            index.close()

    def _large(self) -> bool:
        return self._ledger.count()[1] >= self._least

    def _opened(self) -> ChromaServerIndex:
        with self._lock:
            if self._index is None:
                self._index = ChromaServerIndex.open(self._server, self._name, self._ledger.dimension)
            return self._index

    def _through_chroma(self, vector: Vectors, k: int, chosen: Filter) -> Scores:
        """Search what Chroma has and what it has not seen yet, as far as this state of the ledger has it."""
        new = outbox.waiting(self._ledger.database, NEW + 1)
        if len(new) > NEW:
            raise IndexUnusable("Chroma is far behind the ledger.")
        allowed = set(self._ledger.allowed(chosen).tolist()) if chosen else None
        found = dict(self._neighbours(vector, k, allowed, len(new)))
        for passage in new:
            found.pop(passage, None)
        found |= self._exact.cosines(vector, self._passing(new, allowed))
        return sorted(found.items(), key=lambda row: (-row[1], row[0]))[:k]

    def _neighbours(self, vector: Vectors, k: int, allowed: set[int] | None, spare: int) -> Scores:
        """Ask Chroma for ever more neighbours until enough of them pass."""
        index, wanted = self._opened(), k + spare
        if allowed is not None and len(allowed) <= FEW:
            found = index.search(vector, wanted, articles=sorted(allowed))
            return self._passing_scores(found, None)
        while True:
            found = index.search(vector, wanted)
            passing = self._passing_scores(found, allowed)
            if len(passing) >= k or len(found) < wanted:
                return passing
            if wanted >= DEEPEST:
                raise IndexUnusable("Too few of the nearest passages pass the filter.")
            wanted = min(wanted * DEEPER, DEEPEST)

    def _passing_scores(self, found: Scores, allowed: set[int] | None) -> Scores:
        passing = self._passing([passage for passage, _ in found], allowed)
        return [row for row in found if row[0] in passing]

    def _passing(self, passages: list[int], allowed: set[int] | None) -> set[int]:
        """Return those of the passages that this state of the ledger has, and that a filter lets through."""
        owners = self._ledger.articles_of(passages)
        return {passage for passage, article in owners.items() if allowed is None or article in allowed}
