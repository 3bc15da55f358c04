"""How big a machine? From measured costs of an article and of a question to machines, hours and gigabytes.

    python -m benchmarks.sizing [--costs FILE] [--articles N …] [--readers N …] [--json]

The costs are measured on the spot, on a small archive that is made for it (--dump takes its articles from a dump, of
which the first --sample are read), or read from the JSON of an earlier run. All else is worked out from them and from
what is assumed: the output tells the three apart, and how each figure came about.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path

from benchmarks.costs import Costs, measured, read
from benchmarks.tables import Row, lines

ARTICLES, READERS = (10_000, 1_000_000, 100_000_000), (1, 100, 10_000)
GB, HOUR = 10**9, 3600


@dataclass(frozen=True, slots=True)
class Assumed:
    """What nobody can measure here: machines, and what readers do."""

    cores: int = 16
    memory_gb: int = 64
    busy: float = 0.6  # share of a machine that is planned for
    ingest_hours: int = 168  # in which the archive is to be taken in
    questions_a_day: float = 20  # of a reader
    busiest_hour: float = 0.2  # share of a day's questions
    room: float = 1.5  # of a disk, for what is changed and not yet tidied up, and for logs


ARCHIVE: Mapping[str, str] = {
    "ingest CPU h": "articles × ingest_seconds / 3600",
    "ingest machines": "CPU h / (cores × busy × ingest_hours), rounded up: as many shares (qa ingest --shard)",
    "ingest h": "CPU h / (machines × cores × busy)",
    "PostgreSQL GB": "articles × postgresql_bytes × room",
    "Chroma GB": "articles × chroma_bytes × room",
    "Chroma memory GB": "articles × passages / measured articles × memory_bytes",
    "Chroma machines": "memory / (memory_gb × busy), rounded up; several are Chroma's distributed deployment",
}
READING: Mapping[str, str] = {
    "questions/s": "readers × questions_a_day × busiest_hour / 3600",
    "CPU s a question": "answer_seconds + retrieval_seconds × retrieval_growth ^ log10(passages / measured passages)",
    "serve machines": "questions/s × CPU s a question / (cores × busy), rounded up",
    "serve memory GB": "serve_bytes on each of them",
    "machines": "one for PostgreSQL, with those for Chroma and for qa serve; those that ingest are needed once",
}


def archive(costs: Costs, assumed: Assumed, articles: int) -> Row:
    """Return what an archive takes; ARCHIVE says how."""
    power = assumed.cores * assumed.busy
    cpu_hours = articles * costs.ingest_seconds / HOUR
    ingesting = _whole(cpu_hours / (power * assumed.ingest_hours))
    memory = articles * costs.passages_each * costs.memory_bytes / GB
    return {
        "articles": articles,
        "ingest CPU h": _round(cpu_hours),
        "ingest machines": ingesting,
        "ingest h": _round(cpu_hours / (ingesting * power)),
        "PostgreSQL GB": _round(articles * costs.postgresql_bytes * assumed.room / GB),
        "Chroma GB": _round(articles * costs.chroma_bytes * assumed.room / GB),
        "Chroma memory GB": _round(memory),
        "Chroma machines": _whole(memory / (assumed.memory_gb * assumed.busy)),
    }


def reading(costs: Costs, assumed: Assumed, articles: int, readers: int) -> Row:
    """Return what the readers of an archive take; READING says how."""
    asked = readers * assumed.questions_a_day * assumed.busiest_hour / HOUR
    tenfold = max(0.0, math.log10(articles / costs.articles))
    question = costs.answer_seconds + costs.retrieval_seconds * costs.retrieval_growth**tenfold
    serving = _whole(asked * question / (assumed.cores * assumed.busy))
    chroma = int(archive(costs, assumed, articles)["Chroma machines"] or 0)
    return {
        "articles": articles,
        "readers": readers,
        "questions/s": _round(asked),
        "CPU s a question": _round(question),
        "serve machines": serving,
        "serve memory GB": _round(serving * costs.serve_bytes / GB),
        "machines": 1 + chroma + serving,
    }


def _whole(share: float) -> int:
    return max(1, math.ceil(share))


def _round(value: float) -> float:
    """Two digits: these are estimates."""
    return value if value == 0 else float(f"{value:.2g}")


def printed(costs: Costs, assumed: Assumed, articles: Sequence[int], readers: Sequence[int]) -> Iterator[str]:
    """Yield the lines of the output for people."""
    yield from told(costs, assumed)
    tables = (
        [archive(costs, assumed, one) for one in articles],
        [reading(costs, assumed, *pair) for pair in product(articles, readers)],
    )
    for rows in tables:
        yield ""
        yield from lines(tabled(rows))


def told(costs: Costs, assumed: Assumed) -> Iterator[str]:
    """Yield what was measured, what is assumed, and how the rest is worked out."""
    yield f"Measured, on {costs.articles:,} articles in {costs.passages:,} passages:"
    yield from _listed(asdict(costs))
    yield "Assumed:"
    yield from _listed(asdict(assumed))
    yield "Worked out from these:"
    yield from (f"  {name} = {how}" for name, how in {**ARCHIVE, **READING}.items())


def tabled(rows: Sequence[Row]) -> list[Row]:
    """Return rows as people read them: 1,200,000 or 0.34."""
    return [
        {name: f"{value:,}" if isinstance(value, int) else _text(value) for name, value in row.items()} for row in rows
    ]


def _text(value: str | float | None) -> str:
    return f"{value:,.0f}" if isinstance(value, float) and value >= 10 else f"{value:g}"


def _listed(values: Mapping[str, float]) -> Iterator[str]:
    return (
        f"  {name} = {value:,.0f}" if value >= 1_000 else f"  {name} = {value:.3g}" for name, value in values.items()
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--costs", type=Path, help="the JSON of an earlier run, instead of measuring")
    parser.add_argument("--dump", type=Path, help="a dump of articles to measure with, instead of made-up ones")
    parser.add_argument("--questions", type=Path, help="JSON lines with a question each, to measure with")
    parser.add_argument("--sample", type=int, default=100, help="articles to measure with")
    parser.add_argument("--articles", type=int, nargs="+", default=ARTICLES)
    parser.add_argument("--readers", type=int, nargs="+", default=READERS)
    parser.add_argument("--json", action="store_true")
    for field in fields(Assumed):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default, help="assumed")
    given = parser.parse_args()
    assumed = Assumed(**{field.name: getattr(given, field.name) for field in fields(Assumed)})
    rows = given.questions.read_text(encoding="utf-8").splitlines() if given.questions else []
    asked = [json.loads(row)["question"] for row in rows[:: max(1, len(rows) // 20)]]
    costs = read(given.costs) if given.costs else measured(given.dump, given.sample, asked, _say)
    if not given.json:
        print(*printed(costs, assumed, given.articles, given.readers), sep="\n")
        return
    parts = {
        "measured": asdict(costs),
        "assumed": asdict(assumed),
        "working": {**ARCHIVE, **READING},
        "archives": [archive(costs, assumed, one) for one in given.articles],
        "readings": [reading(costs, assumed, *pair) for pair in product(given.articles, given.readers)],
    }
    print(json.dumps(parts, ensure_ascii=False, indent=1))


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
