"""A batch that is killed at every row, and at chosen bytes of its output and its manifest, and then goes on.

The kernel itself kills the process at a byte: a write that would pass the largest size of a file (RLIMIT_FSIZE) is cut
there, and the next one ends in SIGXFSZ.
"""

from __future__ import annotations

import json
import random
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from benchmarks.faults.count import Count
from benchmarks.faults.crash import CRASHED, Point, ending
from benchmarks.faults.damage import TEXTS, made
from benchmarks.faults.forks import forked
from benchmarks.faults.together import asking
from qa.batch.manifest import Manifest, Provenance
from qa.batch.output import replace
from qa.batch.run import run as run_batch
from qa.batch_input import Row
from qa.render import dumped, failed_json
from qa.settings import Config
from vectorstore.store import Store

ROWS = [Row(line, None, f"How many guests came to the {name[:-4]}? №{line}") for line, name in enumerate(TEXTS, 1)]
OFFSETS = 200
RETRIED = 0.2  # of the bytes are tried in a retry too
KILLED = (CRASHED, -signal.SIGXFSZ)
WRITTEN = "qa/batch/output.py:appending.<locals>.append"
ENDS = ("qa/batch/manifest.py:Manifest.begin", "qa/batch/manifest.py:Manifest.end", "qa/batch/output.py:replace")
Answers = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """An archive, and the batch's output."""

    archive: Path
    output: Path

    @property
    def manifest(self) -> Path:
        """The manifest's file."""
        return Manifest(self.output, Provenance({}, "", {}, ()), {}).path

    def answers(self) -> Answers:
        """Return the rows of the output, but for the time that they took."""
        values = [json.loads(line) for line in self.output.read_text("utf-8").split("\n")[:-1]]
        return [{key: value for key, value in one.items() if key != "seconds"} for one in values]

    def files(self) -> list[Path]:
        """Return the files of the batch."""
        return sorted(self.output.parent.iterdir())


Killing = Callable[[], object]  # sees to it that this process will be killed


def answered(place: Place, killing: Killing, _: IO[str], retry: bool = False) -> None:
    """Run the batch, or what is left of it."""
    with Store.open(place.archive) as store:
        assistant = asking(store)
        basis = Provenance.of(store, assistant.answerer.name, Config())
        killing()
        for _step in run_batch(
            assistant, ROWS, place.output, sys.stdout, retry=retry, manifest=Manifest(place.output, basis, {})
        ):
            pass


def at_byte(size: int) -> None:
    """Have this process killed when it writes more than so many bytes to a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def run(folder: Path, seed: int, _: float = 0, offsets: int = OFFSETS, rows: int = len(ROWS)) -> Count:
    """Kill a batch at so many of its rows, before and after each is written, and at so many bytes."""
    chance, count = random.Random(seed), Count()
    place = Place(made_in_a_copy(folder / "sound"), folder / "out" / "answers.jsonl")
    place.output.parent.mkdir()
    whole = _whole(place)
    manifest, output = place.manifest.stat().st_size, place.output.stat().st_size
    for name, killing in [*_rows(rows), *_bytes(manifest, output, offsets, chance)]:
        for retry in (False, True) if "byte" not in name or chance.random() < RETRIED else (False,):
            _emptied(place)
            wrong = _killed(place, killing, whole, retry=retry)
            count.case(f"{name}{' of a retry' if retry else ''}: {wrong}" if wrong else None)
    count.facts = {"rows": rows, "bytes of output and manifest": offsets}
    return count


def made_in_a_copy(folder: Path) -> Path:
    """Return the archive of benchmarks.faults.damage, made where Chroma's threads do no harm."""
    if wrong := forked(lambda _: made(folder)).trouble:
        raise RuntimeError(wrong)
    return folder / "archive"


def _whole(place: Place) -> Answers:
    if wrong := forked(partial(answered, place, lambda: None)).trouble:
        raise RuntimeError(wrong)
    return place.answers()


def _rows(rows: int) -> Iterator[tuple[str, Killing]]:
    points = [Point(WRITTEN, event, row) for row in range(1, rows + 1) for event in ("call", "return")]
    points += [Point(where, event, 1) for where in ENDS for event in ("call", "return")]
    for point in points:
        yield str(point), partial(ending, point)


def _bytes(manifest: int, output: int, offsets: int, chance: random.Random) -> Iterator[tuple[str, Killing]]:
    """Yield bytes of the manifest, which is written first, and then of the output, which is longer."""
    few = offsets // 4
    for size in (*chance.sample(range(manifest), few), *chance.sample(range(manifest, output), offsets - few)):
        yield f"byte {size}", partial(at_byte, size)


def _emptied(place: Place) -> None:
    for path in place.files():
        path.unlink()


def _killed(place: Place, killing: Killing, whole: Answers, *, retry: bool) -> str | None:
    """Kill a batch, or the retry of one with failed rows, and return what is wrong with what it is resumed to."""
    if retry:
        _with_failed_rows(place)
    ended = forked(partial(answered, place, killing, retry=retry))
    if ended.code not in KILLED:
        return f"the kill missed: {ended}" if ended.code or not retry else None
    again = forked(partial(answered, place, lambda: None, retry=retry))
    return again.trouble or next(_differences(place, whole), None)


def _with_failed_rows(place: Place) -> None:
    answered(place, lambda: None, sys.stdout)
    lines = place.output.read_text("utf-8").split("\n")[:-1]
    lines[::3] = [dumped(failed_json(row.text, "no", None, {}, "extractive")) for row in ROWS[::3]]
    replace(place.output, lines)


def _differences(place: Place, whole: Answers) -> Iterator[str]:
    try:
        found = place.answers()
    except ValueError as error:
        yield f"a row is torn: {error}"
        return
    if [one["question"] for one in found] != [row.text for row in ROWS]:
        yield f"the rows are {[one['question'] for one in found]}"
    if found != whole:
        yield "other answers than without a kill"
    facts = json.loads(place.manifest.read_text("utf-8"))
    if not facts["runs"][-1]["finished"]:
        yield "the manifest does not say that it is finished"
    if strange := set(place.files()) - {place.output, place.manifest}:
        yield f"left: {', '.join(path.name for path in strange)}"
