"""The readers of every kind: what holds articles in some packing goes to the worker, and its articles come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from qa.ingest.raw import ArticleReader, RawArticle
from qa.ingest.read import containers, single
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


def readers(mapping: Mapping[str, str] | None = None, worker: Worker | None = None) -> tuple[ArticleReader, ...]:
    """Return the readers of every known kind; `mapping` (field → key) is for dumps.

    With a worker, files that hold articles in some packing are unpacked there, not in this process.
    """
    fields = dict(mapping or {})
    packed = containers(fields)
    if worker is None:
        return *single(fields), *packed.values()
    return *single(fields), *(Isolated(kind, reader, worker, fields) for kind, reader in packed.items())
