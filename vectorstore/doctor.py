"""Examines a store without changing it, and repairs what can be made anew from the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from vectorstore import lock, reconcile, schema
from vectorstore.articles import counted
from vectorstore.errors import AppError, StoreDamaged, StoreMissing
from vectorstore.generations import Generations
from vectorstore.index_check import probe
from vectorstore.ledger import Ledger
from vectorstore.records import content_hash, fingerprint
from vectorstore.store import LOCK, Store

REPAIR = "It is made anew from the ledger by: qa doctor"
STAYS = "It was made anew, and that did not help; make everything anew with: qa rebuild"
REBUILD = "Make the vectors anew with: qa rebuild"
INGEST = "Take the articles in again, into another folder: qa --store DIR ingest PATH"
TOLERANCE = 1e-3
SAMPLES = 64
MENDABLE = {"full-text index", "vector index"}  # made of what the ledger holds besides


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is well, what was seen, and what to do when it is not."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


def examine(folder: Path) -> Iterator[Check]:
    """Yield the checks of the store in `folder`, one after another; raises StoreMissing, and nothing else."""
    try:
        ledger = Ledger.open(folder)
    except StoreMissing:
        raise
    except AppError as error:
        yield Check("ledger", False, error.message, error.hint if "doctor" not in error.hint else INGEST)
        return
    try:
        yield _guarded("ledger", lambda: _integrity(ledger))
        yield _guarded("embedder", lambda: _embedder(ledger))
        yield _guarded("passages", lambda: _passages(ledger))
        yield _guarded("full-text index", lambda: _full_text(ledger))
        yield _guarded("vectors", lambda: _vectors(ledger))
        yield _guarded("vector index", lambda: _index(ledger, folder))
    finally:
        ledger.close()
    yield _guarded("writer", lambda: _writer(folder))


def treat(folder: Path) -> Iterator[Check]:
    """Yield the checks as `examine` does, after making anew what was found ill and can be; raises StoreMissing."""
    checks = list(examine(folder))
    ill = {check.name for check in checks if not check.ok}
    if not ill or not ill <= MENDABLE:
        yield from checks
        return
    try:
        for _ in repair(folder):
            pass
    except AppError as error:
        trouble = f"; not mended: {error.message}"
        yield from (replace(c, detail=c.detail + trouble, hint=error.hint) if c.name in ill else c for c in checks)
        return
    for check in examine(folder):
        yield _treated(check) if check.name in ill else check


def _treated(check: Check) -> Check:
    detail = f"made anew from the ledger: {check.detail}"
    return replace(check, detail=detail) if check.ok else replace(check, hint=STAYS)


def repair(folder: Path) -> Iterator[tuple[int, int]]:
    """Make the full-text index, where it is ill, and Chroma anew from the ledger; yields (done, total) in passages.

    Needs no embedder. Raises StoreLocked, IndexUnusable, or StoreDamaged when the ledger itself is broken.
    """
    with Store.writing(folder) as writer:
        if not _full_text(writer.ledger).ok:
            writer.ledger.reindex()
        yield from writer.sync_index(0, anew=True)


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (AppError, LookupError, ValueError, TypeError, ArithmeticError) as error:
        # what a damaged page makes of a row cannot be foreseen
        return Check(name, False, f"cannot be examined: {error}", INGEST)


def _integrity(ledger: Ledger) -> Check:
    said = [row[0] for row in ledger.database.rows("PRAGMA integrity_check(3)")]
    version, (articles, passages) = schema.version(ledger.database), ledger.count()
    size = f"{counted(articles, 'article')}, {counted(passages, 'passage')}"
    if said != ["ok"]:
        return Check("ledger", False, "; ".join(said), INGEST)
    return Check("ledger", True, f"schema {version}, {size}")


def _embedder(ledger: Ledger) -> Check:
    known = ledger.identity
    if known is None:
        return Check("embedder", ledger.count()[0] == 0, "none recorded", REBUILD)
    return Check("embedder", True, f"{known.embedder}, dimension {known.dimension}; passages: {known.passages}")


def _passages(ledger: Ledger) -> Check:
    articles = ledger.database.rows("SELECT key, id, source FROM articles ORDER BY key")
    wrong = [source for key, article, source in articles if not _whole(ledger, key, article)]
    if wrong:
        return Check(
            "passages", False, f"not what was stored: {counted(len(wrong), 'article')}, first {wrong[0]}", INGEST
        )
    return Check("passages", True, "every passage is its span of the canonical text, every original can be read")


def _whole(ledger: Ledger, key: int, article: str) -> bool:
    ledger.original(article)  # raises StoreDamaged
    stored, sentences = ledger.article(article), ledger.sentences(article)
    text = stored.text
    if content_hash(stored) != ledger.database.value("SELECT content_hash FROM articles WHERE key = ?", (key,)):
        return False
    sql = "SELECT start, stop, last, fingerprint FROM passages WHERE article = ?"
    return all(
        stop <= len(text) and last <= len(sentences) and fingerprint(text[start:stop]) == mark
        for start, stop, last, mark in ledger.database.rows(sql, (key,))
    ) and all(0 <= sentence.start < sentence.end <= len(text) for sentence in sentences)


def _full_text(ledger: Ledger) -> Check:
    hint = REPAIR
    try:
        ids = ledger.passage_ids()
        keys = [row[0] for row in ledger.database.rows("SELECT key FROM articles ORDER BY key")]
        wrong = _words(ledger, "passages_fts", "body", ids, "passage")
        wrong = wrong or _words(ledger, "articles_fts", "text", keys, "article")
    except (StoreDamaged, ValueError) as error:
        return Check("full-text index", False, str(error), hint)
    if wrong:
        return Check("full-text index", False, wrong, hint)
    return Check("full-text index", True, f"{counted(len(ids), 'passage')}, {counted(len(keys), 'article')}")


def _words(ledger: Ledger, table: str, column: str, ids: list[int], noun: str) -> str:
    """Return what is wrong with a full-text table of the rows `ids`; "" where nothing is."""
    indexed = [row[0] for row in ledger.database.rows(f"SELECT id FROM {table}_docsize ORDER BY id")]
    if indexed != ids:
        return f"{counted(len(indexed), 'row')} for {counted(len(ids), noun)}"
    sampled = ids[:: max(1, len(ids) // SAMPLES)]
    lost = sum(1 for number in sampled if not _findable(ledger, table, column, number))
    return f"not found by their first word: {counted(lost, f'sampled {noun}')}" if lost else ""


def _findable(ledger: Ledger, table: str, column: str, row: int) -> bool:
    body = ledger.database.value(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,))
    if body is None:
        return False
    word = re.search(r"[^\W_][\w\u0300-\u036f]*", body)  # an accent after its letter is no end of a word
    sql = f"SELECT count(*) FROM {table} WHERE {table} MATCH ? AND rowid = ?"
    return word is None or ledger.database.value(sql, (f'"{word.group()}"', row)) == 1


def _vectors(ledger: Ledger) -> Check:
    import numpy as np  # 0.1 s

    matrix = ledger.vectors()  # raises StoreDamaged when one is missing
    norms = np.linalg.norm(matrix.vectors, axis=1)
    wrong = int((~(np.abs(norms - 1.0) <= TOLERANCE)).sum())  # a NaN is within no tolerance
    if wrong:
        return Check("vectors", False, f"{wrong} of {len(norms)} are not finite unit vectors", REBUILD)
    return Check("vectors", True, f"{len(norms)}, all finite and of unit length")


def _writer(folder: Path) -> Check:
    path = folder / LOCK
    if lock.is_free(path):
        return Check("writer", True, "nobody is writing")
    return Check("writer", True, f"{lock.holder(path) or 'an unknown process'} is writing")


def _index(ledger: Ledger, folder: Path) -> Check:
    name = "vector index"
    generations = Generations(folder)
    current = generations.current
    if current is None:
        return Check(name, True, "no Chroma index; exact search serves")
    if ledger.meta("index_dirty") != "0":
        return Check(name, False, "a writer was stopped while it changed Chroma; exact search serves", REPAIR)
    if not reconcile.agrees(ledger):
        return Check(name, True, "Chroma is behind the ledger until the next ingest; exact search serves")
    with generations.lease(current) as lease:
        if lease is None:
            return Check(name, True, "Chroma is open in another process; not examined")
        if not generations.intact(current):
            return Check(name, False, "Chroma's files are not what was written; exact search serves", REPAIR)
        findings = probe(folder, current)
    return Check(name, findings.sound, f"Chroma: {findings}", "" if findings.sound else REPAIR)
