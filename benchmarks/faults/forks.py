"""Work in a forked copy of this process, which may be killed there and crash what it likes."""

from __future__ import annotations

import importlib
import os
import resource
import shutil
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

BUSY = 300  # seconds of the processor after which a copy is stuck
WAITING = 1800.0  # seconds on the clock, on a machine that does other work besides
RAISED = 70
LIBRARIES = ("chromadb.api.rust", "filelock", "pathspec", "snowballstemmer")  # 1 s: they are imported when used


@dataclass(frozen=True, slots=True)
class Ended:
    """How a copy ended: its exit code, negative for a signal, and what it said."""

    code: int
    said: str

    @property
    def trouble(self) -> str | None:
        """What is wrong with a copy that should have come to its end, with nothing to say."""
        if self.code == 0 and not self.said:
            return None
        return self.said.strip() or f"ended with {self.code}"


def loaded() -> None:
    """Import what is imported late, once for all copies; no library starts threads by that."""
    for name in LIBRARIES:
        importlib.import_module(name)


def forked(work: Callable[[IO[str]], object], watch: Callable[[int], object] = lambda _: None) -> Ended:
    """Do some work in a copy of this process; what it writes to its stream is handed back, a traceback too.

    The copy begins once `watch`, which is given its id, has returned.
    """
    reading, writing = os.pipe()
    gate, opener = os.pipe()
    if (copy := os.fork()) == 0:
        os.close(reading)
        os.close(opener)
        os.read(gate, 1)
        busy(BUSY)
        _worked(work, writing)
    os.close(writing)
    os.close(gate)
    try:
        watch(copy)
    finally:
        os.close(opener)
    late = threading.Timer(WAITING, os.kill, (copy, signal.SIGKILL))
    late.start()
    with os.fdopen(reading, encoding="utf-8", errors="replace") as stream:
        said = stream.read()
    _, status = os.waitpid(copy, 0)
    late.cancel()
    return Ended(os.waitstatus_to_exitcode(status), said)


def busy(most: int) -> None:
    """Have this process, and each that it starts, end after so many seconds of the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _worked(work: Callable[[IO[str]], object], writing: int) -> None:
    """Work, and end the process without what Python does at its end, which the one that was copied will do."""
    code = 0
    with os.fdopen(writing, "w", encoding="utf-8", errors="replace", buffering=1) as stream:
        try:
            work(stream)
        except BaseException:  # noqa: BLE001 - the copy ends here, whatever came
            code = RAISED
            stream.write(traceback.format_exc())
    os._exit(code)


def looked(looks: Iterable[Iterator[str]]) -> str | None:
    """Look at what is left, each look in a copy of its own, and return the first troubles that one yields."""
    found = (forked(partial(_told, look)).trouble for look in looks)
    return next(filter(None, found), None)


def _told(troubles: Iterator[str], stream: IO[str]) -> None:
    stream.writelines(f"{one}; " for one in troubles)


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """Have a folder as it was at the end of the block, whatever happens to it meanwhile."""
    copy = folder.with_name(f"{folder.name} kept")
    shutil.copytree(folder, copy, symlinks=True)
    try:
        yield
    finally:
        shutil.rmtree(folder)
        copy.rename(folder)
