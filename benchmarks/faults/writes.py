"""SIGKILLs just before chosen writes of Chroma: to its database, its journal and its graph.

Afterwards, without anybody's help, the archive answers and finds as an oracle does, and the next run brings Chroma up
to date. A graph is on disk from 1,000 passages on, so there are more.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from benchmarks.faults.calls import Call, calls, refusal, traced
from benchmarks.faults.count import Count
from benchmarks.faults.forks import forked, kept, loaded, looked
from benchmarks.faults.oracle import troubles, unlike_the_ledger, unsound
from tests.vectorstore.build import IDENTITY, many
from vectorstore.store import Store

KILLS = 15  # while a generation is brought up to date, and as many while one is built
CHROMA = "/chroma/"
TRIES = 4  # for each kill
QUESTIONS = ("item 7 part 2", "w3299")
OLD, NEW, REMOVED = 800, 1_150, 40  # articles of three passages


def made(archive: Path) -> None:
    """Make an archive that Chroma is behind of by more passages than it takes into its graph at once."""
    records = many(NEW)

    def work(_: IO[str]) -> None:
        with Store.writing(archive, IDENTITY) as writer:
            writer.add(records[:OLD])
            list(writer.sync_index(0))
            writer.remove(record.entry.article.id for record in records[:REMOVED])
            writer.add(records[OLD:])

    if wrong := forked(work).trouble:
        raise RuntimeError(wrong)


def _sync(archive: Path, fresh: bool, _: IO[str]) -> None:
    for _step in _synced(archive, fresh):
        pass


def _synced(archive: Path, fresh: bool) -> Iterator[str]:
    """Bring Chroma up to date in place, or build it."""
    with Store.writing(archive) as writer:
        for _ in writer.sync_index(0, fresh=fresh):
            yield from ()


def run(folder: Path, seed: int, _: float = 0, kills: int = KILLS) -> Count:
    """Kill within writes while Chroma is brought up to date in place, and while it is built."""
    loaded()
    count, chance, files = Count(), random.Random(seed), set()
    if why := refusal():
        count.skipped.append(why)
        return count
    archive, log = folder / "archive", folder / "log"
    made(archive)
    for fresh in (False, True):
        work = partial(_sync, archive, fresh)
        with kept(archive):
            traced(work, log)
        hits = 0
        for call in _spread(_first(calls(log)), TRIES * kills, chance):
            if hits == kills:
                break
            with kept(archive):
                # threads take turns as they like: another one may come to its call of this number before Chroma's
                if CHROMA not in (hit := _killed(work, call, log)):
                    continue
                wrong = looked(_looks(archive))
            hits += 1
            files.add(Path(hit).name)
            count.case(f"{call.name} {call.number} of {hit}: {wrong}" if wrong else None)
    count.facts = {"files": len(files)}
    return count


def _first(made: Iterable[Call]) -> list[Call]:
    """Return the calls to Chroma's files that no thread is before with a call of the same name and number."""
    first = {(call.name, call.number): call for call in reversed(list(made))}
    return [call for call in first.values() if CHROMA in call.file]


def _spread(made: Sequence[Call], most: int, chance: random.Random) -> list[Call]:
    """Choose calls of every kind: of each name, on each file."""
    kinds: dict[tuple[str, str], list[Call]] = {}
    for call in made:
        kinds.setdefault((call.name, Path(call.file).name), []).append(call)
    names = sorted(kinds)
    return [chance.choice(kinds[names[number % len(names)]]) for number in range(most)]


def _killed(work: Callable[[IO[str]], None], call: Call, log: Path) -> str:
    """Kill just before a call; return the file that it was about, "" if nobody came to it."""
    ended = traced(work, log, f"{call.name}:signal=KILL:when={call.number}")
    if ended.code != -signal.SIGKILL:
        return ""
    return next((one.file for one in calls(log) if (one.name, one.number) == (call.name, call.number)), "")


def _looks(archive: Path) -> Iterator[Iterator[str]]:
    yield from (unsound(archive), troubles(archive, QUESTIONS), unlike_the_ledger(archive))
    yield from (_synced(archive, False), unlike_the_ledger(archive), troubles(archive, QUESTIONS))
