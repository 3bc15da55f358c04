"""The system calls of a copy of this process, watched by strace, which can end it at one or have one fail."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.faults.forks import Ended, forked

WRITES = ("pwrite64", "write", "writev", "fsync", "fdatasync", "ftruncate", "unlink", "rename", "mkdir")
LINE = re.compile(r'(\d+) +(\w+)\((?:\d+<([^>]*)>|"([^"]*)")?')


@dataclass(frozen=True, slots=True)
class Call:
    """A system call by name: the file that it is about, and the how manieth of its name it is in its thread."""

    name: str
    file: str
    number: int


def refusal() -> str | None:
    """Return why system calls cannot be watched here, or None."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return f"strace is refused: {tried.stderr.strip()}" if tried.returncode else None


def traced(work: Callable[[IO[str]], object], log: Path, *inject: str) -> Ended:
    """Do some work in a copy of this process, whose calls go to a log; `inject` is as strace has it."""
    tracers = []

    def watch(copy: int) -> None:
        options = ["-e", f"trace={','.join(WRITES)}", *(word for one in inject for word in ("-e", f"inject={one}"))]
        tracer = subprocess.Popen(
            ["strace", "-f", "-y", "-qq", "-o", str(log), *options, "-p", str(copy)], stderr=subprocess.DEVNULL
        )
        tracers.append(tracer)
        while "TracerPid:\t0\n" in Path(f"/proc/{copy}/status").read_text("ascii") and tracer.poll() is None:
            time.sleep(0.005)

    ended = forked(work, watch=watch)
    tracers[0].wait()
    return ended


def calls(log: Path) -> Iterator[Call]:
    """Yield the calls of a log in their order."""
    counted: Counter[tuple[str, str]] = Counter()
    for line in log.read_text("utf-8", "replace").splitlines():
        if found := LINE.match(line):
            thread, name, opened, written = found.groups()
            counted[thread, name] += 1
            yield Call(name, opened or written or "", counted[thread, name])
