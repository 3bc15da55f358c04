"""Copies of stored articles, whole, so that one that was removed can be put back as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.articles import Entry
from vectorstore.writer import Record

if TYPE_CHECKING:
    from vectorstore.articles import Identity, Known
    from vectorstore.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Copies:
    """Articles with their originals, passages and vectors, and what made the vectors."""

    records: tuple[Record, ...]
    identity: Identity


def copies(ledger: Ledger, articles: Iterable[str]) -> Copies:
    """Copy the articles with these ids; raises KeyError for an unknown one."""
    identity, known = ledger.identity, {one.id: one for one in ledger.known().values()}
    assert identity is not None  # an archive that holds articles has one
    return Copies(tuple(records(ledger, [known[article] for article in articles])), identity)


def records(ledger: Ledger, articles: Iterable[Known]) -> list[Record]:
    """Return articles as they can be stored in another ledger that has the same identity."""
    cleaning = cleaning_of(ledger)
    return [_record(ledger, one, cleaning) for one in articles]


def cleaning_of(ledger: Ledger) -> str:
    """Return how the articles that are added to a ledger are cleaned."""
    identity = ledger.identity
    return identity.cleaning if identity else ""


def carried(known: Known, cleaning: str) -> str:
    """Return the hash of an article's original that is stored elsewhere with it.

    It is none for what an older version cleaned, so that the next ingest reads that again.
    """
    return known.original_hash if known.cleaning == cleaning else ""


def _record(ledger: Ledger, known: Known, cleaning: str) -> Record:
    numbered = ledger.passages(known.id)
    _, vectors = ledger.vectors_of(number for number, _ in numbered)
    passages = tuple(passage for _, passage in numbered)
    entry = Entry(ledger.article(known.id), ledger.original(known.id), ledger.sentences(known.id), passages)
    return Record(entry, vectors, carried(known, cleaning))
