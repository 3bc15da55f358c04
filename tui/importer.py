"""Changes of the archive in a process of their own: embedding and Chroma stall the screen by up to 0.7 s from a thread.

The order goes to the child's standard input as one JSON object; what happens comes back as a line of JSON each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from qa.archive import Archive
from qa.config import shared_archive
from qa.incoming import catching_up, taking_in
from qa.ingest.web.following import Following
from qa.types import Failure, IngestReport, Progress
from qa.wiring import Wiring
from vectorstore.errors import AppError

Event = Progress | IngestReport
BEAT = 0.25  # seconds


def ingest(wiring: Wiring, names: Sequence[str]) -> Iterator[Event]:
    """Yield the events of an ingest of files, folders and web addresses that runs in another process.

    Closing the iterator ends it. Raises AppError.
    """
    return _ordered(wiring, {"names": list(names)})


def follow(wiring: Wiring, addresses: Sequence[str]) -> Iterator[Event]:
    """Yield the events of following feeds from now on, or without any of fetching what all feeds have; as `ingest`."""
    return _ordered(wiring, {"follow": list(addresses)})


def remove(wiring: Wiring, ids: Sequence[str]) -> int:
    """Remove articles in another process and return how many there were; raises AppError."""
    *_, report = _ordered(wiring, {"remove": list(ids)})
    assert isinstance(report, IngestReport)
    return report.removed


def _ordered(wiring: Wiring, what: dict[str, list[str]]) -> Iterator[Event]:
    order = {
        "config": wiring.config.model_dump(mode="json"),
        "folder": str(wiring.folder.absolute()),
        "database": wiring.shared.url if wiring.shared else "",
        **what,
    }
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
    last: Event = Progress("read", 0)
    for text in _beating(child.stdout):
        if text:
            last = _event(json.loads(text))
            yield last
        elif isinstance(last, Progress):
            yield replace(last, title="", articles=None)
    child.wait()


def _beating(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, and "" whenever none has come for a BEAT, so that one who waits for them may leave."""
    come: SimpleQueue[str | None] = SimpleQueue()

    def read() -> None:
        with suppress(ValueError):  # closed meanwhile
            for text in lines:
                come.put(text)
        come.put(None)

    Thread(target=read, daemon=True).start()
    while True:
        try:
            text = come.get(timeout=BEAT)
        except Empty:
            yield ""
            continue
        if text is None:
            return
        yield text


def _event(row: dict[str, Any]) -> Event:
    if "message" in row:
        raise AppError(row["message"], row["hint"])
    if "stage" in row:
        return Progress(**row)
    told = {name: tuple(Failure(**one) for one in row.pop(name)) for name in ("failed", "passed_over")}
    return IngestReport(**{**row, **told, "warnings": tuple(row["warnings"])})


def _why(child: subprocess.Popen[str], complaints: IO[str]) -> str:
    """Return the last words of a child that failed; who is killed has none."""
    if child.returncode < 0:
        return f"signal {-child.returncode} ended it, as where memory runs out."
    complaints.seek(0)
    return (complaints.read().strip().splitlines() or ["without a word"])[-1]


def _carried_out(order: dict[str, Any], archive: Archive) -> Iterator[Event]:
    if "remove" in order:
        yield IngestReport(removed=archive.remove(*order["remove"]))
    elif "follow" in order:
        following = Following(archive.folder)
        with following.held():
            yield from catching_up(archive, following, order["follow"])
    else:
        yield from taking_in(archive, order["names"])


def _print(event: Event) -> None:
    print(json.dumps(asdict(event)), flush=True)


def _tell(what: str) -> None:
    """Pass on what takes long before anything can come in."""
    _print(Progress("prepare", 0, None, what))


def _wired(order: dict[str, Any]) -> Wiring:
    from qa.settings import Config

    config, database = Config.model_validate(order["config"]), order["database"]
    shared = shared_archive(config, database) if database else None
    return Wiring(config, Path(order["folder"]), _tell, shared=shared)


def main() -> None:
    """Carry out the order on standard input and print what happens."""
    if hasattr(os, "nice"):
        os.nice(5)  # the screen and its questions go first
    order = json.load(sys.stdin)
    try:
        with Archive(_wired(order)) as archive:
            for event in _carried_out(order, archive):
                _print(event)
    except AppError as error:
        print(json.dumps({"message": error.message, "hint": error.hint}), flush=True)


if __name__ == "__main__":
    main()
