"""Ledgers of older versions become new ones, whole or not at all."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.vectorstore.build import filled, record
from vectorstore import schema
from vectorstore.doctor import examine
from vectorstore.errors import AppError, StoreDamaged
from vectorstore.fulltext import anyof
from vectorstore.schema import MIGRATIONS, migrate, version
from vectorstore.sqlite import SQLiteDatabase
from vectorstore.store import Store

SECOND = ("ALTER TABLE articles ADD COLUMN mood TEXT", "UPDATE articles SET mood = 'calm'")


@pytest.fixture
def database(tmp_path: Path) -> SQLiteDatabase:
    opened = SQLiteDatabase.writing(tmp_path / "ledger.sqlite3")
    migrate(opened, MIGRATIONS)
    return opened


def test_an_older_ledger_is_brought_up_to_date(database: SQLiteDatabase) -> None:
    migrate(database, (*MIGRATIONS, SECOND))
    assert version(database) == len(MIGRATIONS) + 1
    assert database.rows("SELECT mood FROM articles") == []
    database.close()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_ledgers_tables_tell_its_version(tmp_path: Path, version: int) -> None:
    with closing(SQLiteDatabase.writing(tmp_path / "ledger.sqlite3")) as database:
        migrate(database, MIGRATIONS[:version])
        assert schema.told_by({row[0] for row in database.rows("SELECT name FROM sqlite_master")}) == version


def test_the_articles_of_a_first_ledger_are_found_by_their_words(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", record("/a", "A stork flew.", title="Birds"))
    with Store.writing(folder) as writer:
        writer.ledger.database.rows("DROP TABLE articles_fts")
        writer.ledger.database.rows("DROP VIEW article_words")
        writer.ledger.set_meta("schema_version", "1")
    with Store.open(folder) as store:
        assert len(store.ledger.ranked_articles(["bird"], 9)) == len(store.ledger.ranked_articles(["stork"], 9)) == 1


def test_an_older_archive_finds_words_in_scripts_without_spaces(tmp_path: Path) -> None:
    tea, boat = (
        record("/tea", "茶园下面是水源。\n\n山上种茶。", title="茶园"),
        record("/boat", "ที่นี่มีเรือ \ud800 stork"),
    )
    folder = filled(tmp_path / "store", tea, boat)
    with Store.writing(folder) as writer:
        database = writer.ledger.database
        before = database.rows("SELECT rowid, body FROM passages_fts ORDER BY rowid")
        database.rows("UPDATE passages_fts SET title = '茶园', body = '茶园下面是水源' WHERE rowid < 3")
        database.rows("DROP TABLE articles_fts")
        database.rows("DROP VIEW article_words")
        database.rows(schema.FIRST_ARTICLES_FULL_TEXT)
        database.rows(schema.FILL)
        writer.ledger.set_meta("schema_version", "2")
    with Store.open(folder) as store:
        assert store.ledger.database.rows("SELECT rowid, body FROM passages_fts ORDER BY rowid")[:2] == before[:2]
        assert len(store.ledger.lexical(anyof(["水源"]), 9)) == len(store.ledger.ranked_articles(["水源"], 9)) == 1
        assert not [check for check in examine(folder) if not check.ok]


def test_a_migration_that_fails_leaves_the_older_ledger(database: SQLiteDatabase) -> None:
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


def test_a_newer_ledger_is_refused(database: SQLiteDatabase) -> None:
    migrate(database, (*MIGRATIONS, SECOND))
    with pytest.raises(AppError, match="newer version"):
        migrate(database, MIGRATIONS)
    database.close()
