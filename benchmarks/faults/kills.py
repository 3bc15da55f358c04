"""SIGKILLs at random moments of ingests, prunes, removals, rebuilds, backups, restores and copies.

After each one, and without anybody's help, the archive must be sound, answer with what was in it at some time, and come
to exactly what the files hold by the next ingest. The backup must be whole, and the same command must complete a copy.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, pairwise
from pathlib import Path

from benchmarks.faults.count import Count
from benchmarks.faults.oracle import troubles, unequal, unlike_the_ledger
from benchmarks.faults.scene import contents
from benchmarks.faults.together import ARTICLES, PLACES, Change, asking, ever
from qa.backup import backup, restore, verify
from qa.batch.run import answer_row
from qa.batch_input import Row
from vectorstore.doctor import examine
from vectorstore.moving import move
from vectorstore.store import Store

KILLS = 30
LATEST = 1.5  # seconds after the first change until the kill
CHANGES = 4  # kinds of changes; backups, restores and copies are as frequent as each of them
VERSIONS = 10_000  # more than are written between two kills
DERIVED = {"vector index"}  # exact search answers meanwhile


def change_for_ever(archive: Path, files: Path, file: Path, seed: int, version: int) -> None:
    """Change an archive, back it up, restore and copy it, until somebody puts an end to it."""
    change = Change(archive, files, random.Random(seed), version)
    acts: list[Callable[[], object]] = [change.once] * CHANGES
    acts += [partial(backup, archive, file), partial(restore, file, archive, replace=True), partial(_copy, archive)]
    print("ready", flush=True)
    while True:
        change.chance.choice(acts)()


def _copy(archive: Path) -> None:
    """Copy an archive and remove the copy: where one is found, it was broken off, and the archive is as it was then."""
    _silent(move(archive, copied := _copied(archive)))
    shutil.rmtree(copied.rename(_done(archive)))


def _silent(steps: Iterator[object]) -> None:
    for _ in steps:
        pass


def _copied(archive: Path) -> Path:
    return archive.with_name("copied")


def _done(archive: Path) -> Path:
    return archive.with_name("copied and compared")


def run(folder: Path, seed: int, _: float = 0) -> Count:
    """Kill KILLS times; each kill is a case."""
    chance, file = random.Random(seed), folder / "backup.tar.gz"
    change = Change(folder / "archive", folder / "files", chance)
    change.files.mkdir()
    change.write(range(ARTICLES))
    change.take()
    backup(change.archive, file)
    count, copies = Count(), 0
    for number in range(KILLS):
        _killed(change, file, seed * 1000 + number)
        change.version += VERSIONS
        shutil.rmtree(_done(change.archive), ignore_errors=True)
        copies += _copied(change.archive).exists()
        count.case(_trouble(change, file, chance))
    count.facts = {"copies broken off": copies}
    return count


def _killed(change: Change, file: Path, seed: int) -> None:
    command = [sys.executable, "-m", "benchmarks.faults.kills", str(change.archive), str(change.files), str(file)]
    with subprocess.Popen([*command, str(seed), str(change.version)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(change.chance.uniform(0, LATEST))
        process.send_signal(signal.SIGKILL)


def _trouble(change: Change, file: Path, chance: random.Random) -> str | None:
    verify(file)
    number = chance.randrange(ARTICLES)
    question = f"{PLACES[number % 10]} of number {number}"
    if _copied(change.archive).exists() and (wrong := _miscopied(change.archive, question)):
        return wrong
    ill = [f"{one.name}: {one.detail}" for one in examine(change.archive) if not one.ok and one.name not in DERIVED]
    if ill:
        return ill[0]
    with Store.open(change.archive) as store:
        row = answer_row(asking(store), Row(1, None, f"When did the {question} open?"))
    if row["status"] != "ok":
        return str(row["error"])
    if unlike := list(troubles(change.archive, [question])):
        return unlike[0]
    if strange := [c["quote"] for c in row["citations"] if not _was(c["quote"], change.version)]:
        return f"never in the archive: {strange[0]}"
    change.take(prune=True)
    held = contents(change.archive)
    wanted = {str(path): path.read_text("utf-8") for path in change.files.glob("*.txt")}
    return None if held == wanted else f"these differ from the files: {dict(held.items() ^ wanted.items())}"


def _miscopied(archive: Path, question: str) -> str | None:
    """Return what is wrong with a copy that was broken off, and with what the same command makes of it."""
    copied, held = _copied(archive), contents(archive)
    if strange := contents(copied).items() - held.items():
        return f"these differ in the copy: {dict(strange)}"
    _silent(move(archive, copied))
    wrong = next(chain(unequal(archive, copied), unlike_the_ledger(copied), troubles(copied, [question])), None)
    shutil.rmtree(copied)
    return wrong


def _was(quote: str, latest: int) -> bool:
    """Tell whether a quote stands in a version: only the rounds since a few kills are looked at."""
    return any(ever(quote, version, version) for version in _rounds(quote) if version <= latest)


def _rounds(quote: str) -> set[int]:
    words = quote.replace(".", " ").split()
    return {int(word) for before, word in pairwise(words) if before == "round" and word.isdigit()}


if __name__ == "__main__":
    archive, files, file = map(Path, sys.argv[1:4])
    change_for_ever(archive, files, file, int(sys.argv[4]), int(sys.argv[5]))
