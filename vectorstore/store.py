"""A store: the ledger, its vector index, and the lock of its one writer."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from vectorstore import reconcile, schema
from vectorstore.articles import EVERYTHING, Article, Filter, Hit, Identity
from vectorstore.errors import AppError, EmbedderMismatch, StoreDamaged
from vectorstore.ledger import FILE, WEIGHTS, Ledger
from vectorstore.lock import locked
from vectorstore.nearest import Nearest, Search
from vectorstore.writer import LedgerWriter, Record

if TYPE_CHECKING:
    from collections.abc import Generator

    from vectorstore.embedding import Vectors
    from vectorstore.snapshots import Snapshot

LOCK = "writer.lock"
STAGING = "rebuild"
THRESHOLD = 100_000  # passages: below, exact search takes 5 ms at most; above, it is measured what Chroma would save

Choice = Literal["exact", "auto"]
Step = TypeVar("Step")


def check_identity(found: Identity | None, wanted: Identity) -> None:
    """Raise EmbedderMismatch if vectors made by `wanted` cannot be compared with those made by `found`."""
    if found is None:
        return
    for what, stored, given in (
        ("another embedder", found.embedder, wanted.embedder),
        ("another dimension", found.dimension, wanted.dimension),
        ("other passage settings", found.passages, wanted.passages),
    ):
        if stored != given:
            raise EmbedderMismatch(
                f"The archive was built with {what}: {stored}, not {given}.",
                "Re-split and re-embed its articles with: qa rebuild",
            )


class Store:
    """An archive open for reading, which sees what another process commits meanwhile.

    Several threads may share it. Within `reading` or `steadily` a thread sees one state, whatever is committed. With
    `index="auto"`, for long-lived processes, unfiltered searches use Chroma if the archive has at least `threshold`
    passages and Chroma is in sync; all other searches are exact. Without a threshold they use it where it was measured
    to save noticeable time.
    """

    def __init__(self, folder: Path, ledger: Ledger, index: Choice = "exact", threshold: int | None = None) -> None:
        self.folder = folder
        self.ledger = ledger
        above = THRESHOLD if threshold is None else threshold
        self._nearest = Nearest(folder, ledger, above if index == "auto" else None, measured=threshold is None)

    @classmethod
    def open(cls, folder: Path, *, index: Choice = "exact", threshold: int | None = None) -> Self:
        """Open for reading, creating nothing; raises StoreMissing, StoreDamaged, or AppError for a newer schema.

        A ledger of an older version is migrated first, under the writer's lock.
        """
        ledger = Ledger.open(folder)
        if not schema.is_current(ledger.database):
            ledger.close()
            with cls.writing(folder):
                ledger = Ledger.open(folder)
        return cls(folder, ledger, index, threshold)

    @staticmethod
    @contextmanager
    def writing(folder: Path, identity: Identity | None = None) -> Iterator[Writer]:
        """Hold the archive for writing, creating it if there is none.

        `identity` says what makes the vectors; without it, nothing can be added to a new archive. Raises
        EmbedderMismatch, StoreLocked (naming the holder, within 2 s), StoreDamaged, or AppError if the folder cannot
        be created or written.
        """
        _make(folder)
        with locked(folder / LOCK):
            ledger = LedgerWriter.open(folder)
            try:
                if identity:
                    _identify(ledger, identity)
                yield Writer(folder, ledger)
            finally:
                ledger.close()

    def close(self) -> None:
        """Close Chroma and the ledger."""
        self._nearest.close()
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let this thread see one state of the archive until the end of the block; inside another block, its state."""
        if self.ledger.held_here:
            yield
            return
        with self._held() as snapshot, snapshot.reading():
            yield

    def steadily(self, steps: Generator[Step, None, None]) -> Generator[Step, None, None]:
        """Yield the steps, which all see one state of the archive, in whatever threads they are taken."""
        with self._held() as snapshot, closing(steps):
            while True:
                with snapshot.reading():
                    try:
                        step = next(steps)
                    except StopIteration:
                        return
                yield step

    @contextmanager
    def _held(self) -> Iterator[Snapshot]:
        with self.ledger.held() as snapshot:
            with snapshot.reading():
                revision = self.ledger.revision
            with self._nearest.kept(revision):
                yield snapshot

    def check_embedder(self, identity: Identity) -> None:
        """Raise EmbedderMismatch if questions embedded by `identity` cannot be compared with the stored vectors."""
        check_identity(self.ledger.identity, identity)

    @property
    def serving(self) -> str:
        """What unfiltered searches use right now: "chroma" or "exact"."""
        return self._nearest.serving

    def dense(self, vector: Vectors, k: int, chosen: Filter = EVERYTHING) -> list[tuple[int, float]]:
        """Return at most k passage ids with their cosines, best first, ties by id; `vector` has unit length.

        Raises ValueError if the vector is not finite or has the wrong dimension.
        """
        return self._nearest.search(vector, k, chosen)

    def ready(self, chosen: Filter = EVERYTHING) -> Search:
        """Return `dense` under a filter as a function that reads nothing more from the ledger, for another thread.

        It returns None if Chroma has failed meanwhile; `dense` then searches exactly.
        """
        return self._nearest.ready(chosen)

    def cosines(self, vector: Vectors, passages: Iterable[int]) -> dict[int, float]:
        """Return the cosines of passages with a vector of unit length; unknown ids are skipped."""
        return self._nearest.cosines(vector, passages)

    def lexical(
        self, expression: str, limit: int, chosen: Filter = EVERYTHING, weights: Sequence[float] = WEIGHTS
    ) -> list[tuple[int, float]]:
        """See Ledger.lexical."""
        return self.ledger.lexical(expression, limit, chosen, weights)

    def hits(self, passages: Sequence[int], chosen: Filter = EVERYTHING) -> list[Hit]:
        """See Ledger.hits."""
        return self.ledger.hits(passages, chosen)


class Writer:
    """An archive that only this process may change; see Store.writing."""

    def __init__(self, folder: Path, ledger: LedgerWriter) -> None:
        self.folder = folder
        self.ledger = ledger

    def add(self, records: Iterable[Record]) -> None:
        """Add or replace a group of articles in one transaction; see LedgerWriter.put_many."""
        self.ledger.put_many(records)

    def update_metadata(self, article: Article, original: bytes, original_hash: str) -> None:
        """Store new metadata for an article whose content hash is the same; see LedgerWriter.update_metadata."""
        self.ledger.update_metadata(article, original, original_hash)

    def remove(self, articles: Iterable[str]) -> int:
        """Remove the articles with these ids in one transaction and return how many existed."""
        return self.ledger.delete(articles)

    def sync_index(self, threshold: int = THRESHOLD, *, fresh: bool = False) -> Iterator[tuple[int, int]]:
        """Bring Chroma up to date, yielding (done, total) in passages; does nothing below the threshold.

        Raises IndexUnusable if Chroma fails; the archive is then intact, and searches are exact.
        """
        if self.ledger.count()[1] >= threshold:
            yield from reconcile.sync(self.ledger, self.folder, fresh=fresh)

    @contextmanager
    def rebuilding(self, identity: Identity) -> Iterator[Writer]:
        """Fill a second ledger, and replace this one with it in one transaction if the block succeeds.

        Until then the archive stays unchanged. If the block is interrupted, the next one continues with what was added
        (see `ledger.known()` of the yielded Writer), as long as neither the identity nor the archive has changed.
        """
        folder = self.folder / STAGING
        ledger = _staging(folder, identity, self.ledger)
        try:
            yield Writer(folder, ledger)
        finally:
            ledger.close()
        self.ledger.adopt(folder / FILE, identity)
        shutil.rmtree(folder)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise AppError(
            f"The archive's folder {folder} cannot be created: {reason}.", "Choose another with --store or QA_STORE."
        ) from error


def _identify(ledger: LedgerWriter, identity: Identity) -> None:
    if ledger.count()[0]:
        check_identity(ledger.identity, identity)
    if ledger.identity != identity:
        ledger.set_identity(identity)


def _staging(folder: Path, identity: Identity, replaced: LedgerWriter) -> LedgerWriter:
    """Open the ledger of a rebuild: an interrupted one if it can be continued, otherwise an empty one."""
    basis = str(replaced.revision)
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise StoreDamaged(
            f"{folder} is a file, where a rebuild keeps its work.", "Move it away, then run the command again."
        ) from None
    try:
        ledger = LedgerWriter.open(folder)
        if ledger.identity == identity and ledger.meta("replaces") == basis:
            return ledger
        ledger.close()
    except StoreDamaged:
        pass  # interrupted too early to continue: started over below
    shutil.rmtree(folder)
    folder.mkdir()
    ledger = LedgerWriter.open(folder)
    ledger.start_ids_after(replaced.last_id)
    ledger.set_meta("replaces", basis)
    ledger.set_identity(identity)
    return ledger
