"""Where an archive can be: what a store needs of each such place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vectorstore.folder import Folder
from vectorstore.index import Choice

if TYPE_CHECKING:
    from vectorstore.articles import Filter, Identity
    from vectorstore.checks import Check
    from vectorstore.embedding import Vectors
    from vectorstore.ledger import Ledger
    from vectorstore.nearest import Search
    from vectorstore.writer import LedgerWriter


class Searching(Protocol):
    """Searches by vector in the state of the ledger that a thread sees; see Store.dense and Store.cosines."""

    @property
    def serving(self) -> str:
        """What unfiltered searches use right now: "chroma" or "exact"."""
        ...

    def search(self, vector: Vectors, k: int, chosen: Filter) -> list[tuple[int, float]]:
        """See Store.dense."""
        ...

    def ready(self, chosen: Filter) -> Search:
        """See Store.ready."""
        ...

    def cosines(self, vector: Vectors, passages: Iterable[int]) -> dict[int, float]:
        """See Store.cosines."""
        ...

    def kept(self, revision: int) -> AbstractContextManager[None]:
        """Keep what is in memory of a revision until the end of the block."""
        ...

    def close(self) -> None:
        """Close Chroma and free the vectors."""
        ...


class Place(Protocol):
    """A folder, or a database server with what stands beside it."""

    def ledger(self) -> Ledger:
        """Open the ledger to read it; raises StoreMissing, StoreDamaged, or AppError for a newer schema.

        A ledger of an older version is migrated first.
        """
        ...

    def writing(self) -> AbstractContextManager[LedgerWriter]:
        """Hold the ledger for writing, made where there is none, in the current schema; raises StoreLocked."""
        ...

    def searching(self, ledger: Ledger, index: Choice, threshold: int | None) -> Searching:
        """Return what searches by vector, through Chroma if `index` is "auto"; see Store for `threshold`."""
        ...

    def synced(self, ledger: LedgerWriter, threshold: int, *, fresh: bool) -> Iterator[tuple[int, int]]:
        """Bring Chroma up to date, yielding (done, total) in passages; see Writer.sync_index."""
        ...

    def unchanged(self) -> Ledger:
        """Open the ledger to read it as it is, of an older version too."""
        ...

    def checks(self, ledger: Ledger) -> Iterator[Check]:
        """Yield the checks of what stands beside the ledger."""
        ...

    def rebuilding(self, replaced: LedgerWriter, identity: Identity) -> AbstractContextManager[LedgerWriter]:
        """Hold a second ledger, which replaces the first where the block succeeds; see Writer.rebuilding."""
        ...


def placed(where: Path | Place) -> Place:
    """Return a place; a path is that of a folder."""
    return Folder(where) if isinstance(where, Path) else where
