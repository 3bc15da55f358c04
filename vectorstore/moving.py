"""Copies an archive to another place, article by article, without embedding anything again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vectorstore.errors import AppError, UsageError
from vectorstore.places import Place
from vectorstore.removed import carried, cleaning_of, records
from vectorstore.store import Store

if TYPE_CHECKING:
    from vectorstore.articles import Known
    from vectorstore.ledger import Ledger
    from vectorstore.store import Writer
    from vectorstore.writer import Record

GROUP = 32  # articles in one transaction
Step = tuple[str, int, int]
Item = TypeVar("Item")
AGAIN = "Copy to an archive that is new."


def move(source: Path | Place, target: Path | Place) -> Iterator[Step]:
    """Copy all articles, yielding (stage, done, total), the stages being "copy", "compare" and "index".

    What an earlier copy has brought there already stays.
    At the end every article is read in both places and compared. Raises UsageError where the target has articles of
    its own, EmbedderMismatch where its vectors were made otherwise, AppError where an article did not arrive whole.
    """
    with Store.open(source) as store, store.reading():
        known = store.ledger.known()
        with Store.writing(target, store.ledger.identity) as writer:
            _refuse_others(writer, known)
            yield from _brought(store.ledger, writer, known)
            yield from _compared(store.ledger, writer.ledger, known)
            yield from _indexed(writer)


def _refuse_others(writer: Writer, known: dict[str, Known]) -> None:
    others = writer.ledger.known().keys() - known.keys()
    if others:
        raise UsageError(
            f"{writer.ledger.database.name} holds articles that are not in the archive, first {min(others)}.",
            "Copy to a new archive, or into the copy of this one that was begun.",
        )


def _brought(ledger: Ledger, writer: Writer, known: dict[str, Known]) -> Iterator[Step]:
    cleaning = cleaning_of(ledger)
    there = {source: _state(one, cleaning) for source, one in writer.ledger.known().items()}
    lacking = [one for source, one in known.items() if there.get(source) != _state(one, cleaning)]
    done = len(known) - len(lacking)
    for group in _grouped(lacking):
        writer.add(records(ledger, group))
        done += len(group)
        yield "copy", done, len(known)


def _state(known: Known, cleaning: str) -> tuple[str, str]:
    return known.content_hash, carried(known, cleaning)


def _compared(ledger: Ledger, copied: Ledger, known: dict[str, Known]) -> Iterator[Step]:
    if ledger.count() != copied.count():
        raise AppError(f"{copied.database.name} has {copied.count()[1]} passages, not {ledger.count()[1]}.", AGAIN)
    done = 0
    for group in _grouped(list(known.values())):
        for one, other in zip(records(ledger, group), records(copied, group), strict=True):
            if _digest(one) != _digest(other):
                raise AppError(f"{one.entry.article.source} did not arrive as it is in the archive.", AGAIN)
        done += len(group)
        yield "compare", done, len(known)


def _digest(record: Record) -> bytes:
    """Return a hash of everything that is stored of an article, but for when it was."""
    digest = hashlib.sha256(repr((record.entry, record.original_hash)).encode("utf-8", "surrogatepass"))
    digest.update(record.vectors.tobytes())
    return digest.digest()


def _indexed(writer: Writer) -> Iterator[Step]:
    for done, total in writer.sync_index(0):
        yield "index", done, total


def _grouped(items: Sequence[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while group := list(islice(left, GROUP)):
        yield group
