"""Asks Chroma whether it still knows what the ledger knows, in a process of its own: damaged files end in a crash.

Run as `python -m vectorstore.probe STORE GENERATION`; prints its findings as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.index import ChromaIndex
    from vectorstore.records import Matrix

SECONDS = 30.0
SAMPLES = 64
BATCH = 5_000
SAME = 0.9999  # cosine of a vector with itself, after it went through Chroma


@dataclass(frozen=True, slots=True)
class Findings:
    """How a generation differs from the ledger, in passages: absent, too many, with another vector.

    `lost` of the `asked` sampled vectors did not find themselves; `error` says why there was nothing to compare.
    """

    missing: int = 0
    extra: int = 0
    changed: int = 0
    lost: int = 0
    asked: int = 0
    error: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not (self.missing or self.extra or self.changed or self.lost or self.error)

    def __str__(self) -> str:
        if self.sound:
            return f"in step with the ledger; {self.asked} sampled vectors found themselves"
        if self.error:
            return self.error
        differences = f"{self.missing} passages missing, {self.extra} too many, {self.changed} changed"
        return f"{differences}; {self.lost} of {self.asked} sampled vectors did not find themselves"


def probe(store: Path, generation: str, seconds: float = SECONDS) -> Findings:
    """Examine a generation that no process has open; a crash or a hang of the probe is a finding."""
    command = [sys.executable, "-m", "vectorstore.probe", str(store), generation]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return Findings(error=f"no answer within {seconds:.0f} s")
    if done.returncode < 0:
        return Findings(error=f"opening it crashes (signal {-done.returncode})")
    try:
        return Findings(**json.loads(done.stdout.splitlines()[-1]))
    except (ValueError, TypeError, IndexError):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return Findings(error="opening it fails: " + "".join(last))


def examine(store: Path, generation: str) -> Findings:
    """Compare ids and vectors, and search for a sample of them, in this process."""
    from vectorstore.generations import Generations
    from vectorstore.index import ChromaIndex
    from vectorstore.ledger import Ledger

    ledger = Ledger.open(store)
    matrix = ledger.vectors()
    ledger.close()
    index = ChromaIndex.open(Generations(store).path(generation), matrix.vectors.shape[1])
    known, stored = set(matrix.passages.tolist()), set(index.ids())
    changed = sum(_changed(index, matrix, start) for start in range(0, len(known), BATCH))
    step = max(1, len(known) // SAMPLES)
    samples = list(zip(matrix.passages[::step].tolist(), matrix.vectors[::step], strict=True))
    found = [(passage, index.search(vector, 10)) for passage, vector in samples]
    # another passage with the same vector may stand in its place
    lost = sum(1 for passage, hits in found if not hits or (hits[0][1] < SAME and passage not in dict(hits)))
    index.close()
    return Findings(len(known - stored), len(stored - known), changed, lost, len(samples))


def _changed(index: ChromaIndex, matrix: Matrix, start: int) -> int:
    import numpy as np  # 0.1 s

    ids, vectors = matrix.passages[start : start + BATCH].tolist(), matrix.vectors[start : start + BATCH]
    stored = index.vectors(ids)
    # not (a >= b), so that a vector turned into NaN counts too
    return sum(
        1 for name, v in zip(ids, vectors, strict=True) if name in stored and not np.dot(stored[name], v) >= SAME
    )


def main(arguments: list[str]) -> None:
    """Print the findings on a store's generation as one line of JSON."""
    from vectorstore.errors import AppError

    store, generation = arguments
    try:
        findings = examine(Path(store), generation)
    except AppError as error:
        findings = Findings(error=error.message)
    print(json.dumps(asdict(findings)))


if __name__ == "__main__":
    main(sys.argv[1:])
