"""Askers beside writers: no row may fail, and no quote may show what never was in the archive.

Two processes ask, with two threads each, one of them through Chroma; a third takes in, changes, removes, prunes and
rebuilds without a pause. The models are light ones, so that there are many questions and many changes.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.faults.count import Count
from qa.answer.extractive import Extractive
from qa.assistant import Assistant
from qa.batch.run import answer_row
from qa.batch_input import Row
from qa.ingest.pipeline import ingest, rebuild
from qa.ingest.survey import Request
from qa.retrieve.context import HintFilter
from qa.retrieve.hybrid import HybridRetriever
from qa.retrieve.search import DenseRetriever, Diversifier, LexicalRetriever
from tests.fakes import FakeEmbedder, FakeReader
from vectorstore.index import IndexUnusable
from vectorstore.store import Store

ARTICLES = 40
ASKERS = 2  # threads of each of the two processes
PLACES = "harbour mill station bridge market tower ferry quarry orchard lighthouse".split()


def text(number: int, version: int) -> str:
    """Return an article as it stands in a version: what it tells of a place changes each time, and where."""
    place = PLACES[number % len(PLACES)]
    lines = [f"The {place} of number {number} opened at {version % 12} o'clock in round {version}."]
    lines += [f"Line {at} of round {version} tells of the {place} and of number {number}." for at in range(version % 5)]
    return "\n\n".join(reversed(lines)) + "\n"


def ever(quote: str, last: int, first: int = 0) -> bool:
    """Tell whether a quote stands in any version of any article."""
    return any(quote in text(number, version) for number in range(ARTICLES) for version in range(first, last + 1))


@dataclass(slots=True)
class Change:
    """Changes an archive and the files that it is made of, in a random order."""

    archive: Path
    files: Path
    chance: random.Random
    version: int = 0

    def write(self, numbers: range | list[int]) -> None:
        """Write the next version of articles to their files."""
        self.version += 1
        for number in numbers:
            half = self.files / f".{number}"  # whole or not at all: a file that is cut off is a fault of another kind
            half.write_text(text(number, self.version), "utf-8")
            half.replace(self.files / f"{number}.txt")

    def take(self, *, prune: bool = False) -> None:
        """Take in the files."""
        for _ in ingest(self.archive, Request((self.files,), prune=prune, confirm=lambda _: True), FakeEmbedder):
            pass

    def once(self) -> None:
        """Make one change."""
        some = self.chance.sample(range(ARTICLES), 6)
        changes: list[Callable[[], None]] = [
            partial(self._changed, some),
            partial(self._pruned, some),
            self._removed,
            self._rebuilt,
        ]
        self.chance.choice(changes)()

    def _changed(self, some: list[int]) -> None:
        self.write(some)
        self.take()

    def _pruned(self, some: list[int]) -> None:
        for number in some[:3]:
            (self.files / f"{number}.txt").unlink(missing_ok=True)
        self.take(prune=True)

    def _removed(self) -> None:
        with Store.writing(self.archive) as writer:
            listed = writer.ledger.articles()
            writer.remove(one.article.id for one in self.chance.sample(listed, min(3, len(listed))))
            with suppress(IndexUnusable):
                list(writer.sync_index(0))

    def _rebuilt(self) -> None:
        for _ in rebuild(self.archive, FakeEmbedder()):
            pass


def asking(store: Store) -> Assistant:
    """Return an assistant of light models, wired as the command line wires its own."""
    embedder = FakeEmbedder()
    hybrid = HybridRetriever(DenseRetriever(store, embedder), LexicalRetriever(store), store)
    retriever = Diversifier(HintFilter(hybrid, store), 5, store)
    return Assistant(store, retriever, FakeReader(), Extractive(store, 0.0), pieces=embedder.count_tokens)


def ask(archive: Path, index: str, seed: int, seconds: float) -> None:
    """Ask in several threads until the time is over, and print each row as a line of JSON."""
    end, printing = time.monotonic() + seconds, threading.Lock()
    with Store.open(archive, index="auto" if index == "auto" else "exact", threshold=0) as store:
        assistant = asking(store)

        def work(chance: random.Random) -> None:
            while time.monotonic() < end:
                number = chance.randrange(ARTICLES)
                words = f"When did the {PLACES[number % len(PLACES)]} of number {number} open"
                row = answer_row(assistant, Row(1, None, f"{words} according to {PLACES[0]}?"))
                kept = {
                    "status": row["status"],
                    "error": row["error"],
                    "quotes": [c["quote"] for c in row["citations"]],
                }
                with printing:
                    print(json.dumps(kept), flush=True)

        threads = [threading.Thread(target=work, args=(random.Random(seed * 100 + n),)) for n in range(ASKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def run(folder: Path, seed: int, seconds: float) -> Count:
    """Ask and change for a time; every row is a case."""
    change = Change(folder / "archive", folder / "files", random.Random(seed))
    change.files.mkdir()
    change.write(range(ARTICLES))
    change.take()
    askers = [_started(change.archive, kind, seed + at, seconds) for at, kind in enumerate(("exact", "auto"))]
    said: list[tuple[str, str]] = []
    readers = [threading.Thread(target=lambda asker=asker: said.append(asker.communicate())) for asker in askers]
    for reader in readers:
        reader.start()
    changes = _while(lambda: any(asker.poll() is None for asker in askers), change.once)
    for reader in readers:
        reader.join()
    count, quotes = Count(), 0
    for out, err in said:
        if err:
            count.case(err.strip().splitlines()[-1])
        for line in out.splitlines():
            row = json.loads(line)
            quotes += len(row["quotes"])
            count.case(_trouble(row, change.version))
    count.facts = {"quotes": quotes, "changes": changes, "askers": ASKERS * len(askers)}
    return count


def _started(archive: Path, index: str, seed: int, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.faults.together", str(archive), index, str(seed), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _while(running: Callable[[], bool], step: Callable[[], None]) -> int:
    steps = 0
    while running():
        step()
        steps += 1
    return steps


def _trouble(row: dict[str, Any], versions: int) -> str | None:
    if row["status"] != "ok":
        return str(row["error"])
    return next((f"never in the archive: {quote}" for quote in row["quotes"] if not ever(quote, versions)), None)


if __name__ == "__main__":
    ask(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
