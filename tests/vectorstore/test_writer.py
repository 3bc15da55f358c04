"""The ledger as it is written: whole groups or nothing, words and vectors in step, kills survived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.build import IDENTITY, many, record
from vectorstore.articles import article_id
from vectorstore.doctor import examine
from vectorstore.errors import UnknownArticle
from vectorstore.fulltext import anyof
from vectorstore.store import Store, Writer
from vectorstore.writer import Record


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Store.writing(tmp_path / "store", IDENTITY) as opened:
        yield opened


def sound(writer: Writer) -> bool:
    return all(check.ok for check in examine(Path(writer.ledger.database.name).parent))


def test_a_changed_article_keeps_its_id_and_loses_its_old_words(writer: Writer) -> None:
    writer.add([record("/a", "The heron flew.\n\nThe owl slept."), record("/b", "A heron again.")])
    before = writer.ledger.resolve("/a")
    writer.add([record("/a", "The falcon flew.")])
    assert writer.ledger.resolve("/a") == before
    assert writer.ledger.count() == (2, 2)
    assert len(writer.ledger.lexical(anyof(["heron"]), 9)) == 1
    assert writer.ledger.lexical(anyof(["owl"]), 9) == []
    assert len(writer.ledger.lexical(anyof(["falcon"]), 9)) == 1
    assert sound(writer)


def words(writer: Writer, word: str) -> int:
    """Return how many articles are found by a word."""
    # an index whose rows are not what the articles say raises here
    writer.ledger.database.rows("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    return len(writer.ledger.ranked_articles([word], 9))


def test_an_article_is_found_by_its_words_of_now(writer: Writer) -> None:
    writer.add([record("/a", "The heron flew.\n\nThe owl slept.", title="Birds"), record("/b", "A heron again.")])
    assert [words(writer, word) for word in ("herons", "owl", "bird")] == [2, 1, 1]
    writer.add([record("/a", "The falcon flew.", title="Hunters")])
    assert [words(writer, word) for word in ("heron", "owl", "bird", "falcon", "hunter")] == [1, 0, 0, 1, 1]
    writer.update_metadata(replace(record("/b", "A heron again.").entry.article, author="Ann"), b"", "h")
    writer.remove([article_id("/a")])
    assert [words(writer, word) for word in ("heron", "falcon")] == [1, 0]


def test_words_that_no_encoding_has_are_taken_out_again(writer: Writer) -> None:
    writer.add([record("/a", "A \udce9 heron\x00 flew.", title="\udce9")])
    writer.add([record("/a", "A crane.")])
    assert [words(writer, word) for word in ("heron", "flew", "crane")] == [0, 0, 1]


def test_ids_of_passages_are_never_used_again(writer: Writer) -> None:
    writer.add([record("/a", "One.\n\nTwo."), record("/b", "Three.")])
    used = set(writer.ledger.passage_ids())
    writer.remove([article_id("/b"), article_id("/a")])
    writer.add([record("/c", "Four."), record("/a", "One.")])
    assert not used & set(writer.ledger.passage_ids())


def test_removing_leaves_no_trace_and_counts_what_was_there(writer: Writer) -> None:
    writer.add([record("/a", "A stork."), record("/b", "A crane.")])
    assert writer.remove([article_id("/a"), "0" * 16]) == 1
    assert writer.ledger.lexical(anyof(["stork"]), 9) == []
    for table in ("articles", "originals", "sentences", "passages", "vectors", "passages_fts"):
        assert writer.ledger.database.value(f"SELECT count(*) FROM {table}") == 1, table
    assert sound(writer)


def test_each_group_moves_the_revision_and_nothing_else_does(writer: Writer) -> None:
    start = writer.ledger.revision
    writer.add([record("/a"), record("/b")])
    writer.remove(["0" * 16])
    writer.ledger.set_meta("index_dirty", "0")
    assert writer.ledger.revision == start + 1


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_vector_that_is_not_finite_keeps_the_whole_group_out(writer: Writer, wrong: float) -> None:
    bad = record("/bad", "One.\n\nTwo.")
    bad.vectors[1, 3] = wrong
    with pytest.raises(ValueError, match="/bad is not finite"):
        writer.add([record("/good"), bad])
    assert writer.ledger.count() == (0, 0)


def test_vectors_of_another_shape_or_length_are_refused(writer: Writer) -> None:
    made = record("/a", "One.\n\nTwo.")
    with pytest.raises(ValueError, match="shape"):
        writer.add([replace(made, vectors=made.vectors[:1])])
    with pytest.raises(ValueError, match="shape"):
        writer.add([replace(made, vectors=made.vectors[:, :8])])
    with pytest.raises(ValueError, match="unit length"):
        writer.add([replace(made, vectors=made.vectors * 2)])


def test_a_published_that_is_no_date_is_refused(writer: Writer) -> None:
    with pytest.raises(ValueError, match="day is out of range"):
        writer.add([record("/a", published="2023-02-30")])


def test_metadata_changes_without_new_vectors(writer: Writer) -> None:
    made = record("/a", "A stork.", title="T", section="old")
    writer.add([made])
    passages = writer.ledger.passage_ids()
    newer = replace(made.entry.article, section="new", url="https://x.example/y", author="Ann")
    writer.update_metadata(newer, b"new bytes", "h2")
    assert writer.ledger.article(newer.id) == newer
    assert writer.ledger.original(newer.id) == b"new bytes"
    assert writer.ledger.known()["/a"].original_hash == "h2"
    assert writer.ledger.passage_ids() == passages
    assert sound(writer)


@pytest.mark.parametrize("change", [{"text": "A crane."}, {"title": "U"}, {"publisher": "P"}, {"published": "2001"}])
def test_what_passages_are_made_of_cannot_change_without_new_vectors(writer: Writer, change: dict[str, str]) -> None:
    made = record("/a", "A stork.", title="T")
    writer.add([made])
    with pytest.raises(ValueError, match="needs new vectors"):
        writer.update_metadata(replace(made.entry.article, **change), b"", "h2")  # type: ignore[arg-type]


def test_metadata_of_an_unknown_article_cannot_be_updated(writer: Writer) -> None:
    with pytest.raises(UnknownArticle):
        writer.update_metadata(record("/a").entry.article, b"", "h")


def test_what_an_ingest_must_know_is_there_by_source(writer: Writer) -> None:
    writer.add([record("/a", original_hash="first")])
    known = writer.ledger.known()["/a"]
    assert (known.id, known.original_hash, known.cleaning) == (article_id("/a"), "first", IDENTITY.cleaning)


def test_the_same_article_twice_in_a_group_is_there_once(writer: Writer) -> None:
    writer.add([record("/a", "A stork."), record("/a", "A crane.")])
    assert writer.ledger.count() == (1, 1)
    assert writer.ledger.lexical(anyof(["stork"]), 9) == []


def test_a_generator_that_fails_keeps_its_group_out(writer: Writer) -> None:
    def failing() -> Iterator[Record]:
        yield record("/a")
        raise RuntimeError("embedder")

    with pytest.raises(RuntimeError):
        writer.add(failing())
    assert writer.ledger.count() == (0, 0)
    writer.add([record("/b")])
    assert writer.ledger.count() == (1, 1)


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
