"""Checks an archive, and rebuilds whichever indexes are damaged from the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from vectorstore.articles import content_hash, counted, fingerprint
from vectorstore.checks import LOST, REPAIR, Check, guarded
from vectorstore.errors import AppError, StoreDamaged, StoreMissing
from vectorstore.ledger import Ledger
from vectorstore.places import Place, placed
from vectorstore.store import Store

STAYS = "Rebuilding it did not help; rebuild the whole archive with: qa rebuild"
REBUILD = "Re-embed every article with: qa rebuild"
TOLERANCE = 1e-3
MENDABLE = {"full-text index", "vector index"}  # derived from the rest of the ledger


def examine(where: Path | Place) -> Iterator[Check]:
    """Check an archive without changing it, yielding each result; raises nothing but StoreMissing."""
    place = placed(where)
    try:
        ledger = place.unchanged()
    except StoreMissing:
        raise
    except AppError as error:
        yield Check("ledger", False, error.message, error.hint if "doctor" not in error.hint else LOST)
        return
    try:
        yield guarded("ledger", lambda: _integrity(ledger))
        yield guarded("embedder", lambda: _embedder(ledger))
        yield guarded("passages", lambda: _passages(ledger))
        yield guarded("dates", lambda: _dates(ledger))
        yield guarded("full-text index", lambda: _full_text(ledger))
        yield guarded("vectors", lambda: _vectors(ledger))
        yield from place.checks(ledger)
    finally:
        ledger.close()


def treat(where: Path | Place) -> Iterator[Check]:
    """Yield the checks as `examine` does, after rebuilding any damaged index; raises StoreMissing."""
    checks = list(examine(where))
    ill = {check.name for check in checks if not check.ok}
    if not ill or not ill <= MENDABLE:
        yield from checks
        return
    try:
        for _ in repair(where):
            pass
    except AppError as error:
        trouble = f"; not repaired: {error.message}"
        yield from (replace(c, detail=c.detail + trouble, hint=error.hint) if c.name in ill else c for c in checks)
        return
    for check in examine(where):
        yield _treated(check) if check.name in ill else check


def _treated(check: Check) -> Check:
    detail = f"rebuilt from the ledger: {check.detail}"
    return replace(check, detail=detail) if check.ok else replace(check, hint=STAYS)


def repair(where: Path | Place) -> Iterator[tuple[int, int]]:
    """Rebuild Chroma, and the full-text index if it is damaged, from the ledger; yields (done, total) in passages.

    Needs no embedder. Raises StoreLocked, IndexUnusable, or StoreDamaged if the ledger itself is damaged.
    """
    with Store.writing(where) as writer:
        if not _full_text(writer.ledger).ok:
            writer.ledger.reindex()
        yield from writer.sync_index(0, fresh=True)


def _integrity(ledger: Ledger) -> Check:
    faults = ledger.database.faults()
    articles, passages = ledger.count()
    size = f"{counted(articles, 'article')}, {counted(passages, 'passage')}"
    if faults:
        return Check("ledger", False, "; ".join(faults), LOST)
    return Check("ledger", True, f"schema {ledger.meta('schema_version')}, {size}")


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
            "passages", False, f"{counted(len(wrong), 'article')} changed after storing, first {wrong[0]}", LOST
        )
    return Check("passages", True, "every passage matches its span of the canonical text, every original is readable")


def _dates(ledger: Ledger) -> Check:
    today = date.today().isoformat()
    sql = "SELECT source, published FROM articles WHERE published_from > ? ORDER BY published_from, key"
    ahead = ledger.database.rows(sql, (today,))
    if not ahead:
        return Check("dates", True, f"none after today, {today}")
    first = f"{counted(len(ahead), 'article')} dated after today, {today}, first {ahead[0][0]} ({ahead[0][1]})"
    return Check("dates", True, f"{first}; is the clock right?")


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
        words = ledger.database.words
        wrong = words.faults("passages", ids) or words.faults("articles", keys)
    except (StoreDamaged, ValueError) as error:
        return Check("full-text index", False, str(error), hint)
    if wrong:
        return Check("full-text index", False, wrong, hint)
    return Check("full-text index", True, f"{counted(len(ids), 'passage')}, {counted(len(keys), 'article')}")


def _vectors(ledger: Ledger) -> Check:
    import numpy as np  # 0.1 s

    matrix = ledger.vectors()  # raises StoreDamaged when one is missing
    norms = np.linalg.norm(matrix.vectors, axis=1)
    wrong = int((~(np.abs(norms - 1.0) <= TOLERANCE)).sum())  # a NaN is within no tolerance
    if wrong:
        return Check("vectors", False, f"{wrong} of {len(norms)} are not finite unit vectors", REBUILD)
    return Check("vectors", True, f"{len(norms)}, all finite and of unit length")
