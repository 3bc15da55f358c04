"""Passages with their text, their sentences and the other articles that hold the same text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from vectorstore import filters
from vectorstore.articles import BlockKind, Filter, Hit, Reference, Sentence, fingerprint
from vectorstore.database import Database
from vectorstore.errors import StoreDamaged

REFERENCE = "articles.id, source, url, title, publisher, published"
KINDS = {kind.value: kind for kind in BlockKind}


def hits(database: Database, passages: Sequence[int], chosen: Filter) -> list[Hit]:
    """See Ledger.hits."""
    with database.snapshot():
        return completed(database, sketched(database, passages, chosen))


def sketched(database: Database, passages: Sequence[int], chosen: Filter) -> list[Hit]:
    """See Ledger.sketched."""
    asked = json.dumps(list(passages))
    with database.snapshot():
        sql = f"SELECT id, article, start, stop FROM passages WHERE id IN {database.numbers}"
        rows = database.rows(sql, (asked,))
        texts = _texts(database, sorted({row[1] for row in rows}))
        copies = _copies(database, asked, chosen)
    found = {}
    for passage, key, start, stop in rows:
        article, text = texts[key]
        found[passage] = Hit(passage, article, start, stop, text[start:stop], (), also=copies.get(passage, ()))
    return [found[passage] for passage in passages if passage in found]


def completed(database: Database, found: Sequence[Hit]) -> list[Hit]:
    """See Ledger.completed."""
    asked = json.dumps([hit.passage for hit in found])
    with database.snapshot():
        sql = f"SELECT id, fingerprint FROM passages WHERE id IN {database.numbers}"
        stored = dict(database.rows(sql, (asked,)))
        sentences = _sentences(database, asked)
    for hit in found:
        if fingerprint(hit.text) != stored.get(hit.passage):
            raise StoreDamaged(f"A passage of {hit.article.source} has changed on disk.", "Check with: qa doctor")
    return [replace(hit, sentences=sentences.get(hit.passage, ())) for hit in found]


def sentence(row: Sequence[Any]) -> Sentence:
    """Return a row of start, stop, block and kind as a sentence; raises ValueError for nonsense."""
    start, stop, block, kind = row
    # written out: a question reads a thousand
    if not (type(start) is type(stop) is type(block) is int and start >= 0 and stop >= 0 and block >= 0):
        raise ValueError(f"a sentence from {start!r} to {stop!r}")
    return Sentence(start, stop, block, KINDS[kind])


def reference(row: Sequence[Any]) -> Reference:
    """Return a row of REFERENCE; raises ValueError for nonsense."""
    for value, needed in zip(row, (True, True, False, True, False, False), strict=True):
        if not (isinstance(value, str) or (value is None and not needed)):
            raise ValueError(f"an article with {value!r} in the place of a text")
    if row[-1]:
        filters.day_bounds(row[-1])
    return Reference(*row)


def _texts(database: Database, keys: Sequence[int]) -> dict[int, tuple[Reference, str]]:
    # cut in Python: SQLite's substr ends at a NUL
    sql = f"SELECT key, {REFERENCE}, text FROM articles WHERE key IN {database.numbers}"
    rows = database.rows(sql, (json.dumps(keys),))
    return {row[0]: (reference(row[1:-1]), row[-1]) for row in rows}


def _sentences(database: Database, asked: str) -> dict[int, tuple[Sentence, ...]]:
    rows = database.rows(
        f"""SELECT id, sentences.start, sentences.stop, block, kind FROM passages
        JOIN sentences ON sentences.article = passages.article
            AND sentences.ord >= passages.first AND sentences.ord < passages.last
        WHERE id IN {database.numbers} ORDER BY id, sentences.ord""",
        (asked,),
    )
    grouped: dict[int, list[Sentence]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(sentence(row[1:]))
    return {passage: tuple(sentences) for passage, sentences in grouped.items()}


def _copies(database: Database, asked: str, chosen: Filter) -> dict[int, tuple[Reference, ...]]:
    condition, parameters = filters.where(chosen, database.names)
    rows = database.rows(
        f"""SELECT DISTINCT mine.id, key, {REFERENCE} FROM passages AS mine
        JOIN passages AS other ON other.fingerprint = mine.fingerprint AND other.article <> mine.article
        JOIN articles ON key = other.article
        WHERE mine.id IN {database.numbers} AND {condition}
        ORDER BY mine.id, key""",
        (asked, *parameters),
    )
    grouped: dict[int, list[Reference]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(reference(row[2:]))
    return {passage: tuple(references) for passage, references in grouped.items()}
