"""Files that several threads and processes begin to use at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from qa.saved import SavedFile

SCHEMA = "CREATE TABLE IF NOT EXISTS words (word TEXT NOT NULL); PRAGMA user_version = 1;"


def test_many_threads_may_begin_a_file_at_once(tmp_path: Path) -> None:
    def keep(place: Path) -> None:
        for _ in range(5):
            with SavedFile(place, SCHEMA, "The words").open() as db:
                db.execute("INSERT INTO words VALUES ('lamp')")

    for number in range(20):
        place = tmp_path / f"{number}.sqlite3"
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(keep, [place] * 12))
        with SavedFile(place, SCHEMA, "The words").open() as db:
            assert db.execute("SELECT count(*) FROM words").fetchone() == (60,)
