"""Changes of the archive in a process of their own: embedding and Chroma stall the screen by up to 0.7 s from a thread.

The order goes to the child's standard input as one JSON object; what happens comes back as a line of JSON each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from qa.archive import Archive
from qa.types import Failure, IngestReport, Progress
from qa.wiring import Wiring
from vectorstore.errors import AppError

Event = Progress | IngestReport


def ingest(wiring: Wiring, paths: Sequence[Path]) -> Iterator[Event]:
    """Yield the events of an ingest that runs in another process; closing the iterator ends it. Raises AppError."""
    return _ordered(wiring, {"paths": [str(path.absolute()) for path in paths]})


def remove(wiring: Wiring, ids: Sequence[str]) -> int:
    """Remove articles in another process and return how many there were; raises AppError."""
    *_, report = _ordered(wiring, {"remove": list(ids)})
    assert isinstance(report, IngestReport)
    return report.removed


def _ordered(wiring: Wiring, what: dict[str, list[str]]) -> Iterator[Event]:
    order = {"config": wiring.config.model_dump(mode="json"), "folder": str(wiring.folder.absolute()), **what}
    with tempfile.TemporaryFile("w+") as complaints:
        child = subprocess.Popen(
            [sys.executable, "-m", "tui.importer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
        with child:
            try:
                yield from _events(child, order)
            finally:
                child.terminate()  # a group of articles is committed whole or not at all
        if child.returncode != 0:
            raise AppError(f"The work broke off: {_why(child, complaints)}", "What was done stays; try again.")


def _events(child: subprocess.Popen[str], order: dict[str, Any]) -> Iterator[Event]:
    assert child.stdin is not None
    assert child.stdout is not None
    with suppress(BrokenPipeError), child.stdin as stream:  # a child that is gone already has said why
        json.dump(order, stream)
    for text in child.stdout:
        yield _event(json.loads(text))
    child.wait()


def _event(row: dict[str, Any]) -> Event:
    if "message" in row:
        raise AppError(row["message"], row["hint"])
    if "stage" in row:
        return Progress(**row)
    failed = tuple(Failure(**one) for one in row.pop("failed"))
    return IngestReport(**{**row, "failed": failed, "warnings": tuple(row["warnings"])})


def _why(child: subprocess.Popen[str], complaints: IO[str]) -> str:
    """Return the last words of a child that failed; who is killed has none."""
    if child.returncode < 0:
        return f"signal {-child.returncode} ended it, as where memory runs out."
    complaints.seek(0)
    return (complaints.read().strip().splitlines() or ["without a word"])[-1]


def _taking(wiring: Wiring, paths: Sequence[str]) -> Iterator[Event]:
    yield from Archive(wiring).ingesting(paths)


def _removing(wiring: Wiring, ids: Sequence[str]) -> Iterator[Event]:
    with Archive(wiring) as archive:
        yield IngestReport(removed=archive.remove(*ids))


def main() -> None:
    """Carry out the order on standard input and print what happens."""
    from qa.settings import Config

    if hasattr(os, "nice"):
        os.nice(5)  # the screen and its questions go first
    order = json.load(sys.stdin)
    wiring = Wiring(Config.model_validate(order["config"]), Path(order["folder"]))
    try:
        for event in _removing(wiring, order["remove"]) if "remove" in order else _taking(wiring, order["paths"]):
            print(json.dumps(asdict(event)), flush=True)
    except AppError as error:
        print(json.dumps({"message": error.message, "hint": error.hint}), flush=True)


if __name__ == "__main__":
    main()
