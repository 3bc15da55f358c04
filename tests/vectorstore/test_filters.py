"""Days, publishers and hosts in their normal forms; what a filter becomes is tested with the ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from vectorstore.articles import Filter
from vectorstore.filters import admits, day_bounds, host_of, phrase, publisher_key


@pytest.mark.parametrize(
    ("published", "bounds"),
    [
        ("2024", ("2024-01-01", "2024-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2023-02", ("2023-02-01", "2023-02-28")),
        ("2023-04-30", ("2023-04-30", "2023-04-30")),
    ],
)
def test_a_partial_date_covers_all_its_days(published: str, bounds: tuple[str, str]) -> None:
    assert day_bounds(published) == bounds


@pytest.mark.parametrize("published", ["", "2023-13", "2023-02-30", "0000", "23", "2023-1-1", "2023-01-01T10", "soon"])
def test_what_is_no_date_raises(published: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        day_bounds(published)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://WWW.Example.org/x", "example.org"),
        ("http://example.org:8080", "example.org"),
        ("/a/path", None),
        (None, None),
        ("http://[broken", None),
    ],
)
def test_a_host_is_lower_case_and_without_www(url: str | None, host: str | None) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("publisher", "key"), [("  Press\tTV ", "press tv"), ("STRASSE", "strasse"), ("", None), (" ", None)]
)
def test_publishers_are_compared_without_case_and_spaces(publisher: str, key: str | None) -> None:
    assert publisher_key(publisher) == key


@pytest.mark.parametrize(
    ("chosen", "passes"),
    [
        (Filter(), True),
        (Filter(publishers=("the example",)), True),
        (Filter(publishers=("www.example.org",)), True),
        (Filter(publishers=("example.org",)), True),
        (Filter(publishers=("le.org",)), False),
        (Filter(publishers=("Another",)), False),
        (Filter(publishers=("Another", "the example")), True),
        (Filter(since="2022-06-30"), True),
        (Filter(since="2022-07-01"), False),
        (Filter(until="2022-06-01"), True),
        (Filter(until="2022-05-31"), False),
        (Filter(publishers=("Another",), since="2022-06-30"), False),
    ],
)
def test_an_article_is_admitted_by_publisher_host_and_overlapping_days(chosen: Filter, passes: bool) -> None:
    assert admits(chosen, "The Example", "https://news.example.org/a", "2022-06") is passes


def test_an_undated_article_passes_no_days() -> None:
    assert not admits(Filter(since="0001-01-01"), None, None, None)


@pytest.mark.parametrize("words", ["fer\0ry", "fer\0ry é", "日\0本", "\0", '"\0'])
def test_a_phrase_with_a_null_character_is_one_that_the_index_can_read(words: str) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE t USING fts5(body)")
        database.execute("INSERT INTO t VALUES ('the fer ry left')")
        found = database.execute("SELECT body FROM t WHERE t MATCH ?", (phrase(words),)).fetchall()
    assert bool(found) == (words == "fer\0ry")
