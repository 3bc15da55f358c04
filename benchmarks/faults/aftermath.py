"""What must be true of an archive, its backup and its copy after an operation on it was broken off."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.faults.oracle import troubles, unequal, unlike_the_ledger, unsound
from benchmarks.faults.scene import Operation, Scene, State, contents
from qa import backup as backups
from qa.conversations import Conversations
from qa.saved import beside

QUESTIONS = ("harbour of number 0", "lighthouse of number 9 in round 2")


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
    yield from begun(scene, acknowledged)
    yield from _chats(scene)


def begun(scene: Scene, acknowledged: set[str]) -> Iterator[str]:
    """Yield what is wrong with a copy of the archive that may have been broken off."""
    if not scene.copied.exists():
        return
    held, copied = scene.held, contents(scene.copied)
    yield from (f"{source} differs in the copy" for source, one in copied.items() if held.get(source) != one)
    yield from (f"{source} is not in the copy" for source in acknowledged - copied.keys())
    if copied:
        yield from unsound(scene.copied)
        yield from troubles(scene.copied, QUESTIONS)


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
    if scene.copied.exists():
        yield from begun(scene, set(scene.held))
        yield from unequal(scene.archive, scene.copied)
        yield from unlike_the_ledger(scene.copied)
    yield from (f"{path} is left" for path in scene.folder.rglob("*") if path.name.startswith("."))
