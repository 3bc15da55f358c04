"""Readers of a shared archive read everything and change nothing, as docs/team/roles.sql makes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.vectorstore.build import IDENTITY, many, record
from vectorstore.errors import AppError
from vectorstore.fulltext import anyof
from vectorstore.postgres.shared import Shared
from vectorstore.store import Store

ROLES = (Path(__file__).parents[3] / "docs" / "team" / "roles.sql").read_text("utf-8")


@pytest.fixture
def reader(shared: Shared) -> Iterator[Shared]:
    """A shared archive in which somebody else has written, to a reader who was made before."""
    with psycopg.connect(shared.url, autocommit=True) as connection:
        connection.execute(ROLES)  # type: ignore[arg-type]
    with Store.writing(shared, IDENTITY) as writer:
        writer.add(many(3))
    user = urlsplit(shared.url).username
    yield Shared(shared.url.replace(f"//{user}", "//footnote_reader", 1))
    with psycopg.connect(shared.url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY footnote_reader; DROP ROLE footnote_reader")


def test_a_reader_reads_all_that_a_question_needs(reader: Shared) -> None:
    with Store.open(reader) as store, store.reading():
        vector = store.ledger.vectors().vectors[0]
        (first, _), *_ = store.dense(vector, 3)
        assert store.hits([first])
        assert store.lexical(anyof(["item"]), 3)


def test_a_reader_who_writes_is_told_and_nothing_is_changed(reader: Shared) -> None:
    with pytest.raises(AppError, match="may only read the archive") as told, Store.writing(reader, IDENTITY) as writer:
        writer.add([record("/news/new.txt")])
    assert "[store] url" in told.value.hint
    with psycopg.connect(reader.url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        for table in ("articles", "passages", "meta", "outbox"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"DELETE FROM footnote.{table}")  # type: ignore[arg-type]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE footnote.mine (id INTEGER)")
    with Store.open(reader) as store:
        assert store.ledger.count()[0] == 3
