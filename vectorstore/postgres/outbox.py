"""The outbox: passages of which the vector index must look again whether they are there.

A transaction that adds or removes passages notes them there (see `tables`). Whoever writes takes notes, does what they
say, and then strikes them; a note that somebody else has taken is skipped, and taken up by others if they die.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from vectorstore.chroma_server import ChromaServerIndex

if TYPE_CHECKING:
    from vectorstore.database import Database
    from vectorstore.writer import LedgerWriter

TAKEN = 500  # notes at once


def waiting(database: Database, most: int) -> list[int]:
    """Return at most so many passages that the index may not have yet, or still has."""
    return [row[0] for row in database.rows("SELECT passage FROM outbox LIMIT ?", (most,))]


def everything(database: Database, also: Sequence[int]) -> None:
    """Note all passages, and others that the index has."""
    with database.transaction():
        database.rows("INSERT INTO outbox SELECT id FROM passages ORDER BY id ON CONFLICT DO NOTHING")
        sql = f"INSERT INTO outbox SELECT * FROM {database.numbers} AS more ON CONFLICT DO NOTHING"
        database.rows(sql, (json.dumps(list(also)),))


def empty(ledger: LedgerWriter, index: ChromaServerIndex) -> Iterator[tuple[int, int]]:
    """Do what the notes say until there are none, yielding (done, total) in passages; raises IndexUnusable."""
    total = int(ledger.database.value("SELECT count(*) FROM outbox"))
    done = 0
    while taken := _one_round(ledger, index):
        done += taken
        yield min(done, total), total


def _one_round(ledger: LedgerWriter, index: ChromaServerIndex) -> int:
    database = ledger.database
    with database.transaction():
        sql = "SELECT passage FROM outbox ORDER BY passage LIMIT ? FOR UPDATE SKIP LOCKED"
        noted = [row[0] for row in database.rows(sql, (TAKEN,))]
        owners = ledger.articles_of(noted)
        known, vectors = ledger.vectors_of(noted)
        for _ in index.add(known, vectors, [owners[passage] for passage in known]):
            pass
        for _ in index.delete([passage for passage in noted if passage not in owners]):
            pass
        database.rows(f"DELETE FROM outbox WHERE passage IN {database.numbers}", (json.dumps(noted),))
    return len(noted)
