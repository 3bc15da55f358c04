"""The ledger as it is written: whole groups or nothing, words and vectors in step, kills survived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vectorstore.build import IDENTITY, many, record
from vectorstore.articles import article_id
from vectorstore.doctor import examine
from vectorstore.fulltext import anyof
from vectorstore.store import Store, Writer


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Store.writing(tmp_path / "store", IDENTITY) as opened:
        yield opened


def sound(writer: Writer) -> bool:
    return all(check.ok for check in examine(Path(writer.ledger.database.name).parent))


def words(writer: Writer, word: str) -> int:
    """Return how many articles are found by a word."""
    # an index whose rows are not what the articles say raises here
    writer.ledger.database.rows("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    return len(writer.ledger.ranked_articles([word], 9))


def test_removing_leaves_no_trace_and_counts_what_was_there(writer: Writer) -> None:
    writer.add([record("/a", "A stork."), record("/b", "A crane.")])
    assert writer.remove([article_id("/a"), "0" * 16]) == 1
    assert writer.ledger.lexical(anyof(["stork"]), 9) == []
    for table in ("articles", "originals", "sentences", "passages", "vectors", "passages_fts"):
        assert writer.ledger.database.value(f"SELECT count(*) FROM {table}") == 1, table
    assert sound(writer)


def test_a_full_text_index_is_made_again_from_the_articles(writer: Writer) -> None:
    writer.add(many(4))
    found = writer.ledger.lexical(anyof(["item", "part", "t2"]), 99)
    writer.ledger.database.rows("DELETE FROM passages_fts WHERE rowid % 2")
    writer.ledger.database.rows("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    writer.ledger.reindex()
    assert words(writer, "item") == 4
    assert writer.ledger.lexical(anyof(["item", "part", "t2"]), 99) == found


WRITE = """
import sys
from pathlib import Path
from tests.vectorstore.build import IDENTITY, record
from vectorstore.store import Store
with Store.writing(Path(sys.argv[1]), IDENTITY) as writer:
    for group in range(10_000):
        writer.add([record(f"/{group}/{n}", f"Text {group} of {n}.\\n\\nAnd more {n}.") for n in range(8)])
        # an old group changes, too
        writer.add([record(f"/{group // 2}/{n}", f"Text {group} of {n} changed.") for n in range(8)])
        print(group, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
@pytest.mark.parametrize("after", [0.0, 0.013, 0.031])
def test_a_killed_writer_loses_at_most_the_open_group(tmp_path: Path, after: float) -> None:
    folder = tmp_path / "store"
    command, root = [sys.executable, "-c", WRITE, str(folder)], Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "5":
                break
        time.sleep(after)  # the kill lands anywhere within a group
        process.send_signal(signal.SIGKILL)
        told = [5, *map(int, process.stdout.read().split())]
    checks = list(examine(folder))
    assert all(check.ok for check in checks), checks
    with Store.writing(folder, IDENTITY) as writer:  # the lock went with its process
        articles, _ = writer.ledger.count()
        assert articles % 8 == 0
        assert articles >= 8 * (told[-1] + 1)
        writer.add([record("/after", "Going on.")])
        assert writer.ledger.count()[0] == articles + 1
