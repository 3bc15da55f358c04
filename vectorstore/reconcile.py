"""Keeps Chroma in sync with the ledger, and knows whether it is.

The ledger's meta table holds `index_dirty` (a writer has begun to change the current generation) and `index_revision`
(the revision with which it last agreed). Chroma is used only if it is clean and agrees with the ledger's revision.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.chroma import ChromaIndex
from vectorstore.disk import PERMISSIONS, hint_for
from vectorstore.generations import Generations, Lease
from vectorstore.index import IndexUnusable
from vectorstore.index_check import probe

if TYPE_CHECKING:
    from vectorstore.articles import Ids
    from vectorstore.ledger import Ledger
    from vectorstore.writer import LedgerWriter

Steps = Iterator[tuple[int, int]]

RUN = 1_000  # passages, about, whose vectors are in memory at once: of 5,000 Chroma makes 30 MB of other numbers


class Serving:
    """Chroma, open and in sync with one revision of the ledger, held by this process until it is closed."""

    def __init__(self, index: ChromaIndex, lease: Lease, revision: int) -> None:
        self.index = index
        self.revision = revision
        self._lease = lease

    def close(self) -> None:
        """Close Chroma and release the generation."""
        try:
            # a generation that fails to close keeps its marker, and is checked before its next use
            with suppress(IndexUnusable):
                _close(self.index, self._lease)
        finally:
            self._lease.release()


def agrees(ledger: Ledger) -> bool:
    """Return whether Chroma was last seen complete and in sync with this revision of the ledger."""
    return ledger.meta("index_dirty") == "0" and ledger.meta("index_revision") == str(ledger.revision)


def serve(ledger: Ledger, folder: Path) -> Serving | None:
    """Open Chroma for searching; None if it is missing, out of date, in use elsewhere, or broken.

    Damaged files can crash the process: files that changed are never opened, and after an unclean stop a subprocess
    checks them first.
    """
    generations, identity = Generations(folder), ledger.identity
    name = generations.current
    if name is None or identity is None or (lease := generations.take(name)) is None:
        return None
    index, revision = None, ledger.revision
    try:
        # the lease keeps writers from changing it in place; one that published another has said so before it agreed
        ours = agrees(ledger) and generations.current == name and generations.intact(name)
        if ours and (not lease.unclean or probe(folder, name).sound):
            lease.opened()
            index = ChromaIndex.open(lease.path, identity.dimension)
    except (IndexUnusable, OSError):
        pass
    finally:
        if index is None:
            lease.release()
    return Serving(index, lease, revision) if index else None


def sync(writer: LedgerWriter, folder: Path, *, fresh: bool = False) -> Steps:
    """Bring Chroma up to date with the ledger, yielding (done, total) in passages; raises IndexUnusable.

    This updates the current generation if it can. It builds a new one if the current one is missing, dirty, broken, in
    use by another process or more than half wrong, or if `fresh` is true.
    """
    try:
        yield from _synced(writer, Generations(folder), fresh=fresh)
    except OSError as error:
        place = error.filename2 or error.filename or folder
        raise IndexUnusable(f"{place} cannot be written: {error.strerror or error}.", hint_for(error)) from error


def _synced(writer: LedgerWriter, generations: Generations, *, fresh: bool) -> Steps:
    name, revision = generations.current, writer.revision
    if not fresh and name and agrees(writer) and generations.intact(name):
        return
    if not fresh and name and writer.meta("index_dirty") == "0":
        with generations.lease(name) as lease:
            if lease and not lease.unclean and generations.intact(name) and (yield from _update(writer, lease)):
                generations.seal(name)
                _agreed(writer, revision)
                return
    yield from _build(writer, generations)
    _agreed(writer, revision)


def _update(writer: LedgerWriter, lease: Lease) -> Generator[tuple[int, int], None, bool]:
    """Update a generation in place; return False if a new one must be built."""
    dimension = writer.dimension
    # before Chroma touches its files: if it crashes this process, the next writer builds a new generation
    writer.set_meta("index_dirty", "1")
    lease.opened()
    try:
        index = ChromaIndex.open(lease.path, dimension)
    except IndexUnusable:
        return False
    try:
        complete = yield from _changes(index, writer)
    except IndexUnusable:
        complete = False
    finally:
        _close(index, lease)
    return complete


def _changes(index: ChromaIndex, ledger: Ledger) -> Generator[tuple[int, int], None, bool]:
    import numpy as np  # 0.1 s

    passages, articles = ledger.passage_keys()
    stored = np.array(index.ids(), np.int64)
    extra = np.setdiff1d(stored, passages).tolist()
    missing = np.isin(passages, stored, invert=True)
    total = len(extra) + int(missing.sum())
    if 2 * total > len(passages):
        return False
    for done in index.delete(extra):
        yield done, total
    for done in _added(index, ledger, passages[missing], articles[missing]):
        yield len(extra) + done, total
    return index.count() == len(passages)


def _added(index: ChromaIndex, ledger: Ledger, passages: Ids, articles: Ids) -> Iterator[int]:
    """Add passages, which are given with the keys of their articles; yield the number added after each run."""
    import numpy as np  # 0.1 s

    added = 0
    for some in _runs(articles):
        matrix = ledger.vectors_in(some.tolist())
        new = np.isin(matrix.passages, passages)
        for done in index.add(matrix.passages[new].tolist(), matrix.vectors[new]):
            yield added + done
        added += int(new.sum())


def _runs(articles: Ids) -> Iterator[Ids]:
    """Yield the keys that stand in `articles`, once for each passage, for about RUN passages at a time."""
    import numpy as np  # 0.1 s

    keys, counts = np.unique(articles, return_counts=True)
    return iter(np.split(keys, np.flatnonzero(np.diff(counts.cumsum() // RUN)) + 1))


def _build(writer: LedgerWriter, generations: Generations) -> Steps:
    name = generations.fresh()
    lease = generations.take(name)
    if lease is None:
        raise IndexUnusable(f"{generations.folder} cannot be locked.", PERMISSIONS)
    try:
        yield from _fill(writer, lease)
        generations.publish(name)
    finally:
        lease.release()


def _fill(writer: LedgerWriter, lease: Lease) -> Steps:
    passages, articles = writer.passage_keys()
    lease.opened()
    index = ChromaIndex.create(lease.path, writer.dimension)
    try:
        for done in _added(index, writer, passages, articles):
            yield done, len(passages)
    finally:
        _close(index, lease)


def _agreed(writer: LedgerWriter, revision: int) -> None:
    with writer.database.transaction():
        writer.set_meta("index_revision", str(revision))
        writer.set_meta("index_dirty", "0")


def _close(index: ChromaIndex, lease: Lease) -> None:
    index.close()
    lease.closed()
