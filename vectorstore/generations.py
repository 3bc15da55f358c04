"""Chroma's folders: one per generation, a pointer to the current one, and a lock for each.

chroma/current            the name of the generation in use
chroma/<name>/            Chroma's files
chroma/<name>.lock        held by the one process that has it open
chroma/<name>.open        exists while it is open; if left behind, the last stop was unclean
chroma/<name>.seal        hashes of the graph's files, which only writers change: Chroma does not check them, and a
                          damaged one crashes the process in a way that Python cannot catch

Below 1,000 rows Chroma keeps no graph: it builds one from its database each time it is opened, and leaves files with
arbitrary bytes that it never reads. These are not sealed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.errors import AppError
from vectorstore.lock import take

if TYPE_CHECKING:
    from filelock import FileLock

FOLDER = "chroma"
GRAPH = "index_metadata.pickle"  # Chroma reads a segment's files only where this one is among them


class Generations:
    """The generations of one store's vector index."""

    def __init__(self, store: Path) -> None:
        self.folder = store / FOLDER

    def path(self, name: str) -> Path:
        """Return the folder of a generation."""
        return self.folder / name

    @property
    def current(self) -> str | None:
        """The name of the generation in use, or None."""
        try:
            name = self.pointer.read_text("ascii").strip()
            return name if name and name == Path(name).name and self.path(name).is_dir() else None
        except (OSError, ValueError):  # too long to be a name, too
            return None

    @property
    def pointer(self) -> Path:
        """The file that names the generation in use."""
        return self.folder / "current"

    def fresh(self) -> str:
        """Return an unused name for a generation."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return secrets.token_hex(8)

    @contextmanager
    def lease(self, name: str) -> Iterator[Lease | None]:
        """Hold a generation for the length of a block; None if another process has it."""
        held = self.take(name)
        try:
            yield held
        finally:
            if held:
                held.release()

    def take(self, name: str) -> Lease | None:
        """Hold a generation until it is released; None if another process has it or it cannot be locked."""
        try:
            lock = take(self.folder / f"{name}.lock")
        except AppError:  # a folder that cannot be written: Chroma could not open it either
            return None
        return Lease(self.path(name), lock) if lock else None

    def publish(self, name: str) -> None:
        """Make this generation the current one, and remove the others that nobody has open."""
        self.seal(name)
        _sync_tree(self.path(name))
        spare = self.folder / "current-new"  # always the same, so that a kill leaves one at most
        with spare.open("w", encoding="ascii") as pointer:
            pointer.write(name)
            pointer.flush()
            os.fsync(pointer.fileno())
        spare.replace(self.pointer)
        _sync(self.folder)
        self.sweep()

    def seal(self, name: str) -> None:
        """Record the hashes of the graph's files; Chroma must have closed them."""
        self._seal(name).write_text(json.dumps(_digests(self.path(name))), "utf-8")

    def intact(self, name: str) -> bool:
        """Return whether the graph's files are byte for byte what the last writer closed."""
        try:
            known = json.loads(self._seal(name).read_text("utf-8"))
            return bool(known == _digests(self.path(name)))
        except (OSError, ValueError):
            return False

    def _seal(self, name: str) -> Path:
        return self.folder / f"{name}.seal"

    def sweep(self) -> None:
        """Remove all generations except the current one and those that somebody has open."""
        serving = self.current
        for path in sorted(self.folder.iterdir()):
            if path.is_dir() and path.name != serving:
                self.remove(path.name)

    def remove(self, name: str) -> None:
        """Remove a generation, unless another process has it open."""
        with self.lease(name) as held:
            if held is None:
                return
            shutil.rmtree(held.path, ignore_errors=True)
            held.closed()
        self._seal(name).unlink(missing_ok=True)
        (self.folder / f"{name}.lock").unlink(missing_ok=True)


class Lease:
    """A generation held by this process alone."""

    def __init__(self, path: Path, lock: FileLock) -> None:
        self.path = path
        self.marker = path.with_name(f"{path.name}.open")
        self._lock = lock

    @property
    def unclean(self) -> bool:
        """Whether the last process to open it never closed it."""
        return self.marker.exists()

    def opened(self) -> None:
        """Leave a marker that only a clean stop removes."""
        self.marker.touch()

    def closed(self) -> None:
        """Remove the marker: Chroma has closed its files."""
        self.marker.unlink(missing_ok=True)

    def release(self) -> None:
        """Release it to other processes."""
        self._lock.release()


def _digests(folder: Path) -> dict[str, str]:
    digests = {}
    for graph in sorted(folder.glob(f"*/{GRAPH}")):
        for path in sorted(graph.parent.iterdir()):
            with path.open("rb") as file:
                digests[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "blake2b").hexdigest()
    return digests


def _sync_tree(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # a folder cannot be opened there
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
