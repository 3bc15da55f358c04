"""Break things on purpose and count what fails.

    python -m benchmarks.faults NAME [--seed N] [--seconds S] [--json]

NAME is one of the rows of docs/reliability.md that name this command, or `all`. Exits with 1 if anything failed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.faults import (
    batches,
    beside,
    bounds,
    crash,
    damage,
    disk,
    escapes,
    inputs,
    kills,
    outputs,
    together,
    writes,
)
from benchmarks.faults.count import Count
from benchmarks.tables import show

Fault = Callable[[Path, int, float], Count]
FAULTS: Mapping[str, Fault] = {
    "crash": crash.run,
    "writes": writes.run,
    "batches": batches.run,
    "disk": disk.run,
    "together": together.run,
    "damage": damage.run,
    "beside": beside.run,
    "kills": kills.run,
    "inputs": inputs.run,
    "escapes": escapes.run,
    "outputs": outputs.run,
    "bounds": bounds.run,
}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=[*FAULTS, "all"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60, help="for those that run for a time")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows, failures = [], 0
    for name in FAULTS if given.name == "all" else [given.name]:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            count = FAULTS[name](Path(folder), given.seed, given.seconds)
        failures += len(count.failures)
        rows.append(count.row(name, time.perf_counter() - began))
    show(rows, as_json=given.json)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
