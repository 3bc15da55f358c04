"""A cold question: `qa ask` beside the stock pipeline, process by process, interleaved.

    python -m benchmarks.cold [--articles DIR] [--store DIR] [--index DIR] [-n 10] [--question Q] [--json]

Each run is a new process; the medians of wall seconds and of peak memory are printed, and ours as a share of stock.
Bytecode is kept, as pip leaves it: compiling our modules takes 0.1 s, and only a checkout would have to.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import Row, show

QUESTION = "How far away can the S-400 destroy planes, drones and missiles?"


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds from start to end and on the processor, and peak resident memory in MiB."""

    seconds: float
    memory: float
    cpu: float


def timed(command: Sequence[str]) -> Run:
    """Run a command to its end and return what it took; raises CalledProcessError when it fails."""
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=compiled) as process:
        assert process.stderr is not None
        said = process.stderr.read()  # to its end: a full pipe would stop the process
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return Run(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)  # KiB on Linux


def interleaved(commands: dict[str, list[str]], n: int, *, warm: bool = True) -> dict[str, list[Run]]:
    """Run each command n times in turns, with `warm` after one turn that is not counted and warms the file cache."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(n + warm):
        for name, command in commands.items():
            run = timed(command)
            if turn >= warm:
                runs[name].append(run)
    return runs


def rows(runs: dict[str, list[Run]]) -> list[Row]:
    """Return medians, and each as a share of the last system's."""
    medians = {
        name: (statistics.median(r.seconds for r in each), statistics.median(r.memory for r in each))
        for name, each in runs.items()
    }
    seconds, memory = list(medians.values())[-1]
    return [
        {
            "system": name,
            "runs": len(runs[name]),
            "seconds": s,
            "of stock": s / seconds,
            "MiB": round(m),
            "of stock’s": m / memory,
        }
        for name, (s, m) in medians.items()
    ]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, default=Path("seeds"))
    parser.add_argument("--store", type=Path, help="an archive of the articles that is there already")
    parser.add_argument("--index", type=Path, help="a stock index of them that is there already")
    parser.add_argument("-n", type=int, default=10)
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    qa, stock = [str(Path(sys.executable).with_name("qa"))], [sys.executable, "-m", "benchmarks.stock"]
    with tempfile.TemporaryDirectory() as made:
        store, index = given.store or Path(made, "store"), given.index or Path(made, "index")
        if given.store is None:
            subprocess.run([*qa, "--quiet", "--store", str(store), "ingest", str(given.articles)], check=True)
        if given.index is None:
            subprocess.run([*stock, "build", str(given.articles), str(index)], check=True, stderr=subprocess.DEVNULL)
        commands = {
            "qa ask": [*qa, "--store", str(store), "ask", given.question],
            "stock ask": [*stock, "ask", str(index), given.question],
        }
        runs = interleaved(commands, given.n)
    show(rows(runs), as_json=given.json)


if __name__ == "__main__":
    main()
