"""What much input may cost: files that are skipped, a title without end, and many articles, in time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.faults.count import Count

SKIPPED, SECONDS = 100_000, 5.0  # files in one folder, and the processor's time for them
TITLE, TITLE_COSTS = 80_000, 100  # characters, and MB
FEW, MANY, MORE_COSTS = 2_000, 20_000, 60  # articles, and MB by which many may need more than few
TAKE = """import json, resource, sys, time
from pathlib import Path
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from tests.fakes import FakeEmbedder

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

files, archive = map(Path, sys.argv[1:])
before, began = peak(), time.process_time()
*_, report = ingest(archive, Request((files,)), FakeEmbedder)
print(json.dumps([time.process_time() - began, peak() - before, report.articles, report.skipped]))"""


def taken(files: Path, archive: Path) -> tuple[float, int, int, int]:
    """Take files in, in a process of its own; return the seconds and MB that it cost, the articles and the skipped."""
    ran = subprocess.run([sys.executable, "-c", TAKE, str(files), str(archive)], capture_output=True, check=True)
    seconds, memory, articles, skipped = json.loads(ran.stdout)
    return seconds, memory, articles, skipped


def skipping(folder: Path, count: int = SKIPPED) -> str | None:
    """Skip many files; return what is wrong."""
    files = folder / "skipped"
    files.mkdir()
    (files / "a.txt").write_text("It rained on Monday in Rome.", "utf-8")
    for number in range(count):
        os.close(os.open(files / f"{number}.jpg", os.O_CREAT))
    seconds, _, _, skipped = taken(files, folder / "skipped-archive")
    if skipped != count:
        return f"{skipped} of {count} files were skipped"
    return f"{seconds:.1f} s for {count} files that are skipped" if seconds > SECONDS else None


def titled(folder: Path, length: int = TITLE) -> str | None:
    """Take in an article with a title that is as long as an article; return what is wrong."""
    dump = folder / "title.jsonl"
    text = "\n\n".join(f"Paragraph {number} says that it rained in Rome." for number in range(200))
    rows = [
        {"url": f"https://quay.example/{kind}", "title": word * (length // len(word)), "text": text}
        for kind, word in enumerate(("rain ", "x"))
    ]
    dump.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    _, memory, articles, _ = taken(dump, folder / "title-archive")
    if articles != len(rows):
        return f"{articles} of {len(rows)} articles were taken in"
    return f"{memory} MB for titles of {length} characters" if memory > TITLE_COSTS else None


def growing(folder: Path, few: int = FEW, many: int = MANY) -> tuple[str | None, int]:
    """Take in few and many articles; return what is wrong, and the MB by which many needed more."""
    costs = []
    for count in (few, many):
        dump = folder / f"{count}.jsonl"
        with dump.open("w", encoding="utf-8") as stream:
            for row in _rows(count):
                stream.write(f"{json.dumps(row)}\n")
        costs.append(taken(dump, folder / f"{count}-archive")[1])
        dump.unlink()
    more = costs[1] - costs[0]
    return f"{more} MB more for {many} articles than for {few}" if more > MORE_COSTS else None, more


def _rows(count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        text = "\n\n".join(
            f"In {place} of number {number} it rained for {place + number} hours." for place in range(20)
        )
        yield {"url": f"https://quay.example/{number}", "title": f"Rain {number}", "text": text, "publisher": "Quay"}


def run(folder: Path, _: int = 1, __: float = 0) -> Count:
    """Try all three."""
    count = Count()
    count.case(skipping(folder))
    count.case(titled(folder))
    wrong, more = growing(folder)
    count.case(wrong)
    count.facts = {f"MB more for {MANY} articles than for {FEW}": more}
    return count
