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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from types import FrameType
from typing import IO, Any

from benchmarks.faults.count import Count
from benchmarks.faults.forks import Ended, forked, kept, looked
from benchmarks.faults.oracle import troubles, unlike_the_ledger, unsound
from benchmarks.faults.together import text
from qa import backup as backups
from qa.conversations import Conversations, SavedTurn
from qa.ingest import pipeline
from qa.ingest.survey import Request
from qa.saved import beside
from qa.types import Progress
from tests.fakes import FakeEmbedder
from vectorstore.doctor import repair
from vectorstore.errors import StoreMissing
from vectorstore.ledger import Ledger
from vectorstore.store import Store

CRASHED = 77
ARTICLES = 10
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
QUESTIONS = ("harbour of number 0", "lighthouse of number 9 in round 2")
State = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Point:
    """A function of ours, the event ("call" or "return") that ends the process there, and the how manieth."""

    where: str
    event: str
    number: int

    def __str__(self) -> str:
        return f"{self.where} ({self.event} {self.number})"


@dataclass(frozen=True, slots=True)
class Scene:
    """An archive, the files that it is made of, and its backup."""

    folder: Path

    @property
    def archive(self) -> Path:
        """The archive's folder."""
        return self.folder / "archive"

    @property
    def backup(self) -> Path:
        """The backup's file."""
        return self.folder / "backup.tar.gz"

    def file(self, number: int) -> Path:
        """Return the file of an article."""
        return self.folder / "files" / f"{number}.txt"

    def write(self, numbers: range, version: int) -> None:
        """Write a version of articles to their files."""
        self.file(0).parent.mkdir(exist_ok=True)
        for number in numbers:
            self.file(number).write_text(text(number, version), "utf-8")

    @property
    def texts(self) -> dict[str, str]:
        """The files' names and contents."""
        return {str(path): path.read_text("utf-8") for path in self.file(0).parent.glob("*.txt")}

    @property
    def held(self) -> dict[str, str]:
        """What the archive holds: the sources and originals of its articles."""
        try:
            with closing(Ledger.open(self.archive)) as ledger:
                return {source: ledger.original(known.id).decode() for source, known in ledger.known().items()}
        except StoreMissing:
            return {}


Act = Callable[[Scene], Iterator[str]]  # yields the sources that are acknowledged


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done to an archive: `prepare` makes the scene ready for it, `wanted` says what it should come to.

    A `whole` one changes all articles at once or none.
    """

    name: str
    act: Act
    prepare: Callable[[Scene], None] = lambda _: None
    wanted: Callable[[Scene], State] = lambda scene: scene.held
    whole: bool = True


def _ingest(scene: Scene, *, prune: bool = False) -> Iterator[str]:
    taken: list[str] = []
    request = Request((scene.file(0).parent,), prune=prune, confirm=lambda _: True)
    for step in pipeline.ingest(scene.archive, request, FakeEmbedder):
        if isinstance(step, Progress) and step.stage == "embed":
            taken.append(step.source)
            if step.articles is not None:
                yield from taken


def _prune(scene: Scene) -> Iterator[str]:
    yield from _ingest(scene, prune=True)


def _remove(scene: Scene) -> Iterator[str]:
    with Store.writing(scene.archive) as writer:
        listed = [one.article for one in writer.ledger.articles()]
        doomed = [one for one in listed if one.source in {str(scene.file(number)) for number in range(3)}]
        writer.remove(one.id for one in doomed)
        yield from (one.source for one in doomed)
        yield from _silent(writer.sync_index(0))


def _rebuild(scene: Scene) -> Iterator[str]:
    yield from _silent(pipeline.rebuild(scene.archive, FakeEmbedder()))


def _repair(scene: Scene) -> Iterator[str]:
    yield from _silent(repair(scene.archive))


def _backup(scene: Scene) -> Iterator[str]:
    backups.backup(scene.archive, scene.backup)
    yield from ()


def _restore(scene: Scene) -> Iterator[str]:
    backups.restore(scene.backup, scene.archive, replace=True)
    yield from ()


def _chat(scene: Scene) -> Iterator[str]:
    chats = Conversations(beside(scene.archive, "conversations"))
    for number in range(3):
        key = chats.create(f"number {number}")
        chats.append(key, SavedTurn(f"asked {number}"))
    yield from ()


def _silent(steps: Iterator[Any]) -> Iterator[str]:
    for _ in steps:
        yield from ()


def _changed(scene: Scene) -> None:
    scene.write(range(5, ARTICLES + 6), 2)


def _fewer(scene: Scene) -> None:
    scene.write(range(5, 7), 2)
    for number in range(3):
        scene.file(number).unlink()


def _backed_up(scene: Scene) -> None:
    done(_backup, scene)
    _changed(scene)
    done(_ingest, scene)


def _none(scene: Scene) -> None:
    shutil.rmtree(scene.archive)


def _without_removed(scene: Scene) -> State:
    return {source: one for source, one in scene.held.items() if source not in {str(scene.file(n)) for n in range(3)}}


def _restored(scene: Scene) -> State:
    return {str(scene.file(number)): text(number, 1) for number in range(ARTICLES)}


def _files(scene: Scene) -> State:
    return scene.texts


OPERATIONS = (
    Operation("first ingest", _ingest, _none, _files, whole=False),
    Operation("ingest", _ingest, _changed, _files, whole=False),
    Operation("prune", _prune, _fewer, _files, whole=False),
    Operation("remove", _remove, wanted=_without_removed),
    Operation("rebuild", _rebuild),
    Operation("repair", _repair),
    Operation("backup", _backup, _backed_up),
    Operation("restore", _restore, _backed_up, _restored),
    Operation("conversations", _chat),
)


def made(folder: Path, operation: Operation) -> Scene:
    """Return a scene with an archive of the first version of ARTICLES articles, ready for an operation."""
    scene = Scene(folder)
    folder.mkdir()
    scene.write(range(ARTICLES), 1)
    # in a copy: Chroma's threads, once started in this process, would be missing in its copies
    done(_ingest, scene)
    operation.prepare(scene)
    return scene


def done(act: Act, scene: Scene) -> None:
    """Do something in a copy of this process; raises RuntimeError if it fails."""
    if wrong := forked(lambda _: list(act(scene))).trouble:
        raise RuntimeError(wrong)


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


def left_behind(
    scene: Scene, operation: Operation, before: State, wanted: State, acknowledged: set[str]
) -> Iterator[str]:
    """Yield what is wrong with an archive after a crash, before anybody has done anything."""
    held = scene.held
    for source in before.keys() | wanted.keys() | held.keys():
        allowed = {wanted.get(source)} if source in acknowledged else {before.get(source), wanted.get(source)}
        if held.get(source) not in allowed:
            yield f"{source} is neither as before nor as after"
    if operation.whole and held not in (before, wanted):
        yield "it is neither whole as before nor whole as after"
    if held:
        yield from unsound(scene.archive)
        yield from troubles(scene.archive, QUESTIONS)
    if scene.backup.exists():
        backups.verify(scene.backup)
    yield from _chats(scene)


def _chats(scene: Scene) -> Iterator[str]:
    path = beside(scene.archive, "conversations")
    if path.exists():
        chats = Conversations(path)
        yield from (f"{one.title} has lost its turn" for one in chats.list()[1:] if one.turns != 1)


def completed(scene: Scene, operation: Operation, wanted: State) -> Iterator[str]:
    """Do the same once more, undisturbed, and yield what is wrong with what it came to."""
    list(operation.act(scene))
    if scene.held != wanted:
        yield "once more does not complete it"
    yield from unsound(scene.archive)
    yield from unlike_the_ledger(scene.archive)
    yield from troubles(scene.archive, QUESTIONS)
    yield from (f"{path} is left" for path in scene.folder.rglob("*") if path.name.startswith("."))


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
    import chromadb  # noqa: F401 - 1 s, once for all copies
    import snowballstemmer  # noqa: F401

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
