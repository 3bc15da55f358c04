"""Ledgers of older versions become new ones, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vectorstore.build import filled, record
from vectorstore import schema
from vectorstore.database import Database
from vectorstore.errors import AppError, StoreDamaged
from vectorstore.schema import MIGRATIONS, migrate, version
from vectorstore.store import Store

SECOND = ("ALTER TABLE articles ADD COLUMN mood TEXT", "UPDATE articles SET mood = 'calm'")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = Database.writing(tmp_path / "ledger.sqlite3")
    migrate(opened, MIGRATIONS)
    return opened


def test_an_older_ledger_is_brought_up_to_date(database: Database) -> None:
    migrate(database, (*MIGRATIONS, SECOND))
    assert version(database) == len(MIGRATIONS) + 1
    assert database.rows("SELECT mood FROM articles") == []
    database.close()


def test_the_articles_of_a_first_ledger_are_found_by_their_words(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", record("/a", "A stork flew.", title="Birds"))
    with Store.writing(folder) as writer:
        writer.ledger.database.rows("DROP TABLE articles_fts")
        writer.ledger.set_meta("schema_version", "1")
    with Store.open(folder) as store:
        assert len(store.ledger.lexical_articles("bird", 9)) == len(store.ledger.lexical_articles("stork", 9)) == 1


def test_a_migration_that_fails_leaves_the_older_ledger(database: Database) -> None:
    with pytest.raises(StoreDamaged):
        migrate(database, (*MIGRATIONS, (*SECOND, "UPDATE nowhere SET x = 1")))
    assert version(database) == len(MIGRATIONS)
    with pytest.raises(StoreDamaged):
        database.rows("SELECT mood FROM articles")
    database.close()


def test_a_reader_has_an_older_archive_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path / "store", record("/a"))
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, SECOND))
    with Store.open(folder) as store:
        assert store.ledger.database.rows("SELECT mood FROM articles") == [("calm",)]


def test_a_newer_ledger_is_refused(database: Database) -> None:
    migrate(database, (*MIGRATIONS, SECOND))
    with pytest.raises(AppError, match="newer version"):
        migrate(database, MIGRATIONS)
    database.close()
