"""Compares Chroma with the ledger in a separate process, because damaged files can crash it.

Every vector is compared, and a sample of searches is run. A sound graph need not find each vector itself: among a
thousand equal passages the search ends early, and two thirds of the others were not found.

Run as `python -m vectorstore.index_check STORE GENERATION`; prints its findings as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.articles import Matrix
    from vectorstore.chroma import ChromaIndex
    from vectorstore.embedding import Vectors

SECONDS = 30.0
SAMPLES = 64
NEIGHBOURS = 10
BATCH = 5_000
SAME = 0.9999  # cosine of a vector with itself after a round trip through Chroma


@dataclass(frozen=True, slots=True)
class Findings:
    """How a generation differs from the ledger, in passages: missing, extra, or stored with another vector.

    Of the `asked` sampled searches, `wrong` returned too few neighbours or wrong distances; `error` says why nothing
    could be compared.
    """

    missing: int = 0
    extra: int = 0
    changed: int = 0
    wrong: int = 0
    asked: int = 0
    error: str = ""

    @property
    def sound(self) -> bool:
        """Whether no differences were found."""
        return not (self.missing or self.extra or self.changed or self.wrong or self.error)

    def __str__(self) -> str:
        if self.sound:
            return f"in sync with the ledger; all {self.asked} sampled searches were right"
        if self.error:
            return self.error
        differences = f"{self.missing} passages missing, {self.extra} extra, {self.changed} changed"
        return f"{differences}; {self.wrong} of {self.asked} sampled searches were wrong"


def probe(store: Path, generation: str, seconds: float = SECONDS) -> Findings:
    """Check a generation that no process has open; a crash or hang of the check is a finding."""
    command = [sys.executable, "-m", "vectorstore.index_check", str(store), generation]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return Findings(error=f"no answer within {seconds:.0f} s")
    if done.returncode < 0:
        return Findings(error=f"crashed while opening (signal {-done.returncode})")
    try:
        return Findings(**json.loads(done.stdout.splitlines()[-1]))
    except (ValueError, TypeError, IndexError):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return Findings(error="could not be opened: " + "".join(last))


def examine(store: Path, generation: str) -> Findings:
    """Compare ids and vectors, and search for a sample of the vectors, in this process."""
    from vectorstore.chroma import ChromaIndex
    from vectorstore.generations import Generations
    from vectorstore.ledger import Ledger
    from vectorstore.sqlite import FILE, SQLiteDatabase

    ledger = Ledger(SQLiteDatabase.reading(store / FILE))
    matrix = ledger.vectors()
    ledger.close()
    index = ChromaIndex.open(Generations(store).path(generation), matrix.vectors.shape[1])
    known, stored = set(matrix.passages.tolist()), set(index.ids())
    changed = sum(_changed(index, matrix, start) for start in range(0, len(known), BATCH))
    samples = matrix.vectors[:: max(1, len(known) // SAMPLES)]
    rows = {passage: row for row, passage in enumerate(matrix.passages.tolist())}
    wrong = sum(1 for vector in samples if not _is_true(index.search(vector, NEIGHBOURS), vector, matrix, rows))
    index.close()
    return Findings(len(known - stored), len(stored - known), changed, wrong, len(samples))


def _changed(index: ChromaIndex, matrix: Matrix, start: int) -> int:
    import numpy as np  # 0.1 s

    ids, vectors = matrix.passages[start : start + BATCH].tolist(), matrix.vectors[start : start + BATCH]
    stored = index.vectors(ids)
    # not (a >= b), so that a vector turned into NaN counts too
    return sum(
        1 for name, v in zip(ids, vectors, strict=True) if name in stored and not np.dot(stored[name], v) >= SAME
    )


def _is_true(found: Sequence[tuple[int, float]], vector: Vectors, matrix: Matrix, rows: Mapping[int, int]) -> bool:
    """Return whether a search found enough neighbours at the right distances."""
    return len(found) >= min(NEIGHBOURS, len(rows)) and all(
        passage in rows and abs(float(matrix.vectors[rows[passage]] @ vector) - cosine) <= 1 - SAME
        for passage, cosine in found
    )


def main(arguments: list[str]) -> None:
    """Print the findings about a store's generation as one line of JSON."""
    from vectorstore.errors import AppError

    store, generation = arguments
    try:
        findings = examine(Path(store), generation)
    except AppError as error:
        findings = Findings(error=error.message)
    print(json.dumps(asdict(findings)))


if __name__ == "__main__":
    main(sys.argv[1:])
