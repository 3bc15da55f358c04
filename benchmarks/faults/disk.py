"""Disks that are full, out of inodes or read-only, and folders that cannot be read.

Full disks are real: small file systems in memory, in a namespace of their own where no other process sees them
(`unshare`), and without the right of root to read everything (`setpriv`). A disk that becomes read-only in the middle
is played by strace, which has writes fail from the n-th on. Every operation must end well or in one sentence, lose
nothing, and be completed once the disk is sound again.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO

from benchmarks.faults.aftermath import completed, left_behind
from benchmarks.faults.calls import calls, refusal, traced
from benchmarks.faults.count import Count
from benchmarks.faults.forks import Ended, forked, kept, loaded, looked
from benchmarks.faults.scene import OPERATIONS, Operation, Scene, State, made
from vectorstore.errors import AppError

OFFSETS = 20
NAMES = tuple(operation.name for operation in OPERATIONS)
APART = ("unshare", "--map-root-user", "--mount", "setpriv", "--bounding-set=-dac_override,-dac_read_search")
DISK = "size=64m,nr_inodes=4000"
ROOM = 600_000  # bytes: more than an operation needs
FAILING = ("pwrite64", "ftruncate", "fsync", "fdatasync", "unlink", "rename", "mkdir")  # not write: it also reports
SAID = "error: "
Fault = Callable[[], AbstractContextManager[object]]


def run(folder: Path, seed: int, _: float = 0, offsets: int = OFFSETS, operations: Collection[str] = NAMES) -> Count:
    """Try so many offsets of each kind on operations, in a process that sees disks of its own."""
    count = Count()
    if why := _refused(folder):
        count.skipped.append(why)
        return count
    command = [*APART, sys.executable, "-m", "benchmarks.faults.disk", str(folder), str(seed), str(offsets)]
    command += operations
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    facts = json.loads(done.stdout.splitlines()[-1])
    return Count(facts["cases"], facts["failures"], facts["skipped"], facts["facts"])


def _refused(folder: Path) -> str | None:
    if missing := [name for name in ("unshare", "setpriv") if not shutil.which(name)]:
        return f"{missing[0]} is not installed"
    tried = subprocess.run(
        [*APART, "mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    return f"a disk of its own is refused: {tried.stderr.strip()}" if tried.returncode else None


def apart(folder: Path, seed: int, offsets: int, names: Collection[str]) -> Count:
    """Try every kind on the operations of these names."""
    loaded()
    chance, count = random.Random(seed), Count()
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(disk)], check=True)
    if why := refusal():
        count.skipped.append(why)
    operations = [one for one in OPERATIONS if one.name in names]
    for number, operation in enumerate(operations):
        scene = made(disk / str(number), operation)
        for name, fault in _faults(scene, offsets, chance):
            wrong = _tried(scene, operation, fault)
            count.case(f"{operation.name}, {name}: {wrong}" if wrong else None)
        if not count.skipped:
            _failing(scene, operation, offsets, chance, count)
        shutil.rmtree(scene.folder)
    count.facts = {"operations": len(operations), "offsets of each kind": offsets}
    return count


def _faults(scene: Scene, offsets: int, chance: random.Random) -> Iterator[tuple[str, Fault]]:
    for at in range(offsets):
        free = int(ROOM * (at + chance.random()) / offsets)
        yield f"{free} bytes free", partial(_full, scene.folder.parent, free)
    for at in range(offsets):
        yield f"{at} inodes free", partial(_without_inodes, scene.folder.parent, at)
    paths = sorted(path for path in scene.folder.rglob("*") if not path.name.endswith(".seal"))
    for path, mode in chance.sample([(path, mode) for path in paths for mode in (0, 0o444, 0o555)], offsets):
        yield f"{path.relative_to(scene.folder)} has mode {mode:o}", partial(_barred, path, mode)
    yield "the disk is read-only", partial(_read_only, scene.folder.parent)


@contextmanager
def _full(disk: Path, free: int) -> Iterator[None]:
    """Leave so many bytes free."""
    ballast, found = disk / "ballast", os.statvfs(disk)
    with ballast.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(1, found.f_bavail * found.f_frsize - free))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def _without_inodes(disk: Path, free: int) -> Iterator[None]:
    """Leave so many inodes free."""
    ballast = disk / "ballast"
    ballast.mkdir()
    for number in range(os.statvfs(disk).f_favail - free):
        (ballast / str(number)).touch()
    try:
        yield
    finally:
        shutil.rmtree(ballast)


@contextmanager
def _barred(path: Path, mode: int) -> Iterator[None]:
    """Give a file or a folder another mode."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        if path.exists():
            path.chmod(before)


@contextmanager
def _read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


def _tried(scene: Scene, operation: Operation, fault: Fault) -> str | None:
    """Try an operation with a fault, and return what is wrong with how it ends or with what it leaves."""
    before, wanted = scene.held, operation.wanted(scene)
    with kept(scene.folder):
        with fault():
            ended = forked(partial(_acted, scene, operation))
        return _judged(scene, operation, ended, before, wanted)


def _failing(scene: Scene, operation: Operation, offsets: int, chance: random.Random, count: Count) -> None:
    """Have writes fail from chosen ones on."""
    log = scene.folder.with_name("log")
    before, wanted = scene.held, operation.wanted(scene)
    work = partial(_acted, scene, operation)
    with kept(scene.folder):
        traced(work, log)
    made = [call for call in calls(log) if call.name in FAILING]
    for at in sorted(chance.sample(range(len(made)), min(offsets, len(made)))):
        error = chance.choice(("EROFS", "EIO", "ENOSPC"))
        numbers = {
            name: 1 + max((call.number for call in made[:at] if call.name == name), default=0) for name in FAILING
        }
        with kept(scene.folder):
            ended = traced(work, log, *(f"{name}:error={error}:when={number}+" for name, number in numbers.items()))
            wrong = _judged(scene, operation, ended, before, wanted)
        count.case(f"{operation.name}, {error} from {made[at].name} {at} on: {wrong}" if wrong else None)


def _acted(scene: Scene, operation: Operation, stream: IO[str]) -> None:
    """Do an operation, and say what is acknowledged, and how it failed if it failed in words."""
    try:
        for source in operation.act(scene):
            stream.write(f"{source}\n")
    except AppError as error:
        stream.write(f"{SAID}{error.message} {error.hint}\n")


def _judged(scene: Scene, operation: Operation, ended: Ended, before: State, wanted: State) -> str | None:
    if ended.code:
        return ended.trouble
    lines = ended.said.splitlines()
    acknowledged = {line for line in lines if not line.startswith(SAID)}
    if misled := [line for line in lines if line.startswith(SAID) and "damaged" in line]:
        return f"is called damaged: {misled[0]}"
    wrong = looked((left_behind(scene, operation, before, wanted, acknowledged), completed(scene, operation, wanted)))
    return f"{wrong} {[line for line in lines if line.startswith(SAID)]}" if wrong else None


if __name__ == "__main__":
    found = apart(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
    print(json.dumps(asdict(found)))
