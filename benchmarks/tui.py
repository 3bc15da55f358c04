"""The screens' start and their stalls, in a real pseudo-terminal beside a bare Textual application.

    python -m benchmarks.tui [-n 10] [--articles DUMP] [--limit N] [--json]

Start: seconds from the process's start to the first frame's bytes, and of them those of the processor, which other work
on the machine changes least, in turns with the bare application; and to when a question is answered with the full
retrieval. Stalls: how late a 5 ms timer of the event loop comes, in
milliseconds, while the models load and, with --articles, while that dump is taken in.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.tables import Row, show
from tests.tui.terminal import Terminal

TICK = 0.005
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("Bare application")
Bare().run()
"""


@dataclass
class Probe:
    """What the application under test writes down about itself."""

    ready: float = 0.0  # time.time()
    late: dict[str, list[float]] = field(default_factory=dict)  # milliseconds by what was going on
    imported: int = 0


def run_probe(store: Path, out: Path, articles: Path | None) -> None:
    """Run the application with a timer in its loop until models and articles are there, and write down what it saw."""
    from tui.main import opened, starting

    load = starting(lambda: opened(str(store), None))
    from qa.types import IngestReport
    from tui.app import FootnoteApp

    probe = Probe()

    class Probed(FootnoteApp):
        phase = "start"

        def on_mount(self) -> None:
            self.run_worker(self._tick(), group="tick")
            self.run_worker(self._go_through(), group="through")

        async def _tick(self) -> None:
            while True:
                began = time.perf_counter()
                await asyncio.sleep(TICK)
                late = (time.perf_counter() - began - TICK) * 1000
                probe.late.setdefault(self.phase, []).append(late)

        async def _go_through(self) -> None:
            while self.main.context.services is None:
                await asyncio.sleep(TICK)
            self.phase = "models load"
            while self.main.panes.status.status.doing:
                await asyncio.sleep(TICK)
            probe.ready = time.time()
            if articles is not None:
                self.phase = "ingest"
                self.main.archiving.add([str(articles)])
                while self.main.archiving.last_report is None:
                    await asyncio.sleep(TICK * 20)
                assert isinstance(self.main.archiving.last_report, IngestReport)
                probe.imported = self.main.archiving.last_report.articles
            self.exit()

    Probed(load).run()
    out.write_text(json.dumps({"ready": probe.ready, "late": probe.late, "imported": probe.imported}))


def first_frame(command: Sequence[str], sign: bytes) -> tuple[float, float]:
    """Return the seconds from a command's start until `sign` is on its screen, and of them the processor's."""
    began, used = time.perf_counter(), _used()
    with Terminal(command) as terminal:
        while sign not in terminal.output:
            terminal.read(0.01)
        took = time.perf_counter() - began
    return took, _used() - used


def _used() -> float:
    """Return the processor's seconds of all processes that were started here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def probed(store: Path, articles: Path | None = None) -> tuple[float, dict[str, list[float]], int]:
    """Run the probe in a pseudo-terminal; return seconds until it was ready, lateness by phase, articles held."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "probe.json"
        command = [sys.executable, "-m", "benchmarks.tui", "--probe", str(out), "--store", str(store)]
        began = time.time()
        with Terminal([*command, *(["--articles", str(articles)] if articles else [])]) as terminal:
            while not out.exists() or not out.stat().st_size:
                terminal.read(0.05)
        row = json.loads(out.read_text())
    return row["ready"] - began, row["late"], row["imported"]


def stalls(name: str, late: Sequence[float]) -> Row:
    """Return percentiles of lateness in milliseconds."""
    ranked = sorted(late)

    def at(share: float) -> float:
        return ranked[min(int(share * len(ranked)), len(ranked) - 1)]

    return {
        "stalls": name,
        "ticks": len(ranked),
        "p50": at(0.5),
        "p99": at(0.99),
        "p99.9": at(0.999),
        "max": ranked[-1],
    }


def starts(store: Path, n: int) -> list[Row]:
    """Return the medians of n starts of ours and of the bare application, in turns after one that isn't counted."""
    ours = [sys.executable, "-m", "tui", "--store", str(store)]
    commands = {
        "footnote": (ours, b"Ask the archive"),
        "bare textual": ([sys.executable, "-c", BARE], b"Bare application"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    used: dict[str, list[float]] = {name: [] for name in commands}
    for turn, (name, (command, sign)) in itertools.product(range(n + 1), commands.items()):
        waited, worked = first_frame(command, sign)
        if turn:
            seconds[name].append(waited)
            used[name].append(worked)
    ready = [probed(store)[0] for _ in range(n)]
    bare = statistics.median(seconds["bare textual"])
    rows: list[Row] = [
        {
            "start": name,
            "median s": statistics.median(took),
            "max s": max(took),
            "processor s": statistics.median(used[name]),
            "× bare": statistics.median(took) / bare,
        }
        for name, took in seconds.items()
    ]
    took = statistics.median(ready)
    whole = "footnote, full retrieval"
    return [
        *rows,
        {"start": whole, "median s": took, "max s": max(ready), "processor s": None, "× bare": took / bare},
    ]


def shortened(dump: Path, limit: int, folder: Path) -> Path:
    """Write the first rows of a .jsonl or .jsonl.gz dump into a file of its own."""
    out = folder / "articles.jsonl"
    opened = gzip.open if dump.suffix == ".gz" else open
    with opened(dump, "rt", encoding="utf-8") as rows, out.open("w", encoding="utf-8") as copy:
        copy.writelines(itertools.islice(rows, limit))
    return out


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=10, help="starts of each")
    parser.add_argument("--articles", type=Path, help="a dump to take in while stalls are measured")
    parser.add_argument("--limit", type=int, default=1_000_000, help="rows of the dump")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--probe", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.probe:
        run_probe(given.store, given.probe, given.articles)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(given, Path(folder))


def measure(given: argparse.Namespace, folder: Path) -> None:
    """Print both tables, over an archive of the seeds."""
    from qa.config import load
    from qa.wiring import wire
    from tui.core import Core

    store = folder / "archive"
    core = Core(wire(load(), store))
    list(core.ingest([str(core.seeds())]))
    started = starts(store, given.n)
    articles = shortened(given.articles, given.limit, folder) if given.articles else None
    _, late, held = probed(store, articles)
    late.pop("start", None)
    lateness = [
        stalls(name if name != "ingest" else f"ingest of {held - 5:,} articles", ms) for name, ms in late.items()
    ]
    if given.json:
        print(
            json.dumps({"starts": started, "stalls": lateness, "cores": os.cpu_count()}, ensure_ascii=False, indent=1)
        )
        return
    show(started, as_json=False)
    print()
    show(lateness, as_json=False)


if __name__ == "__main__":
    main()
