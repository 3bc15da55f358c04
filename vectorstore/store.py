"""A store: the ledger, the vector index that serves it, and the lock of its one writer."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from vectorstore import reconcile, schema
from vectorstore.articles import EVERYTHING, Article, Filter, Hit
from vectorstore.errors import AppError, EmbedderMismatch, StoreDamaged
from vectorstore.index import DIGITS, ExactIndex, IndexUnusable
from vectorstore.ledger import FILE, WEIGHTS, Ledger
from vectorstore.lock import locked
from vectorstore.records import Identity
from vectorstore.writer import LedgerWriter, Record

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors

LOCK = "writer.lock"
STAGING = "rebuild"
THRESHOLD = 100_000  # passages: exact search takes 5 ms there and finds all, Chroma 2–4 ms and most

Choice = Literal["exact", "auto"]


def check_identity(found: Identity | None, wanted: Identity) -> None:
    """Raise EmbedderMismatch when vectors made by `wanted` do not belong beside those made by `found`."""
    if found is None:
        return
    for what, stored, given in (
        ("embedder", found.embedder, wanted.embedder),
        ("dimension", found.dimension, wanted.dimension),
        ("passage settings", found.passages, wanted.passages),
    ):
        if stored != given:
            raise EmbedderMismatch(
                f"The archive was made with another {what}: {stored}, not {given}.",
                "Make it anew from the articles it holds with: qa rebuild",
            )


class Store:
    """An archive open for reading; it goes on while another process writes, and sees what that commits.

    May be used from several threads. With `index="auto"` (for long-lived processes) unfiltered searches go through
    Chroma when there are at least `threshold` passages and it is in step; everything else is searched exactly.
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
        """Open for reading; raises StoreMissing, StoreDamaged, or AppError for a newer schema. Creates nothing.

        A ledger of an older version is brought up to date first, under the writer's lock.
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
        """Hold the archive for writing, creating it where there is none.

        `identity` says what will make the vectors that are added; without it nothing can be added to a new archive.
        Raises EmbedderMismatch, StoreLocked (naming the holder, within 2 s), StoreDamaged, or AppError where
        the folder cannot be made or written.
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
        """Raise EmbedderMismatch when questions embedded by `identity` cannot be compared with what is stored."""
        check_identity(self.ledger.identity, identity)

    @property
    def serving(self) -> str:
        """What unfiltered searches use at this moment: "chroma" or "exact"."""
        with self._lock:
            return "chroma" if self._chroma() else "exact"

    def dense(self, vector: Vectors, k: int, chosen: Filter = EVERYTHING) -> list[tuple[int, float]]:
        """Return at most k passage ids with their cosines, best first, equal ones by id; `vector` is of unit length.

        Raises ValueError when the vector is not finite or not of the archive's dimension.
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
        """Return the cosines of passages with a vector of unit length; ids that are gone are left out."""
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
            self._exact = None  # the old matrix goes before the new one comes
            matrix = self.ledger.vectors()
            self._exact = matrix.revision, ExactIndex(matrix)
        return self._exact[1]

    def _chroma(self) -> reconcile.Serving | None:
        if not self._wanted:
            return None
        revision = self.ledger.revision
        if self._serving and self._serving.revision != revision:
            self._leave_chroma()
        # one attempt for each state of the archive, once Chroma is in step with it: what failed then fails again
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
    """An archive that this process alone may change; made by Store.writing."""

    def __init__(self, folder: Path, ledger: LedgerWriter) -> None:
        self.folder = folder
        self.ledger = ledger

    def add(self, records: Iterable[Record]) -> None:
        """Add or replace a group of articles in one transaction; see LedgerWriter.put_many."""
        self.ledger.put_many(records)

    def update_metadata(self, article: Article, original: bytes, original_hash: str) -> None:
        """Store what changed around an article whose content hash is the same; see LedgerWriter.update_metadata."""
        self.ledger.update_metadata(article, original, original_hash)

    def remove(self, articles: Iterable[str]) -> int:
        """Remove the articles with these ids in one transaction and return how many were there."""
        return self.ledger.delete(articles)

    def sync_index(self, threshold: int = THRESHOLD, *, anew: bool = False) -> Iterator[tuple[int, int]]:
        """Bring Chroma up to date, yielding (done, total) in passages; an archive below the threshold needs none.

        Raises IndexUnusable when Chroma fails; the archive is whole then, and exact search serves.
        """
        if self.ledger.count()[1] >= threshold:
            yield from reconcile.sync(self.ledger, self.folder, anew=anew)

    @contextmanager
    def rebuilding(self, identity: Identity) -> Iterator[Writer]:
        """Fill a second ledger, and put it in the place of this one, in one transaction, when the block ends well.

        Until then the archive stays as it was. What an interrupted block had added is there again in the next one
        (`ledger.known()` of the yielded Writer tells it), if the identity is the same and the archive did not change.
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
            f"The archive's folder {folder} cannot be made: {reason}.", "Name another with --store or QA_STORE."
        ) from error


def _identify(ledger: LedgerWriter, identity: Identity) -> None:
    if ledger.count()[0]:
        check_identity(ledger.identity, identity)
    if ledger.identity != identity:
        ledger.set_identity(identity)


def _staging(folder: Path, identity: Identity, replaced: LedgerWriter) -> LedgerWriter:
    """Open the ledger of a rebuild: the one that was begun, where it can be continued, else an empty one."""
    basis = str(replaced.revision)
    try:
        folder.mkdir(exist_ok=True)
        ledger = LedgerWriter.open(folder)
        if ledger.identity == identity and ledger.meta("replaces") == basis:
            return ledger
        ledger.close()
    except StoreDamaged:
        pass  # begun and broken off: begun again below
    shutil.rmtree(folder)
    folder.mkdir()
    ledger = LedgerWriter.open(folder)
    ledger.start_ids_after(replaced.last_id)
    ledger.set_meta("replaces", basis)
    ledger.set_identity(identity)
    return ledger
