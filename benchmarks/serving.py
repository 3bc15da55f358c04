"""`qa serve` under load: many clients in a closed loop, half of them event by event.

    python -m benchmarks.serving --store DIR [--clients 50] [--seconds 60] [--workers 2] [--json]

Starts the server as a process of its own and prints what its clients saw: replies, errors, replies a second, seconds at
the median and the 95th percentile, CPU seconds a reply, and resident memory at the beginning, the middle and the end.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import httpx

from benchmarks.tables import Row, show

QUESTIONS = (
    "When did King Salman visit Moscow?",
    "What could happen to Turkey's F-35 order?",
    "How many S-400 systems did India buy?",
    "What did Peskov say about the Patriot offer?",
    "How far away can the S-400 hit a target?",
)
TICKS = 100  # of CPU time in a second, on Linux


@dataclass(slots=True)
class Seen:
    """What clients saw of their replies."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    memory: list[int] = field(default_factory=list)


@contextmanager
def served(store: Path, workers: int) -> Iterator[tuple[str, int]]:
    """Give the address and the process id of a server that runs meanwhile."""
    qa = str(Path(sys.executable).with_name("qa"))
    command = [qa, "--quiet", "--store", str(store), "serve", "--port", "0", "--workers", str(workers)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = server.stderr.readline()
        found = re.search(r"http://\S+", said)
        if not found:
            raise SystemExit(said + server.stderr.read())
        try:
            yield found.group(), server.pid
        finally:
            server.terminate()


async def load(address: str, pid: int, clients: int, seconds: float) -> Seen:
    """Ask as many clients can, one question after another each, until the time is over."""
    seen, until = Seen(), time.monotonic() + seconds
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=httpx.Limits(max_connections=clients)) as client:
        asking = (ask(client, islice(cycle(QUESTIONS), n, None), n % 2 == 0, until, seen) for n in range(clients))
        await asyncio.gather(watch(pid, until, seen), *asking)
    return seen


async def ask(client: httpx.AsyncClient, questions: Iterator[str], streamed: bool, until: float, seen: Seen) -> None:
    """Be one client."""
    headers = {"Accept": "text/event-stream" if streamed else "application/json"}
    sign = "event: answered" if streamed else '"answered"'
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            reply = await client.post("/ask", json={"question": next(questions)}, headers=headers)
            seen.errors += reply.status_code != 200 or sign not in reply.text
        except httpx.HTTPError:
            seen.errors += 1
        seen.seconds.append(time.monotonic() - began)


async def watch(pid: int, until: float, seen: Seen) -> None:
    """Note the server's resident memory, in MiB, twice a second."""
    while time.monotonic() < until:
        rows = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
        seen.memory.append(next(int(row.split()[1]) // 1024 for row in rows if row.startswith("VmRSS")))
        await asyncio.sleep(0.5)


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def row(seen: Seen, took: float, used: float) -> Row:
    """Return the figures of a run of `took` seconds in which the server used so many of its CPU."""
    ordered, replies = sorted(seen.seconds), len(seen.seconds)
    return {
        "replies": replies,
        "errors": seen.errors,
        "a second": replies / took,
        "p50": _at(ordered, 0.5),
        "p95": _at(ordered, 0.95),
        "CPU s each": used / max(replies, 1),
        "MiB at first": seen.memory[0],
        "half-way": seen.memory[len(seen.memory) // 2],
        "at the end": seen.memory[-1],
    }


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with served(given.store, given.workers) as (address, pid):
        began, used = time.monotonic(), cpu(pid)
        seen = asyncio.run(load(address, pid, given.clients, given.seconds))
        figures = row(seen, time.monotonic() - began, cpu(pid) - used)
    show([figures], as_json=given.json)


if __name__ == "__main__":
    main()
