"""A new archive of what can be read of a damaged one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from qa.ingest.identity import identity_of
from qa.ingest.records import GROUP, entry_of, records
from qa.ingest.survey import digest
from qa.types import Failure, IngestReport, Progress
from vectorstore.articles import Entry
from vectorstore.embedding import Embedder
from vectorstore.errors import UsageError
from vectorstore.salvage import Lost, readable
from vectorstore.sqlite import FILE
from vectorstore.store import Store


def salvage(damaged: Path, folder: Path, embedder: Embedder) -> Iterator[Progress | IngestReport]:
    """Fill the archive in `folder` with the articles that can be read, yielding Progress and at last the report.

    What is lost is among the failures. An article whose original cannot be read keeps its text in the place of it,
    which a warning says. Raises UsageError if there is an archive in `folder`, StoreDamaged if nothing can be read.
    """
    if (folder / FILE).exists():
        raise UsageError(f"There is an archive in {folder} already.", "Name a folder that does not exist yet.")
    began, group, failed, warnings, added = time.perf_counter(), list[tuple[Entry, str]](), [], [], 0
    with Store.writing(folder, identity_of(embedder)) as writer:
        for at, found in enumerate(readable(damaged), 1):
            if isinstance(found, Lost):
                failed.append(Failure(f"article {found.key}", found.reason))
                continue
            if (original := found.original) is None:
                original = found.article.text.encode("utf-8", "surrogatepass")
                warnings.append(f"{found.article.source}: the original is lost; its text stands in its place")
            group.append((entry_of(found.article, original, embedder), digest(original)))
            added += 1
            if len(group) == GROUP:
                writer.add(records(group, embedder))
                group.clear()
            yield Progress("embed", at, None, found.article.source)
        if group:
            writer.add(records(group, embedder))
        articles, passages = writer.ledger.count()
    seconds = round(time.perf_counter() - began, 3)
    yield IngestReport(
        added,
        failed=tuple(failed),
        warnings=tuple(warnings),
        articles=articles,
        passages=passages,
        seconds=seconds,
    )
