"""Every command with an output that is full, closed, or holds no letter but those of ASCII: never a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TextIO

from benchmarks.faults import damage
from benchmarks.faults.count import Count
from benchmarks.faults.escapes import Place, sinks
from qa.cli import run as command

WORDS = "Ærøskøbing – “日本” 🙂"  # that no ASCII holds
WRITES_NO_MORE = {"full": 1, "closed": 0}  # the exit codes of what would have written and cannot


def _streams(kind: str) -> tuple[TextIO, TextIO]:
    """Return an output of a kind, and what stands for the errors; a copy of this process calls it."""
    if kind == "full":
        out = os.open("/dev/full", os.O_WRONLY)
    elif kind == "closed":
        reader, out = os.pipe()
        os.close(reader)
    else:
        out = 1
    os.dup2(out, 1)
    encoding = "ascii" if kind == "ASCII" else "utf-8"
    opened = partial(open, mode="w", encoding=encoding, errors="backslashreplace", closefd=False)
    return opened(1), opened(2)


def ended(arguments: Sequence[str], kind: str, folder: Path) -> tuple[int, str, str]:
    """Run a command in a copy of this process with such an output; return its code, output and errors."""
    out, err = folder / "out", folder / "err"
    child = os.fork()
    if child == 0:
        _run(arguments, kind, out, err)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, *(path.read_text("utf-8", "replace") for path in (out, err))  # type: ignore[return-value]


def _run(arguments: Sequence[str], kind: str, out: Path, err: Path) -> None:
    code = 70
    try:
        for number, path in ((1, out), (2, err)):
            os.dup2(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), number)
        sys.stdout, sys.stderr = _streams(kind)
        code = command(list(arguments), damage.wired)
    except Exception:  # noqa: BLE001 - that nothing comes through is what is tested
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def cases(place: Place, names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str | None]]:
    """Yield each command with each output, and what was wrong."""
    for name, given in names.items():
        arguments = ["--store", str(place.archive), *given]
        usual, written, _ = ended(arguments, "usual", place.folder)
        for kind in ("full", "closed", "ASCII"):
            code, out, err = ended(arguments, kind, place.folder)
            wanted = WRITES_NO_MORE.get(kind, usual) if written and not usual else usual
            if "Traceback" in err:
                yield f"{name}, {kind}", err[-200:]
            elif code not in (wanted, WRITES_NO_MORE.get(kind)):
                yield f"{name}, {kind}", f"exit code {code} where {wanted} was due"
            elif kind == "full" and wanted and not err.strip():
                yield f"{name}, {kind}", "failed without a word"
            else:
                yield f"{name}, {kind}", None if out.isascii() or kind != "ASCII" else "letters beyond ASCII"


def run(folder: Path, _: int = 1, __: float = 0, only: Sequence[str] = ()) -> Count:
    """Try every command, or `only` some."""
    count, place = Count(), Place(folder / "place", WORDS).made()
    skipped = {"backup", "doctor --salvage", "notes --export"}  # a second time, another name would be needed
    skipped |= {"show --original"}  # which writes bytes
    names = {name: given for name, given in sinks(place).items() if name not in skipped and (not only or name in only)}
    for name, wrong in cases(place, names):
        count.case(f"{name}: {wrong}" if wrong else None)
    count.facts = {"commands": len(names)}
    return count
