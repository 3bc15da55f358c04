"""A reader at a distance: the file goes to the worker, and what is in it comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from qa.ingest.raw import ArticleReader, RawArticle
from qa.ingest.worker import Worker
from qa.types import Failure


@dataclass(frozen=True, slots=True)
class Isolated:
    """Takes what `inner` takes, and has the worker's reader of that kind read it."""

    kind: str
    inner: ArticleReader
    worker: Worker
    mapping: Mapping[str, str]

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return self.inner.takes(name)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield what the worker finds in the file; one that breaks or stalls it ends with a Failure."""
        yield from self.worker.read(self.kind, stream, source, self.mapping)
