"""Searching, fusing and spreading over articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.search import (
    ARTICLES,
    CONTEXT_WEIGHT,
    DEPTH,
    DenseRetriever,
    Fused,
    LexicalRetriever,
    Spread,
    distinct,
    match_expression,
    scaled,
    spread,
)
from qa.retrieve.understand import Query
from tests.vectorstore.build import EMBEDDER, filled, record
from vectorstore.articles import Filter, Hit, Reference
from vectorstore.store import Store

QUERY = Query("where did snow fall?")


def hit(number: int, score: float = 0.5, article: str = "", text: str = "", also: tuple[Reference, ...] = ()) -> Hit:
    name = article or f"a{number}"
    return Hit(number, Reference(name, f"/{name}"), 0, 1, text or f"text {number}", (), score, also)


class Fixed:
    """Finds the same hits always, and remembers what it was asked."""

    def __init__(self, *hits: Hit) -> None:
        self.hits, self.asked = list(hits), list[tuple[Query, int]]()

    def search(self, query: Query, limit: int) -> list[Hit]:
        self.asked.append((query, limit))
        return self.hits[:limit]


class Worded:
    """Finds other hits for other texts."""

    def __init__(self, **hits: list[Hit]) -> None:
        self.hits = hits

    def search(self, query: Query, limit: int) -> list[Hit]:
        return self.hits.get(query.text, [])[:limit]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = filled(
        tmp_path_factory.mktemp("search") / "store",
        record("/snow.txt", "Snow fell in Oslo. It was deep.", title="Winter", published="2020-01-05"),
        record("/wire.txt", "Snow fell in Oslo. It was deep.", title="Winter wire"),
        record("/sun.txt", "The sun shone on Rome. AND OR NOT NEAR are words.", title="Summer"),
    )
    with Store.open(folder) as opened:
        yield opened


@pytest.mark.parametrize("retriever", ["dense", "lexical"])
def test_the_passage_that_shares_the_words_comes_first(store: Store, retriever: str) -> None:
    search = DenseRetriever(store, EMBEDDER) if retriever == "dense" else LexicalRetriever(store)
    first, *_ = search.search(Query("snow fell in Oslo"), 5)
    assert "Oslo" in first.text
    assert first.score > 0


def test_a_copy_of_a_wire_text_is_listed_under_also_and_not_beside_it(store: Store) -> None:
    found = Spread(Fused([(DenseRetriever(store, EMBEDDER), 1.0), (LexicalRetriever(store), 1.0)]), 3).search(QUERY, 20)
    snow = [hit for hit in found if "Oslo" in hit.text]
    assert len(snow) == 1
    assert {other.source for other in snow[0].also} | {snow[0].article.source} == {"/snow.txt", "/wire.txt"}


def test_a_filter_cuts_before_ranking(store: Store) -> None:
    query = replace(QUERY, filter=Filter(since="2020"))
    for search in (DenseRetriever(store, EMBEDDER), LexicalRetriever(store)):
        assert {hit.article.source for hit in search.search(query, 5)} == {"/snow.txt"}


@pytest.mark.parametrize("text", ["who was it?", "", "🙂", "???"])
def test_a_question_of_stop_words_finds_nothing_by_words(store: Store, text: str) -> None:
    assert match_expression(text) == ""
    assert LexicalRetriever(store).search(Query(text), 5) == []


@pytest.mark.parametrize(
    "text",
    [
        "AND OR NOT NEAR snow",
        'snow" OR "x',
        '"unbalanced snow',
        "snow*",
        "NEAR(snow sun, 3)",
        "title:snow",
        "^snow -sun +rome",
        "{snow sun}: x",
        "snow 🙂 sun",
        "O'Neill's snow",
        "snow\x00sun",
        "谁是中国国防部长 snow",
        "U.S. snow",
        "); DROP TABLE passages; -- snow",
    ],
)
def test_no_question_is_taken_for_search_syntax(store: Store, text: str) -> None:
    assert any("Snow" in hit.text for hit in LexicalRetriever(store).search(Query(text), 5))


def test_operators_are_searched_as_words(store: Store) -> None:
    (found,) = LexicalRetriever(store).search(Query("NEAR"), 5)
    assert found.article.source == "/sun.txt"


def test_each_word_is_quoted_once() -> None:
    assert match_expression("Did Rome sell Rome to Oslo?") == '"Rome" OR "sell" OR "Oslo"'


@given(st.text(max_size=120))
def test_every_text_makes_an_expression_that_fts5_takes(text: str) -> None:
    expression = match_expression(text)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(a)")
    if expression:
        database.execute("SELECT * FROM t WHERE t MATCH ?", (expression.encode("utf-8", "replace").decode(),))
    database.close()


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([], []), ([3.0], [1.0]), ([2.0, 2.0], [1.0, 1.0]), ([4.0, 3.0, 2.0], [1.0, 0.5, 0.0]), ([-1.0, 1.0], [0.0, 1.0])],
)
def test_scores_are_scaled_over_themselves(scores: list[float], expected: list[float]) -> None:
    assert scaled(scores) == expected


def test_fusion_adds_the_weighted_scaled_scores() -> None:
    one = Fixed(hit(1, 0.9), hit(2, 0.8), hit(3, 0.5))
    two = Fixed(hit(3, 20.0), hit(2, 15.0), hit(4, 10.0))
    found = Fused([(one, 3.0), (two, 1.0)]).search(QUERY, 10)
    assert [(h.passage, pytest.approx(h.score)) for h in found] == [(1, 0.75), (2, 0.6875), (3, 0.25), (4, 0.0)]


def test_equal_scores_are_ordered_by_passage() -> None:
    found = Fused([(Fixed(hit(9), hit(2), hit(5)), 1.0)]).search(QUERY, 10)
    assert [h.passage for h in found] == [2, 5, 9]


def test_fused_scores_are_between_0_and_1_and_fall() -> None:
    parts = [(Fixed(*(hit(n, float(n % 5)) for n in range(9))), 0.7), (Fixed(hit(3, -2.0)), 0.3)]
    scores = [h.score for h in Fused(parts).search(replace(QUERY, context="before"), 10)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_turn_before_counts_at_its_share_and_never_wins_alone() -> None:
    part = Worded(now=[hit(1, 1.0), hit(2, 0.0)], before=[hit(2, 1.0), hit(3, 0.0)])
    found = Fused([(part, 1.0)]).search(Query("now", context="before"), 10)
    total = 1 + CONTEXT_WEIGHT
    assert [(h.passage, pytest.approx(h.score)) for h in found] == [(1, 1 / total), (2, CONTEXT_WEIGHT / total), (3, 0)]


def test_each_part_is_asked_for_the_same_depth() -> None:
    part = Fixed(hit(1))
    Fused([(part, 1.0)]).search(replace(QUERY, context="before"), 1)
    assert [(query.text, limit) for query, limit in part.asked] == [(QUERY.text, DEPTH), ("before", DEPTH)]
    assert part.asked[1][0].context == ""


def test_no_article_has_more_than_its_share() -> None:
    pool = [hit(n, 1 - n / 100, article=f"a{n % 3}") for n in range(30)]
    found = spread(pool, 20, 4)
    assert len(found) == 12
    assert all(sum(h.article.id == name for h in found) == 4 for name in ("a0", "a1", "a2"))


def test_room_is_kept_for_ten_articles_however_low_they_rank() -> None:
    crowd = [hit(n, article=f"c{n % 4}") for n in range(40)]
    found = spread([*crowd, *(hit(100 + n) for n in range(9))], 20, 10)
    assert len(found) == 20
    assert len({h.article.id for h in found}) == ARTICLES


def test_room_is_not_kept_for_articles_that_are_not_there() -> None:
    pool = [hit(n, article=f"a{n % 2}") for n in range(40)]
    assert len(spread(pool, 20, 10)) == 20


@given(st.lists(st.integers(0, 14), max_size=60), st.integers(1, 25), st.integers(1, 8))
def test_spreading_keeps_the_order_and_its_promises(articles: list[int], limit: int, per_article: int) -> None:
    pool = [hit(n, article=f"a{article}") for n, article in enumerate(articles)]
    found = spread(pool, limit, per_article)
    assert [h.passage for h in found] == sorted(h.passage for h in found)
    assert len(found) <= limit
    assert all(sum(h.article == other.article for other in found) <= per_article for h in found)
    assert len({h.article.id for h in found}) >= min(ARTICLES, limit, len(set(articles)))


def test_a_hit_that_another_lists_as_its_copy_is_left_out() -> None:
    copy = Reference("a2", "/a2")
    kept = distinct([hit(1, text="Same words", also=(copy,)), hit(2, text="same  WORDS"), hit(3, text="Same words")])
    assert [h.passage for h in kept] == [1, 3]


def test_another_passage_of_a_copys_article_stays() -> None:
    kept = distinct([hit(1, text="Same words", also=(Reference("a2", "/a2"),)), hit(2, text="other words")])
    assert [h.passage for h in kept] == [1, 2]
