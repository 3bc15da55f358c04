"""Retrieval by the number of passages: does it stay flat?

    python -m benchmarks.latency [--passages N …] [--folder DIR] [--questions 60] [--stock] [--json] [--chart F]

For each size an archive is written, once, into --folder, and each question asked of all systems in turn. `ours` is
everything before the reader, the question's vector included; `ours, in a row` asks as many other questions before the
rest, without the pauses in which a woken thread begins on a core that is in use; `ours, one year` has a filter that
lets through a tenth of the articles, `ours, half` one that lets through half. `vector` is the question's vector alone,
`product` the bare product of all vectors with it, the 100 largest picked out; `stock`, with --stock, a llama-index
retriever over Chroma with the same embedder and vectors, and the same filter. `cpu` is time on the processor, all
threads together, which other work on the machine does not lengthen.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.chart import lines
from benchmarks.grown import Texts, archive, units
from benchmarks.tables import Row, show
from qa.config import cache_folder, load
from qa.types import Question
from qa.wiring import Wiring
from vectorstore.articles import EVERYTHING, Filter

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from vectorstore.embedding import Embedder, Vectors
    from vectorstore.store import Store

SIZES = [1_000, 10_000, 100_000]
NEAREST = 100
WARMING = 12  # questions that are not counted: of a large archive the first ten make the copies for exact search
PAUSE = 0.2  # seconds in which the threads of a matrix product, which wait at full load, fall asleep
YEAR, HALF = Filter(since="2019-01-01", until="2019-12-31"), Filter(since="2020-01-01")

Ask = Callable[[str], object]
Took = list[tuple[float, float]]  # wall and processor seconds of each question


def ours(assistant: Assistant, chosen: Filter = EVERYTHING) -> Ask:
    """Return our way to the passages that the reader gets."""
    return lambda text: assistant.evidence(Question(text, filter=chosen))


def product(vectors: Vectors) -> Ask:
    """Return the bare matrix product, whatever the question, with the largest values picked out."""
    queries = iter(units(1_000, vectors.shape[1], 1))

    def search(_: str) -> object:
        scores = vectors @ next(queries)
        return np.argpartition(-scores, min(NEAREST, len(scores) - 1))[:NEAREST]

    return search


def systems(store: Store, embedder: Embedder, wiring: Wiring, index: Path | None) -> Iterator[tuple[str, Ask]]:
    """Yield what is measured on one archive; a stock index of it is kept at `index`."""
    assistant = wiring.asking(store, embedder)
    yield "ours", ours(assistant)
    yield "ours, one year", ours(assistant, YEAR)
    yield "ours, half", ours(assistant, HALF)
    yield "vector", embedder.embed_query
    yield "product", product(store.ledger.vectors().vectors)
    if index:
        from benchmarks.stock import searching

        yield "stock", searching(store.ledger, embedder, index)
        yield "stock, one year", searching(store.ledger, embedder, index, YEAR)


def interleaved(asked: Mapping[str, Ask], questions: Sequence[str], pause: float = PAUSE) -> dict[str, Took]:
    """Ask each question of all systems in turn, with so many seconds between."""
    took: dict[str, Took] = {name: [] for name in asked}
    for question in questions:
        for name, ask in asked.items():
            began, spent = time.perf_counter(), time.process_time()
            ask(question)
            took[name].append((time.perf_counter() - began, time.process_time() - spent))
            time.sleep(pause)
    return {name: each[WARMING:] for name, each in took.items()}


def rows(passages: int, took: Mapping[str, Took]) -> Iterator[Row]:
    """Yield a row for each system: milliseconds at the median and of the slowest twentieth."""
    for name, each in took.items():
        wall, cpu = (sorted(1000 * one[at] for one in each) for at in (0, 1))
        yield {
            "passages": passages,
            "system": name,
            "p50": round(statistics.median(wall), 1),
            "p95": round(wall[int(0.95 * len(wall))], 1),
            "cpu": round(statistics.median(cpu), 1),
            "questions": len(each),
        }


def measured(passages: int, folder: Path, questions: int, *, stock: bool) -> Iterator[Row]:
    """Yield the rows of one size."""
    place = folder / str(passages)
    wiring = Wiring(load(), place)
    embedder = wiring.embedder()
    archive(place, passages, embedder)
    texts = Texts()
    count = 2 * (questions + WARMING)
    first, asked = (
        [texts.question(passages * (2 * n + 1) // (2 * count)) for n in range(at, count, 2)] for at in (0, 1)
    )
    with wiring.store("auto") as store:
        index = folder / f"{passages}-stock" if stock else None
        asking = dict(systems(store, embedder, wiring, index))
        row = interleaved({"ours, in a row": asking["ours"]}, first, pause=0.0)
        yield from rows(passages, row | interleaved(asking, asked))


def drawn(found: Sequence[Row]) -> str:
    """Return a chart of processor time by the number of passages."""
    named: dict[str, list[tuple[float, float]]] = {}
    for row in found:
        named.setdefault(str(row["system"]), []).append((float(row["passages"] or 0), max(0.1, float(row["cpu"] or 0))))
    return lines(named, "passages", "milliseconds of processor time a question, median")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, help="where the archives are kept")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--stock", action="store_true", help="beside llama-index over Chroma")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--chart", type=Path, help="an SVG to write")
    given = parser.parse_args()
    folder = given.folder or cache_folder(load()) / "grown"
    found: list[Row] = []
    for size in given.passages:
        print(f"{size:,} passages …", file=sys.stderr)
        found += measured(size, folder, given.questions, stock=given.stock)
    if given.chart:
        given.chart.write_text(drawn(found), encoding="utf-8")
    show(found, as_json=given.json)


if __name__ == "__main__":
    main()
