"""The ledger as it is read: articles, names, filters, words, vectors and hits."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.vectorstore.build import filled, record
from vectorstore.articles import Filter
from vectorstore.errors import AppError, StoreDamaged, StoreMissing
from vectorstore.folder import opened
from vectorstore.fulltext import anyof
from vectorstore.ledger import Ledger
from vectorstore.sqlite import FILE
from vectorstore.store import Store
from vectorstore.writer import Record

STORM = "The storm hit Lisbon. Roofs flew.\n\nTrains stopped. Nobody was hurt."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(
        tmp_path / "store",
        record(
            "/a/storm.txt",
            STORM,
            title="Storm in Lisbon",
            publisher="Press TV",
            published="2017-10-06",
            url="https://www.presstv.com/1",
            found={"title": "front matter"},
        ),
        record("/a/budget.txt", "The budget passed.", title="Budget", publisher="Der Standard", published="2017-10"),
        record("https://news.example.org/x", "A cat won.", title="Cat", url="https://news.example.org/x"),
        record("/b/old[1].txt", "An old tale.", title="Old", publisher="ÉCHO du Nord", published="1999"),
    )


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    with closing(opened(folder)) as ledger:
        yield ledger


def titles(ledger: Ledger, chosen: Filter) -> list[str]:
    return [listing.article.title for listing in ledger.articles(chosen)]


def test_opening_where_there_is_no_ledger_says_so_and_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as caught:
        opened(tmp_path / "none")
    assert "qa ingest" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_tables_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    with pytest.raises(StoreMissing):
        opened(tmp_path)


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database at all" * 400)
    with pytest.raises(StoreDamaged) as caught:
        opened(tmp_path)
    assert "qa doctor" in caught.value.hint


def test_a_reader_goes_on_while_a_writer_holds_a_transaction(folder: Path) -> None:
    ledger = opened(folder)
    with Store.writing(folder) as writer:
        with writer.ledger.database.transaction():
            writer.ledger.delete([ledger.resolve("/a/storm.txt")])
            assert ledger.count() == (4, 5)
        assert ledger.count() == (3, 3)
    ledger.close()


def test_a_newer_schema_is_refused_by_readers_and_writers(folder: Path) -> None:
    with Store.writing(folder) as writer:
        writer.ledger.set_meta("schema_version", "99")
    with pytest.raises(AppError, match="newer version"):
        opened(folder)
    with pytest.raises(AppError, match="newer version"), Store.writing(folder):
        pass


@contextmanager
def somebody_else() -> Iterator[None]:
    """Be a user who may not write: root may write everywhere."""
    root = os.getuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def locked_away(folder: Path) -> Iterator[Path]:
    # not under tmp_path: only its owner may enter that
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        copy = Path(name) / "store"
        shutil.copytree(folder, copy)
        copy.chmod(0o555)
        (copy / FILE).chmod(0o444)
        yield copy
        copy.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="permissions are the system's own elsewhere")
def test_a_store_in_a_folder_that_cannot_be_written_is_readable(locked_away: Path) -> None:
    with somebody_else():
        ledger = opened(locked_away)
        assert ledger.count() == (4, 5)
        assert [passage for passage, _ in ledger.lexical(anyof(["storm"]), 5)] == ledger.passage_ids()[:2]
        ledger.close()
    assert not (locked_away / f"{FILE}-wal").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are the system's own elsewhere")
def test_an_open_log_in_a_folder_that_cannot_be_written_is_named(locked_away: Path) -> None:
    locked_away.chmod(0o755)
    (locked_away / f"{FILE}-wal").write_bytes(b"frames")
    (locked_away / f"{FILE}-wal").chmod(0o444)
    locked_away.chmod(0o555)
    with somebody_else(), pytest.raises(StoreDamaged, match="was not closed properly"):
        opened(locked_away)


def digest(folder: Path) -> str:
    with Store.open(folder) as store:
        return store.ledger.digest()


def test_archives_of_the_same_articles_have_the_same_digest_in_whatever_order_and_whenever(tmp_path: Path) -> None:
    one, two = record("/a.txt", "Rain fell."), record("/b.txt", "Snow fell.")
    assert digest(filled(tmp_path / "1", one, two)) == digest(filled(filled(tmp_path / "2", two), one))
    assert digest(filled(tmp_path / "1", one)) == digest(tmp_path / "2")  # taken in again


@pytest.mark.parametrize(
    "other",
    [
        [],
        [record("/a.txt", "Rain fell."), record("/b.txt", "Snow fell.")],
        [record("/a.txt", "Rain falls.")],
        [record("/b.txt", "Rain fell.")],
        [record("/a.txt", "Rain fell.", title="Rain")],
        [record("/a.txt", "Rain fell.", published="2017")],
        [record("/a.txt", "Rain fell.", url="https://news.example/a")],
    ],
)
def test_another_text_title_date_address_or_article_changes_the_digest(tmp_path: Path, other: list[Record]) -> None:
    assert digest(filled(tmp_path / "1", record("/a.txt", "Rain fell."))) != digest(filled(tmp_path / "2", *other))
