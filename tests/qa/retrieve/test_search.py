"""Searching, and spreading over articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.hybrid import HybridRetriever
from qa.retrieve.search import (
    ARTICLES,
    DenseRetriever,
    Diversifier,
    LexicalRetriever,
    distinct,
    searched,
    spread,
    text_query,
)
from qa.retrieve.understand import Query
from tests.qa.retrieve.build import hit
from tests.vectorstore.build import EMBEDDER, filled, record
from vectorstore.articles import Filter, Reference
from vectorstore.fts5 import expression
from vectorstore.store import Store

QUERY = Query("where did snow fall?")


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


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = filled(
        tmp_path_factory.mktemp("scripts") / "store",
        record("/zh", "岬角的灯塔因雷击熄灭，渔民自己修好了灯。", title="灯塔"),
        record("/ja", "岬の灯台は雷で消え、漁師が自分で直した。", title="灯台"),
        record("/ko", "곶의 등대는 벼락에 꺼졌고 어부들이 등대를 고쳤다.", title="등대"),
        record("/th", "ประภาคารบนแหลมดับเพราะฟ้าผ่า ชาวประมงซ่อมประภาคารเอง", title="ประภาคาร"),
        record("/ru", "Маяк на мысе погас от молнии, рыбаки починили его сами.", title="Маяк"),
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
    found = Diversifier(
        HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store), 3, store
    ).search(QUERY, 20)
    snow = [hit for hit in found if "Oslo" in hit.text]
    assert len(snow) == 1
    assert {other.source for other in snow[0].also} | {snow[0].article.source} == {"/snow.txt", "/wire.txt"}


def test_a_filter_cuts_before_ranking(store: Store) -> None:
    query = replace(QUERY, filter=Filter(since="2020"))
    for search in (DenseRetriever(store, EMBEDDER), LexicalRetriever(store)):
        assert {hit.article.source for hit in search.search(query, 5)} == {"/snow.txt"}


@pytest.mark.parametrize("text", ["who was it?", "", "🙂", "???"])
def test_a_question_of_stop_words_finds_nothing_by_words(store: Store, text: str) -> None:
    assert text_query(text).words == []
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
    assert expression(text_query("Did Rome sell Rome to Oslo?")) == '("Rome" OR "sell" OR "Oslo")'


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("灯塔", "/zh"),
        ("灯塔为什么熄灭？", "/zh"),
        ("谁修好了灯？", "/zh"),
        ("灯台は誰が直しましたか？", "/ja"),
        ("등대", "/ko"),
        ("등대를 누가 고쳤습니까?", "/ko"),
        ("ใครซ่อมประภาคาร", "/th"),
    ],
)
def test_an_archive_of_many_scripts_is_searched_in_the_script_of_the_question(
    scripts: Store, question: str, source: str
) -> None:
    first, *_ = LexicalRetriever(scripts).search(Query(question), 5)
    ((article, _), *_) = scripts.ledger.ranked_articles(searched(question), 5)
    assert first.article.source == source
    assert scripts.ledger.articles_of([first.passage]) == {first.passage: article}


@given(st.text(max_size=120))
def test_every_text_makes_an_expression_that_fts5_takes(text: str) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(a)")
    database.execute("SELECT * FROM t WHERE t MATCH ?", (expression(text_query(text)),)).fetchall()
    database.close()


def test_no_article_has_more_than_its_share() -> None:
    pool = [hit(n, 1 - n / 100, article=f"a{n % 3}") for n in range(30)]
    found = spread(pool, 20, 4)
    assert len(found) == 12
    assert all(sum(h.article.id == name for h in found) == 4 for name in ("a0", "a1", "a2"))


def test_a_page_that_was_saved_at_two_addresses_has_one_share() -> None:
    pool = [hit(n, article=f"a{n % 2}") for n in range(20)]
    urls = {"a0": "https://www.x.example/a?utm_source=rss", "a1": "https://x.example/a/"}
    twice = [replace(h, article=replace(h.article, url=urls[h.article.id])) for h in pool]
    assert [h.passage for h in spread(twice, 20, 4)] == [0, 1, 2, 3]
    assert len(spread(pool, 20, 4)) == 8


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
