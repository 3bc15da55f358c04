"""SIGKILLs at random moments of ingests, prunes, removals, rebuilds, backups and restores.

After each one, and without anybody's help, the archive must be sound, answer with what was in it at some time, and come
to exactly what the files hold by the next ingest. The backup must be whole.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from benchmarks.faults.count import Count
from benchmarks.faults.oracle import troubles
from benchmarks.faults.together import ARTICLES, PLACES, Change, asking, ever
from qa.backup import backup, restore, verify
from qa.batch.run import answer_row
from qa.batch_input import Row
from vectorstore.doctor import examine
from vectorstore.folder import opened
from vectorstore.store import Store

KILLS = 30
LATEST = 1.5  # seconds after the first change until the kill
VERSIONS = 10_000  # more than are written between two kills
DERIVED = {"vector index"}  # exact search answers meanwhile


def change_for_ever(archive: Path, files: Path, file: Path, seed: int, version: int) -> None:
    """Change an archive, back it up and restore it, until somebody puts an end to it."""
    change = Change(archive, files, random.Random(seed), version)
    print("ready", flush=True)
    while True:
        change.once()
        if change.chance.random() < 0.3:
            backup(archive, file)
        if change.chance.random() < 0.2:
            restore(file, archive, replace=True)


def run(folder: Path, seed: int, _: float = 0) -> Count:
    """Kill KILLS times; each kill is a case."""
    chance, file = random.Random(seed), folder / "backup.tar.gz"
    change = Change(folder / "archive", folder / "files", chance)
    change.files.mkdir()
    change.write(range(ARTICLES))
    change.take()
    backup(change.archive, file)
    count = Count()
    for number in range(KILLS):
        _killed(change, file, seed * 1000 + number)
        change.version += VERSIONS
        count.case(_trouble(change, file, chance))
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
    ill = [f"{one.name}: {one.detail}" for one in examine(change.archive) if not one.ok and one.name not in DERIVED]
    if ill:
        return ill[0]
    with Store.open(change.archive) as store:
        number = chance.randrange(ARTICLES)
        row = answer_row(asking(store), Row(1, None, f"When did the {PLACES[number % 10]} of number {number} open?"))
    if row["status"] != "ok":
        return str(row["error"])
    if unlike := list(troubles(change.archive, [f"{PLACES[number % 10]} of number {number}"])):
        return unlike[0]
    if strange := [c["quote"] for c in row["citations"] if not _was(c["quote"], change.version)]:
        return f"never in the archive: {strange[0]}"
    change.take(prune=True)
    with closing(opened(change.archive)) as ledger:
        held = {article: ledger.original(known.id).decode() for article, known in ledger.known().items()}
    wanted = {str(path): path.read_text("utf-8") for path in change.files.glob("*.txt")}
    return None if held == wanted else f"these differ from the files: {dict(held.items() ^ wanted.items())}"


def _was(quote: str, latest: int) -> bool:
    """Tell whether a quote stands in a version: only the rounds since a few kills are looked at."""
    return any(ever(quote, version, version) for version in _rounds(quote) if version <= latest)


def _rounds(quote: str) -> set[int]:
    words = quote.replace(".", " ").split()
    return {int(word) for before, word in pairwise(words) if before == "round" and word.isdigit()}


if __name__ == "__main__":
    archive, files, file = map(Path, sys.argv[1:4])
    change_for_ever(archive, files, file, int(sys.argv[4]), int(sys.argv[5]))
