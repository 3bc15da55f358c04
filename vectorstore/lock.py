"""One writer at a time: an operating-system lock, which is released however its process ends."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.disk import hint_for
from vectorstore.errors import AppError, StoreLocked

if TYPE_CHECKING:
    from filelock import FileLock

WAIT_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Holder:
    """The writing process: its id, its command line, and when it began (ISO, UTC)."""

    pid: int
    command: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} ({self.command}), since {self.since}"


@contextmanager
def locked(path: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock on `path`; raises StoreLocked, naming the holder, if it is not free within `wait` seconds.

    The holder is recorded in `<path>.holder`, because some systems cannot read a locked file.
    """
    if (lock := take(path, wait)) is None:
        raise StoreLocked(
            f"Another process is writing to {path.parent}: {holder(path) or 'unknown'}.",
            "Wait for it to finish, or stop it, then run the command again.",
        )
    try:
        with suppress(OSError):  # who writes is only told; the lock is what counts
            _write_holder(path)
        yield
    finally:
        with suppress(OSError):
            _holder_file(path).unlink(missing_ok=True)
        lock.release()


def take(path: Path, wait: float = 0.0) -> FileLock | None:
    """Take the lock on `path`; return None if another process has it. Raises AppError in a read-only folder."""
    from filelock import FileLock, Timeout  # 0.04 s, and only writers need it

    # the thread that releases a lock may not be the one that took it: a TUI closes its store from the main thread
    lock = FileLock(path, timeout=wait, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    except OSError as error:  # no permission, or a read-only disk
        reason = error.strerror or error
        raise AppError(f"{path.parent} cannot be written: {reason}.", hint_for(error)) from error
    return lock


def holder(path: Path) -> Holder | None:
    """Return who took the lock and has not released it; a killed holder is still named."""
    try:
        known = json.loads(_holder_file(path).read_text("utf-8"))
        return Holder(int(known["pid"]), str(known["command"]), str(known["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_free(path: Path) -> bool:
    """Return whether nobody holds the lock right now."""
    if not path.exists():
        return True
    if (lock := take(path)) is None:
        return False
    lock.release()
    return True


def _holder_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.holder")


def _write_holder(path: Path) -> None:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    spare = path.with_name(f"{path.name}.holder-new")  # always the same, so that a kill leaves one at most
    spare.write_text(json.dumps(asdict(Holder(os.getpid(), command, now))), "utf-8")
    spare.replace(_holder_file(path))
