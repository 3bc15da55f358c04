"""Full-text search while one types: every word, the last one perhaps begun."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.retrieve.find import find
from tests.vectorstore.build import filled, record
from vectorstore.articles import EVERYTHING, Filter
from vectorstore.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = filled(
        tmp_path / "store",
        record("/lamp.txt", "The keeper lit the lamps. It was cold.", title="A lighthouse", publisher="Coast Gazette"),
        record("/ferry.txt", "The ferry keeps its lamp lit all night.", title="A ferry", publisher="Harrow Bay Post"),
    )
    with Store.open(folder) as opened:
        yield opened


def found(store: Store, words: str, chosen: Filter = EVERYTHING) -> list[tuple[str, list[str]]]:
    """The sources that have the words, each with its words as they stand."""
    matches = find(store, words, 50, chosen)
    return [
        (m.hit.article.source, [m.hit.text[a - m.hit.start : b - m.hit.start] for a, b in m.spans]) for m in matches
    ]


def test_every_word_must_be_there_in_any_order_and_form(store: Store) -> None:
    assert found(store, "lit keeper") == [("/lamp.txt", ["keeper", "lit"])]
    assert {source for source, _ in found(store, "lamp")} == {"/lamp.txt", "/ferry.txt"}
    assert found(store, "lit zeppelin") == []


def test_the_last_word_may_be_begun_and_the_others_not(store: Store) -> None:
    assert found(store, "lamps co") == [("/lamp.txt", ["lamps", "cold"])]
    assert found(store, "co lamps") == []


def test_words_of_the_title_and_the_publisher_count(store: Store) -> None:
    assert [source for source, _ in found(store, "gazette cold")] == ["/lamp.txt"]
    assert [source for source, _ in found(store, "lighthouse")] == ["/lamp.txt"]


def test_a_filter_holds(store: Store) -> None:
    assert [source for source, _ in found(store, "lamp", Filter(publishers=("Harrow Bay Post",)))] == ["/ferry.txt"]


@pytest.mark.parametrize("words", ["", "  ", "—", "?! …"])
def test_no_word_finds_nothing(store: Store, words: str) -> None:
    assert found(store, words) == []


@pytest.mark.parametrize("words", ['"', 'lamp" OR "x', "lamp*", "NEAR(lamp)", "title:lamp", "lamp\ud800"])
def test_what_is_syntax_elsewhere_is_text_here(store: Store, words: str) -> None:
    found(store, words)
