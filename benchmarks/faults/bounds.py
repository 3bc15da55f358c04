"""What much input may cost: files that are skipped, a title without end, and many articles, in time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.count import Count
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.types import Progress
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).parents[2]

SKIPPED, SECONDS = 100_000, 5.0  # files in one folder, and the processor's time for them
TITLE, TITLE_COSTS = 80_000, 100  # characters, and MB
FEW, MANY = 10_000, 50_000  # articles; of few, the ledger fills its page cache already
TAKING, WITH_CHROMA = 800, 3_500  # bytes that one more article may need while it is taken in, and with Chroma's graph
HOLDING = 600  # bytes that may be held for an article that has not changed
TAKE = """import json, resource, sys, time
from pathlib import Path
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from tests.fakes import FakeEmbedder

def peak():
    try:  # ru_maxrss begins with what the process that started this one needed
        return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

files, archive, dimension = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
before, began = peak(), time.process_time()
taking = before
for step in ingest(archive, Request((files,)), lambda: FakeEmbedder(dimension=dimension)):
    if getattr(step, "stage", "") in {"read", "embed"}:
        taking = peak()
seconds = time.process_time() - began
print(json.dumps([seconds, taking - before, peak() - before, step.articles, step.skipped]))"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What it cost to take files in, in seconds of the processor and KB, until Chroma and with it; what came of it."""

    seconds: float
    taking: int
    memory: int
    articles: int
    skipped: int


def taken(files: Path, archive: Path, dimension: int = 32) -> Taken:
    """Take files in, in a process of its own, with an embedder that costs nothing."""
    command = [sys.executable, "-c", TAKE, str(files), str(archive), str(dimension)]
    return Taken(*json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


def skipping(folder: Path, count: int = SKIPPED) -> str | None:
    """Skip many files; return what is wrong."""
    files = folder / "skipped"
    files.mkdir()
    (files / "a.txt").write_text("It rained on Monday in Rome.", "utf-8")
    for number in range(count):
        os.close(os.open(files / f"{number}.jpg", os.O_CREAT))
    cost = taken(files, folder / "skipped-archive")
    if cost.skipped != count:
        return f"{cost.skipped} of {count} files were skipped"
    return f"{cost.seconds:.1f} s for {count} files that are skipped" if cost.seconds > SECONDS else None


def titled(folder: Path, length: int = TITLE) -> str | None:
    """Take in an article with a title that is as long as an article; return what is wrong."""
    dump = folder / "title.jsonl"
    text = "\n\n".join(f"Paragraph {number} says that it rained in Rome." for number in range(200))
    rows = [
        {"url": f"https://quay.example/{kind}", "title": word * (length // len(word)), "text": text}
        for kind, word in enumerate(("rain ", "x"))
    ]
    dump.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    cost = taken(dump, folder / "title-archive")
    if cost.articles != len(rows):
        return f"{cost.articles} of {len(rows)} articles were taken in"
    memory = cost.memory // 1024
    return f"{memory} MB for titles of {length} characters" if memory > TITLE_COSTS else None


def growing(folder: Path, few: int = FEW, many: int = MANY) -> tuple[str | None, dict[str, int]]:
    """Take in few and many articles of one passage; return what is wrong, and what was measured."""
    costs = []
    for count in (few, many):
        dump = folder / f"{count}.jsonl"
        with dump.open("w", encoding="utf-8") as stream:
            for row in _rows(count):
                stream.write(f"{json.dumps(row)}\n")
        costs.append(taken(dump, folder / f"{count}-archive", dimension=384))
        dump.unlink()
    taking, whole = (1024 * (most - least) // (many - few) for least, most in _pairs(*costs))
    facts = {
        f"MB for {few} articles": costs[0].memory // 1024,
        f"MB for {many} articles": costs[1].memory // 1024,
        "bytes for one more, until Chroma": taking,
        "bytes for one more, with Chroma": whole,
    }
    wrong = f"one more article needs {taking} bytes, and {whole} with Chroma"
    return wrong if taking > TAKING or whole > WITH_CHROMA else None, facts


def _pairs(few: Taken, many: Taken) -> tuple[tuple[int, int], tuple[int, int]]:
    return (few.taking, many.taking), (few.memory, many.memory)


def holding(folder: Path, count: int = 200) -> str | None:
    """Take in a folder of which one file has changed; return what is wrong with what is held for the others."""
    files, archive = folder / "files", folder / "held-archive"
    files.mkdir()
    for number in range(count):
        (files / f"{number}.txt").write_text(f"Rain {number}\n\nIt rained for {number} hours in Rome.", "utf-8")
    _take(files, archive)
    (files / f"{count - 1}.txt").write_text("Rain\n\nIt rained on Monday in Rome, and nowhere else.", "utf-8")
    tracemalloc.start()
    try:
        size = _take(files, archive) // count
    finally:
        tracemalloc.stop()
    return f"{size} bytes are held for an article" if size > HOLDING else None


def _take(files: Path, archive: Path) -> int:
    """Take files in; return how many bytes our modules hold when the last one has been, before it comes to Chroma."""
    for step in ingest(archive, Request((files,)), FakeEmbedder):
        if isinstance(step, Progress) and step.stage == "embed" and step.done == step.total:
            return _held() if tracemalloc.is_tracing() else 0
    return 0


def _held() -> int:
    ours = [tracemalloc.Filter(True, str(ROOT / name / "*")) for name in ("qa", "vectorstore")]
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(ours).traces)


def _rows(count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        text = "\n\n".join(f"In {place} of number {number} it rained for {place + number} hours." for place in range(6))
        yield {"url": f"https://quay.example/{number}", "title": f"Rain {number}", "text": text, "publisher": "Quay"}


def run(folder: Path, _: int = 1, __: float = 0) -> Count:
    """Try all four."""
    count = Count()
    count.case(skipping(folder))
    count.case(titled(folder))
    count.case(holding(folder))
    wrong, facts = growing(folder)
    count.case(wrong)
    count.facts = facts
    return count
