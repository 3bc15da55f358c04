"""What a server is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.saved import sibling
from qa.serve.batches import Batches
from qa.serve.desk import Desk
from qa.serve.metrics import Metrics

if TYPE_CHECKING:
    from qa.archive import Archive

WORKERS = 2  # answers at once: each uses all cores
READERS = 4  # searches and articles at once
WAITING = 64  # that wait for their turn, of each


@dataclass(frozen=True, slots=True)
class Service:
    """What a server is made of: `desk` is for answers, `reads` for what is short and need not wait for them."""

    archive: Archive
    desk: Desk
    reads: Desk
    batches: Batches
    metrics: Metrics

    @classmethod
    def of(cls, archive: Archive, workers: int = WORKERS, waiting: int = WAITING) -> Service:
        """Return the service of an archive; nothing is loaded yet."""
        desk, reads = Desk(workers, waiting), Desk(READERS, waiting)
        folder = sibling(archive.folder, "batches")
        return cls(archive, desk, reads, Batches(archive, folder), Metrics(lambda: desk.taken))

    def warm(self) -> None:
        """Load the models and run them once; raises AppError where there is no archive or no model."""
        _ = self.archive.assistant()
        self.archive.embedder.embed_query("warm")

    def stop(self) -> None:
        """End what runs at its next step; any thread may call this."""
        for part in (self.desk, self.reads, self.batches):
            part.stop()

    def close(self) -> None:
        """End what runs, and wait for it."""
        self.stop()
        for part in (self.desk, self.reads, self.batches):  # a batch can come in until nothing is read any more
            part.close()
