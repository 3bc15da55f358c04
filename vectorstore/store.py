"""A store: the ledger, its vector index, and the lock of its one writer."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from vectorstore import reconcile, schema
from vectorstore.articles import EVERYTHING, Article, Filter, Hit, Identity
from vectorstore.errors import AppError, EmbedderMismatch, StoreDamaged
from vectorstore.index import DIGITS, ExactIndex, IndexUnusable
from vectorstore.ledger import FILE, WEIGHTS, Ledger
from vectorstore.lock import locked
from vectorstore.writer import LedgerWriter, Record

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors

LOCK = "writer.lock"
STAGING = "rebuild"
THRESHOLD = 100_000  # passages: there, exact search takes 5 ms and finds all, Chroma 2–4 ms and finds most

Choice = Literal["exact", "auto"]


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

    Several threads may share it. With `index="auto"`, for long-lived processes, unfiltered searches use Chroma if the
    archive has at least `threshold` passages and Chroma is in sync; all other searches are exact.
    """

    def __init__(self, folder: Path, ledger: Ledger, index: Choice = "exact", threshold: int = THRESHOLD) -> None:
        self.folder = folder
        self.ledger = ledger
        self._wanted = index == "auto"
        self._threshold = threshold
        self._lock = threading.RLock()
        self._exact: tuple[int, ExactIndex] | None = None
        self._serving: reconcile.Serving | None = None
        self._tried: int | None = None

    @classmethod
    def open(cls, folder: Path, *, index: Choice = "exact", threshold: int = THRESHOLD) -> Self:
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
        with self._lock:
            self._leave_chroma()
            self._exact = None
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check_embedder(self, identity: Identity) -> None:
        """Raise EmbedderMismatch if questions embedded by `identity` cannot be compared with the stored vectors."""
        check_identity(self.ledger.identity, identity)

    @property
    def serving(self) -> str:
        """What unfiltered searches use right now: "chroma" or "exact"."""
        with self._lock:
            return "chroma" if self._chroma() else "exact"

    def dense(self, vector: Vectors, k: int, chosen: Filter = EVERYTHING) -> list[tuple[int, float]]:
        """Return at most k passage ids with their cosines, best first, ties by id; `vector` has unit length.

        Raises ValueError if the vector is not finite or has the wrong dimension.
        """
        with self._lock:
            if not chosen and (serving := self._chroma()):
                try:
                    return serving.index.search(vector, k)
                except IndexUnusable:
                    self._leave_chroma()
            articles = self.ledger.allowed(chosen) if chosen else None
            return self._exactly().search(vector, k, articles)

    def cosines(self, vector: Vectors, passages: Iterable[int]) -> dict[int, float]:
        """Return the cosines of passages with a vector of unit length; unknown ids are skipped."""
        ids, vectors = self.ledger.vectors_of(passages)
        return dict(zip(ids, (vectors @ vector).astype(float).clip(-1.0, 1.0).round(DIGITS).tolist(), strict=True))

    def lexical(
        self, expression: str, limit: int, chosen: Filter = EVERYTHING, weights: Sequence[float] = WEIGHTS
    ) -> list[tuple[int, float]]:
        """See Ledger.lexical."""
        return self.ledger.lexical(expression, limit, chosen, weights)

    def hits(self, passages: Sequence[int], chosen: Filter = EVERYTHING) -> list[Hit]:
        """See Ledger.hits."""
        return self.ledger.hits(passages, chosen)

    def _exactly(self) -> ExactIndex:
        revision = self.ledger.revision
        if self._exact is None or self._exact[0] != revision:
            self._exact = None  # frees the old matrix before loading the new one
            matrix = self.ledger.vectors()
            self._exact = matrix.revision, ExactIndex(matrix)
        return self._exact[1]

    def _chroma(self) -> reconcile.Serving | None:
        if not self._wanted:
            return None
        revision = self.ledger.revision
        if self._serving and self._serving.revision != revision:
            self._leave_chroma()
        # one attempt per state of the archive, once Chroma is in sync: another would fail the same way
        if self._serving is None and self._tried != revision and reconcile.agrees(self.ledger):
            self._tried = revision
            if self.ledger.count()[1] >= self._threshold:
                self._serving = reconcile.serve(self.ledger, self.folder)
        return self._serving

    def _leave_chroma(self) -> None:
        serving, self._serving = self._serving, None
        if serving:
            serving.close()


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
