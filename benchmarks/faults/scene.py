"""An archive with its files, its backup and its copy, and what is done to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.forks import forked
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
from vectorstore.folder import opened
from vectorstore.moving import GROUP, move
from vectorstore.store import Store

ARTICLES = 10
SEVERAL = 2 * GROUP + 1  # articles that are copied in three transactions
State = Mapping[str, str]


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

    @property
    def copied(self) -> Path:
        """The folder that the archive is copied to."""
        return self.folder / "copied"

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
        return contents(self.archive)


def contents(archive: Path) -> dict[str, str]:
    """Return what an archive holds: the sources and originals of its articles, none where there is no archive."""
    try:
        with closing(opened(archive)) as ledger:
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


def _copy(scene: Scene) -> Iterator[str]:
    sources = list(scene.held)
    for stage, done, _ in move(scene.archive, scene.copied):
        if stage == "copy":
            yield from sources[:done]


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


def _several(scene: Scene) -> None:
    scene.write(range(ARTICLES, SEVERAL), 1)
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
    Operation("copy", _copy, _several),
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
