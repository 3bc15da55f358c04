"""What a server is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.serve.batches import Batches
from qa.serve.desk import Desk
from qa.serve.metrics import Metrics

if TYPE_CHECKING:
    from qa.archive import Archive

WORKERS = 4  # answers at once
WAITING = 64  # that wait for their turn


@dataclass(frozen=True, slots=True)
class Service:
    """What a server is made of; closing it ends what runs."""

    archive: Archive
    desk: Desk
    batches: Batches
    metrics: Metrics

    @classmethod
    def of(cls, archive: Archive, workers: int = WORKERS, waiting: int = WAITING) -> Service:
        """Return the service of an archive; nothing is loaded yet."""
        desk = Desk(workers, waiting)
        folder = archive.folder.parent / f"{archive.folder.name}-batches"
        return cls(archive, desk, Batches(archive, folder), Metrics(lambda: desk.taken))

    def warm(self) -> None:
        """Load the models and run them once; raises AppError where there is no archive or no model."""
        _ = self.archive.assistant()
        self.archive.embedder.embed_query("warm")

    def close(self) -> None:
        """End what runs, and wait for it."""
        self.batches.close()
        self.desk.close()
