"""The process ends at named points of our code: at a call of a function, or where it returns.

Python itself reports the calls (`sys.setprofile`), so nothing is added to the code that is tried. Afterwards, without
anybody's help, every article that was acknowledged is there once, every quote is verbatim, and every search finds what
an oracle finds; the same command then completes the work.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from types import FrameType
from typing import IO, Any

from benchmarks.faults.aftermath import completed, left_behind
from benchmarks.faults.count import Count
from benchmarks.faults.forks import Ended, forked, kept, loaded, looked
from benchmarks.faults.scene import OPERATIONS, Operation, Scene, State, made

CRASHED = 77
POINTS = 12  # for each operation
OURS = Path(__file__).parents[2]
WRITING = (  # the code between the reading of articles and the disk
    "vectorstore/",
    "qa/backup.py",
    "qa/batch/",
    "qa/conversations.py",
    "qa/saved.py",
    "qa/ingest/pipeline.py",
    "qa/ingest/prune.py",
)


@dataclass(frozen=True, slots=True)
class Point:
    """A function of ours, the event ("call" or "return") that ends the process there, and the how manieth."""

    where: str
    event: str
    number: int

    def __str__(self) -> str:
        return f"{self.where} ({self.event} {self.number})"


@cache
def named(file: str, function: str) -> str | None:
    """Return what a function of ours is called, None for one of others."""
    path = Path(file)
    if not path.is_relative_to(OURS) or "<" in function.replace("<locals>", ""):
        return None
    name = path.relative_to(OURS).as_posix()
    return f"{name}:{function}" if name.startswith(WRITING) else None


def watched(seen: Callable[[str, str], None]) -> None:
    """Have every call and return in our code reported, in this and every later thread."""

    def hook(frame: FrameType, event: str, _: Any) -> None:
        if event in ("call", "return") and (name := named(frame.f_code.co_filename, frame.f_code.co_qualname)):
            seen(name, event)

    threading.setprofile(hook)
    sys.setprofile(hook)


def ending(point: Point) -> None:
    """Have this process end at a point."""
    calls = count(1)

    def seen(name: str, event: str) -> None:
        if (name, event) == (point.where, point.event) and next(calls) == point.number:
            os._exit(CRASHED)

    watched(seen)


def points(scene: Scene, operation: Operation) -> Counter[tuple[str, str]]:
    """Return how often each function is called, and returns, in an operation."""
    seen: Counter[tuple[str, str]] = Counter()

    def work(stream: IO[str]) -> None:
        watched(lambda name, event: seen.update([(name, event)]))
        list(operation.act(scene))
        sys.setprofile(None)
        stream.writelines(f"{name} {event} {number}\n" for (name, event), number in seen.items())

    ended = forked(work)
    if ended.code:
        raise RuntimeError(f"{operation.name} fails undisturbed: {ended.said}")
    lines = (line.split(" ") for line in ended.said.splitlines())
    return Counter({(name, event): int(number) for name, event, number in lines})


def crashed(scene: Scene, operation: Operation, point: Point) -> Ended:
    """Run an operation up to a point; what it had acknowledged by then is what the copy said, line by line."""

    def work(stream: IO[str]) -> None:
        ending(point)
        for source in operation.act(scene):
            stream.write(f"{source}\n")

    return forked(work)


def case(scene: Scene, operation: Operation, point: Point, before: State, wanted: State) -> tuple[bool, str | None]:
    """Crash at a point in a copy of the scene; return whether it was reached, and what was wrong afterwards."""
    with kept(scene.folder):
        ended = crashed(scene, operation, point)
        if ended.code not in (0, CRASHED):
            return False, ended.trouble
        looks = (
            left_behind(scene, operation, before, wanted, set(ended.said.splitlines())),
            completed(scene, operation, wanted),
        )
        return ended.code == CRASHED, looked(looks)


def _chosen(functions: set[str], chance: random.Random, each: int) -> list[str]:
    return chance.sample(sorted(functions), min(each, len(functions)))


def run(
    folder: Path, seed: int, _: float = 0, each: int = POINTS, operations: Sequence[Operation] = OPERATIONS
) -> Count:
    """Crash in some functions that `each` operation calls, at one of their calls or returns."""
    loaded()
    chance, total = random.Random(seed), Count()
    reached: set[str] = set()
    for number, operation in enumerate(operations):
        scene = made(folder / str(number), operation)
        before, wanted = scene.held, operation.wanted(scene)
        with kept(scene.folder):
            counted = points(scene, operation)
        for where in _chosen({where for where, _ in counted} - reached, chance, each):
            event = chance.choice([event for event in ("call", "return") if counted[where, event]])
            point = Point(where, event, chance.randint(1, counted[where, event]))
            hit, wrong = case(scene, operation, point, before, wanted)
            total.case(f"{operation.name} at {point}: {wrong}" if wrong else None)
            if hit:
                reached.add(where)
        shutil.rmtree(scene.folder)
    total.facts = {"points in our code": len(reached), "operations": len(operations)}
    return total
