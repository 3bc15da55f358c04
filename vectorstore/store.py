"""A store: the ledger and its vector index, open to read or to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from vectorstore.articles import EVERYTHING, Article, Filter, Hit, Identity
from vectorstore.errors import Collision, EmbedderMismatch
from vectorstore.fulltext import Scores, TextQuery
from vectorstore.index import THRESHOLD, Choice
from vectorstore.ledger import WEIGHTS, Ledger
from vectorstore.nearest import Search
from vectorstore.places import Place, Searching, placed
from vectorstore.writer import LedgerWriter, Record

if TYPE_CHECKING:
    from collections.abc import Generator

    from vectorstore.database import Snapshot
    from vectorstore.embedding import Vectors

COLLISIONS = 5  # with another writer, after which a change is not tried again

Step = TypeVar("Step")
Result = TypeVar("Result")


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

    def __init__(self, ledger: Ledger, nearest: Searching) -> None:
        self.ledger = ledger
        self._nearest = nearest

    @classmethod
    def open(cls, where: Path | Place, *, index: Choice = "exact", threshold: int | None = None) -> Self:
        """Open for reading, creating nothing; raises StoreMissing, StoreDamaged, or AppError for a newer schema.

        A ledger of an older version is migrated first, under the writer's lock.
        """
        place = placed(where)
        ledger = place.ledger()
        return cls(ledger, place.searching(ledger, index, threshold))

    @staticmethod
    @contextmanager
    def writing(where: Path | Place, identity: Identity | None = None) -> Iterator[Writer]:
        """Hold the archive for writing, creating it if there is none.

        `identity` says what makes the vectors; without it, nothing can be added to a new archive. Raises
        EmbedderMismatch, StoreLocked, StoreDamaged, or AppError if the archive cannot be created or written.
        """
        place = placed(where)
        with place.writing() as ledger:
            if identity:
                _identify(ledger, identity)
            yield Writer(place, ledger)

    @property
    def here(self) -> bool:
        """Whether the archive is where it was opened: neither removed, nor replaced by another."""
        return self.ledger.database.here

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
        self, query: TextQuery, limit: int, chosen: Filter = EVERYTHING, weights: Sequence[float] = WEIGHTS
    ) -> Scores:
        """See Ledger.lexical."""
        return self.ledger.lexical(query, limit, chosen, weights)

    def hits(self, passages: Sequence[int], chosen: Filter = EVERYTHING) -> list[Hit]:
        """See Ledger.hits."""
        return self.ledger.hits(passages, chosen)


class Writer:
    """An archive that only this process may change; see Store.writing."""

    def __init__(self, place: Place, ledger: LedgerWriter) -> None:
        self.place = place
        self.ledger = ledger

    def add(self, records: Iterable[Record]) -> None:
        """Add or replace a group of articles in one transaction; see LedgerWriter.put_many."""
        group = list(records)
        _uncollided(lambda: self.ledger.put_many(group))
        self.unclaim()

    def claim(self, source: str, *, wait: bool = False) -> bool:
        """Claim a source among those who write, until `add` has stored a group or `unclaim`; see Database.claim."""
        return self.ledger.database.claim(source, wait=wait)

    def unclaim(self, source: str | None = None) -> None:
        """See Database.unclaim."""
        self.ledger.database.unclaim(source)

    def update_metadata(self, article: Article, original: bytes, original_hash: str) -> None:
        """Store new metadata for an article whose content hash is the same; see LedgerWriter.update_metadata."""
        _uncollided(lambda: self.ledger.update_metadata(article, original, original_hash))

    def remove(self, articles: Iterable[str]) -> int:
        """Remove the articles with these ids in one transaction and return how many existed."""
        names = list(articles)
        return _uncollided(lambda: self.ledger.delete(names))

    def sync_index(self, threshold: int = THRESHOLD, *, fresh: bool = False) -> Iterator[tuple[int, int]]:
        """Bring Chroma up to date, yielding (done, total) in passages; does nothing below the threshold.

        Raises IndexUnusable if Chroma fails; the archive is then intact, and searches are exact.
        """
        yield from self.place.synced(self.ledger, threshold, fresh=fresh)

    @contextmanager
    def rebuilding(self, identity: Identity) -> Iterator[Writer]:
        """Fill a second ledger, and replace this one with it in one transaction if the block succeeds.

        Until then the archive stays unchanged. If the block is interrupted, the next one continues with what was added
        (see `ledger.known()` of the yielded Writer), as long as neither the identity nor the archive has changed.
        """
        with self.place.rebuilding(self.ledger, identity) as ledger:
            yield Writer(self.place, ledger)


def _uncollided(change: Callable[[], Result]) -> Result:
    """Return what a transaction comes to, begun once more where another writer was in its way."""
    for _ in range(COLLISIONS):
        with suppress(Collision):
            return change()
    return change()


def _identify(ledger: LedgerWriter, identity: Identity) -> None:
    if ledger.count()[0]:
        check_identity(ledger.identity, identity)
    if ledger.identity != identity:
        ledger.set_identity(identity)
