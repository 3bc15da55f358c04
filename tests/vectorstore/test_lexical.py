"""A search that starts from rare words scores as one by all words, and leaves nothing out where little is found."""

from __future__ import annotations

import pytest

from tests.vectorstore.build import filled, record
from vectorstore.articles import Filter
from vectorstore.fulltext import Rows, TextQuery, anyof
from vectorstore.lexical import ROWS, best
from vectorstore.store import Store

COUNTS = {"heron": 3, "river": 20, "old": ROWS}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Forty articles: four of five have “old”, every second “river”, every twelfth “heron”."""
    records = [
        record(
            f"/{n}.txt",
            " ".join(
                [
                    "An old house" if n % 5 else "A house",
                    *["by the river"] * (n % 2),
                    *["with a heron"] * (n % 12 == 1),
                    f"number {n}.",
                ]
            ),
            published=f"20{10 + n // 4}-05-01",
        )
        for n in range(40)
    ]
    return Store.open(filled(tmp_path_factory.mktemp("store"), *records))


@pytest.mark.parametrize("rows", ["passages", "articles"])
def test_rows_with_a_rare_word_have_the_score_that_all_words_give(store: Store, rows: Rows) -> None:
    def search(query: TextQuery, limit: int) -> list[tuple[int, float]]:
        return store.ledger.database.words.search(rows, query, limit, ())

    everything = search(anyof(list(COUNTS)), 40)
    for limit in (1, 4, 7, 40):
        assert best(search, COUNTS, limit) == everything[:limit]
    assert best(search, dict.fromkeys(COUNTS, ROWS), 30) == everything[:30]  # fewer than 30 have the first: all count


def test_few_of_many_rows_are_scored() -> None:
    asked: list[TextQuery] = []

    def search(query: TextQuery, limit: int) -> list[tuple[int, float]]:
        asked.append(query)
        return [(row, 1.0) for row in range(limit)]

    best(search, {"the": 90_000, "rare": 5, "never": 0, "some": ROWS - 5}, 5)
    assert asked == [anyof(["rare", "some"]), TextQuery((("rare", "some"), ("the",)))]


def test_the_rarest_word_is_searched_however_frequent_it_is() -> None:
    asked: list[TextQuery] = []
    assert best(lambda words, _: asked.append(words) or [], {"all": ROWS + 1}, 5) == []
    assert asked == [anyof(["all"])]
    assert best(lambda *_: [(1, 1.0)], {"never": 0}, 5) == []


@pytest.mark.parametrize(
    ("counts", "share", "rare"),
    [
        ({"heron": 40, "river": 2_200, "old": 9_000}, 1.0, ("heron", "river")),  # 40 are too few for a hundred
        ({"heron": 340, "river": 2_200, "old": 9_000}, 1.0, ("heron",)),
        ({"heron": 340, "river": 2_200, "old": 9_000}, 0.5, ("heron", "river")),
        ({"heron": 340, "river": 2_200, "old": 9_000}, 0.1, ("heron", "river", "old")),
        ({"heron": 340, "river": 2_200, "old": 9_000}, 0.0, ("heron",)),
    ],
)
def test_as_many_words_are_rare_as_leave_enough_rows_behind_a_filter(
    counts: dict[str, int], share: float, rare: tuple[str, ...]
) -> None:
    asked: list[TextQuery] = []
    best(lambda query, limit: asked.append(query) or [(row, 1.0) for row in range(limit)], counts, 100, share)
    assert asked[0] == anyof(rare)


@pytest.mark.parametrize(
    "chosen", [Filter(since="2012-01-01"), Filter(since="2019-01-01"), Filter(since="2031-01-01")], ids=str
)
def test_wide_and_narrow_filters_let_the_same_through(store: Store, chosen: Filter) -> None:
    ledger = store.ledger
    allowed = set(ledger.allowed(chosen).tolist())
    unfiltered = ledger.ranked(COUNTS, 40)
    owners = ledger.articles_of(passage for passage, _ in unfiltered)
    assert ledger.ranked(COUNTS, 40, chosen) == [row for row in unfiltered if owners[row[0]] in allowed]
    articles = ledger.ranked_articles(COUNTS, 40)
    assert ledger.ranked_articles(COUNTS, 40, chosen) == [row for row in articles if row[0] in allowed]
    assert ledger.matches(anyof(["old"]), chosen) == bool(allowed)
