"""Copies of stored articles, whole, so that one that was removed can be put back as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.articles import Entry
from vectorstore.writer import Record

if TYPE_CHECKING:
    from vectorstore.articles import Identity
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
    records = []
    for article in articles:
        one = known[article]
        # without a hash the next ingest reads an article again that was cleaned by an older version
        hashed = one.original_hash if one.cleaning == identity.cleaning else ""
        numbered = ledger.passages(article)
        _, vectors = ledger.vectors_of(number for number, _ in numbered)
        passages = tuple(passage for _, passage in numbered)
        entry = Entry(ledger.article(article), ledger.original(article), ledger.sentences(article), passages)
        records.append(Record(entry, vectors, hashed))
    return Copies(tuple(records), identity)
