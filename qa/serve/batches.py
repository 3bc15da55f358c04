"""Batches that a server runs, one after another, in a folder beside the archive: what is on disk survives a restart."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import shutil
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from qa.batch.manifest import Manifest, Provenance, counted
from qa.batch.output import replace
from qa.batch.run import run
from qa.batch_input import Row, rows
from qa.types import Progress
from vectorstore.errors import AppError, ServerBusy, UnknownBatch, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from qa.archive import Archive
    from qa.batch.run import Done

ROWS = 10_000  # of one batch
KEPT = 100  # batches
AGAIN = "Delete the batch, and send its questions again."
ABOUT = "batch.json"
QUESTIONS = "questions.txt"
ANSWERS = "answers.jsonl"


@dataclass(slots=True)
class Live:
    """A batch that waits for its turn, runs, or failed in this process."""

    status: str = "waiting"
    done: int = 0
    error: str | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def going(self) -> bool:
        """Whether it is still to be worked on."""
        return self.status in {"waiting", "running"}


class Batches:
    """The batches of one archive. Their ids are hashes of their questions: the same ones again continue a batch."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self._archive, self._folder = archive, folder
        self._pool = ThreadPoolExecutor(1, "batch")
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._live: dict[str, Live] = {}
        self._counted: dict[str, tuple[tuple[int, int], int]] = {}

    def put(self, text: str, kind: str) -> dict[str, Any]:
        """Take in questions, or continue what was made of them; raises UsageError where there is none, or too many."""
        asked = rows(text, kind)
        if not asked or len(asked) > ROWS:
            raise UsageError(f"There are {len(asked):,} questions; 1 to {ROWS:,} are taken.", "Send another file.")
        name = hashlib.sha256(f"{kind}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        with self._lock:
            if not (live := self._live.get(name)) or not live.going:
                deleted = not (self._folder / name / ABOUT).is_file()  # perhaps a moment ago, and still running
                about = {"format": kind, "total": len(asked)}
                self._keep(name, text, about)
                self._live[name] = live = Live(done=0 if deleted else self._done(name))
                self._pool.submit(self._work, name, live, text, asked, about).add_done_callback(_told)
        return self.state(name)

    def state(self, name: str) -> dict[str, Any]:
        """Return how far a batch is; raises UnknownBatch."""
        with self._lock:
            total, live = self._about(name)["total"], self._live.get(name)
            done = live.done if live and live.going else self._done(name)
        live = live or Live("done" if done >= total else "stopped", done)
        return {"id": name, "status": live.status, "done": done, "total": total, "error": live.error}

    def states(self) -> list[dict[str, Any]]:
        """Return all of them, the newest first."""
        found = sorted(self._folder.glob(f"*/{ABOUT}"), key=_age)
        return [state for path in found if (state := self._listed(path.parent.name))]

    def answers(self, name: str) -> BinaryIO:
        """Return the file of answers so far, open to be read; raises UnknownBatch."""
        with self._lock:
            self._about(name)
            return (self._folder / name / ANSWERS).open("rb")

    def remove(self, name: str) -> None:
        """Stop a batch and delete it; raises UnknownBatch."""
        with self._lock:  # a batch that came again is for a moment not there
            self._about(name)
            live = self._live.pop(name, None)
            if live and live.going:
                live.ended.set()  # its thread deletes it, when it has let go of it
                with _writing():
                    (self._folder / name / ABOUT).unlink()
            else:
                self._delete(name)

    def stop(self) -> None:
        """End what runs, and the question that is being answered at its next step; any thread may call this."""
        self._stopping.set()

    def close(self) -> None:
        """Stop, and wait for it; a batch goes on when its questions come again."""
        self.stop()
        self._pool.shutdown(cancel_futures=True)

    def _keep(self, name: str, text: str, about: dict[str, Any]) -> None:
        """Write down what is to be asked."""
        folder = self._folder / name
        if not folder.is_dir() and sum(1 for _ in self._folder.glob("*")) >= KEPT:
            raise ServerBusy(f"There are {KEPT} batches already.", "Delete one that is no longer needed.", 60)
        with _writing():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ANSWERS).touch()
            (folder / QUESTIONS).write_bytes(text.encode("utf-8", "surrogatepass"))
            replace(folder / ABOUT, [json.dumps(about)])

    def _work(self, name: str, live: Live, text: str, asked: list[Row], about: dict[str, Any]) -> None:
        """Run in the one thread: answer what has no answer yet."""
        live.status = "running"
        try:
            finished = not live.ended.is_set() and self._finished(name, live, text, asked)
            live.status = "done" if finished else "stopped"
        except AppError as error:
            hint = AGAIN if isinstance(error, UsageError) else error.hint
            live.status, live.error = "failed", f"{error.message} {hint}".strip()
        finally:
            if live.status == "running":
                live.status, live.error = "failed", "Something went wrong on the server. Its log says what."
            if live.ended.is_set():
                self._end(name, text, about)

    def _end(self, name: str, text: str, about: dict[str, Any]) -> None:
        """Delete what was answered; the batch itself stays if its questions came again meanwhile."""
        with self._lock:
            self._delete(name)
            if name in self._live:
                self._keep(name, text, about)

    def _finished(self, name: str, live: Live, text: str, asked: list[Row]) -> bool:
        def stopped() -> bool:
            return self._stopping.is_set() or live.ended.is_set()

        with closing(self._steps(name, text, asked, stopped)) as steps:
            for step in steps:
                if not isinstance(step, Progress):
                    return True
                live.done = step.done
        return False

    def _steps(
        self, name: str, text: str, asked: list[Row], stopped: Callable[[], bool]
    ) -> Generator[Progress | Done, None, None]:
        assistant, config = self._archive.assistant(), self._archive.wiring.config
        basis = Provenance.of(self._archive.store, assistant.answerer.name, config)
        output = self._folder / name / ANSWERS
        manifest = Manifest(output, basis, counted(text, Path(QUESTIONS), len(asked)))
        return run(assistant, asked, output, io.StringIO(), retry=True, manifest=manifest, stopped=stopped)

    def _delete(self, name: str) -> None:
        with _writing(), suppress(FileNotFoundError):  # of one that was deleted, came again and was deleted again
            shutil.rmtree(self._folder / name)
        self._counted.pop(name, None)

    def _listed(self, name: str) -> dict[str, Any] | None:
        try:
            return self.state(name)
        except UnknownBatch:  # deleted since the folder was read
            return None

    def _about(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self._folder / name / ABOUT).read_bytes())
        except (OSError, ValueError):
            found = None
        match found:
            case {"total": int()}:
                return dict(found)
        raise UnknownBatch("There is no such batch.", "GET /batches lists those there are.")

    def _done(self, name: str) -> int:
        """The answers on disk: whole lines, which are counted again only when the file has changed."""
        try:
            with (self._folder / name / ANSWERS).open("rb") as stream:
                about = os.fstat(stream.fileno())
                changed, known = (about.st_size, about.st_mtime_ns), self._counted.get(name)
                if known is None or known[0] != changed:
                    known = changed, sum(1 for line in stream if line.endswith(b"\n"))
                    self._counted[name] = known
        except OSError:
            return 0
        return known[1]


def _told(work: Future[None]) -> None:
    """Log the defect of this program that ended a batch; nobody asks for what came of its thread."""
    if not work.cancelled() and (error := work.exception()):
        logging.getLogger(__name__).error("A batch broke off.", exc_info=error)


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


@contextmanager
def _writing() -> Iterator[None]:
    """Turn an OSError of the folder into an AppError for somebody who cannot see it."""
    try:
        yield
    except OSError as error:
        raise AppError(f"The server cannot keep batches: {error.strerror}.", "Ask who runs it for space.") from error
