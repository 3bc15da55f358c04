"""Exact search beside Chroma by the number of passages: above which is Chroma faster?

    python -m benchmarks.index [SIZE...] [--queries 30] [--json]

Random unit vectors of 384 components, the 100 nearest, unfiltered, median milliseconds of single queries. Recall is the
share of the exact 100 that Chroma names; random vectors, which have no neighbourhoods, are its worst case.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.tables import Row, show
from vectorstore.articles import Matrix
from vectorstore.chroma import ChromaIndex
from vectorstore.exact import ExactIndex
from vectorstore.index import VectorIndex

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors

SIZES = [10_000, 50_000, 100_000, 200_000]
DIMENSION, NEAREST, SEED = 384, 100, 7

Found = list[list[int]]


def units(rows: int, seed: int) -> Vectors:
    """Return random unit vectors, float32, shape (rows, DIMENSION)."""
    vectors = np.random.default_rng(seed).standard_normal((rows, DIMENSION), np.float32)
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


def exact(vectors: Vectors) -> ExactIndex:
    """Return the exact search over the vectors, each an article of one passage."""
    ids = np.arange(len(vectors), dtype=np.int64)
    index = ExactIndex(Matrix(ids, ids, vectors, 0))
    index.sieve.fill()
    return index


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of single queries; the least tells what a busy machine hides."""

    median: float
    least: float


def timed(index: VectorIndex, queries: Vectors) -> tuple[Times, Found]:
    """Return how long queries took and what each found; the first, which warms up, does not count."""
    times, found = [], []
    for query in (queries[0], *queries):
        began = time.perf_counter()
        hits = index.search(query, NEAREST)
        times.append(1000 * (time.perf_counter() - began))
        found.append([passage for passage, _ in hits])
    return Times(statistics.median(times[1:]), min(times[1:])), found[1:]


def rows(sizes: Sequence[int], count: int, folder: Path, say: Callable[[str], None]) -> Iterator[Row]:
    """Yield a row for each size, ascending; one Chroma index grows from each to the next."""
    vectors, queries = units(max(sizes), SEED), units(count, SEED + 1)
    chroma, had = ChromaIndex.create(folder / "index", DIMENSION), 0
    for size in sorted(sizes):
        began = time.perf_counter()
        for done in chroma.add(range(had, size), vectors[had:size]):
            say(f"Chroma: {had + done:,} of {max(sizes):,}")
        adding, had = (size - had) / (time.perf_counter() - began), size
        plain, truth = timed(exact(vectors[:size]), queries)
        through, found = timed(chroma, queries)
        shared = [len(set(a) & set(b)) / NEAREST for a, b in zip(truth, found, strict=True)]
        yield {
            "passages": size,
            "exact ms": plain.median,
            "exact least": plain.least,
            "Chroma ms": through.median,
            "Chroma least": through.least,
            "Chroma recall": statistics.mean(shared),
            "Chroma rows/s": round(adding),
        }
    chroma.close()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--queries", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = list(rows(given.sizes, given.queries, Path(folder), lambda said: print(said, file=sys.stderr)))
    show(found, as_json=given.json)


if __name__ == "__main__":
    main()
