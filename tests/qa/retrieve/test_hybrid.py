"""The weighted sum over three searches."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qa.retrieve.hybrid import WEIGHTS, HybridRetriever, SearchResult
from qa.retrieve.search import DEPTH, DenseRetriever, LexicalRetriever
from qa.retrieve.understand import Query
from tests.fakes import FakeEmbedder
from tests.vectorstore.build import EMBEDDER, filled, record
from vectorstore.articles import Filter
from vectorstore.store import Store

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = filled(
        tmp_path_factory.mktemp("rank") / "store",
        record("/snow", "Snow fell on the town.\n\nOslo was cold.", title="Winter in Oslo", published="2018-01-01"),
        record("/other", "Snow fell on a hill.\n\nRome was warm.", title="Weather"),
        record("/sun", "The sun shone on Rome.", title="Summer"),
    )
    with Store.open(folder) as opened:
        yield opened


@pytest.fixture
def ranked(store: Store) -> HybridRetriever:
    return HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store)


def test_the_question_is_embedded_while_its_words_are_sought(store: Store) -> None:
    both = threading.Barrier(2, timeout=10)

    class Embedder(FakeEmbedder):
        def embed_query(self, text: str) -> Vectors:
            both.wait()
            return super().embed_query(text)

    class Words(LexicalRetriever):
        def scores(self, query: Query, limit: int) -> dict[int, float]:
            both.wait()
            return super().scores(query, limit)

    beside = HybridRetriever(DenseRetriever(store, Embedder()), Words(store), store)
    plain = HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store)
    query = Query("Did snow fall in Oslo?")
    assert beside.search(query, 9) == plain.search(query, 9)


@pytest.mark.parametrize("name", WEIGHTS)
def test_each_search_can_decide_alone(store: Store, name: str) -> None:
    weights = {other: float(other == name) for other in WEIGHTS}
    one = HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store, weights)
    assert one.search(Query("Was the sun over Rome?"), 1)[0].article.source == "/sun"


def test_what_a_search_that_found_all_did_not_find_has_nothing_of_it() -> None:
    found = SearchResult({1: 0.5}, {2: 3.0}, {7: 2.0}, 4.0)
    assert found.features({1: 7, 2: 8}) == {1: (0.5, 0.0, 0.5), 2: (0.0, 0.75, 0.0)}


def test_what_a_search_may_have_missed_has_what_the_last_has_that_it_found() -> None:
    many = {number: 1.0 - number / 1000 for number in range(DEPTH)}
    assert SearchResult(many, {}, {}, 1.0).features({-1: 7}) == {-1: (1.0 - (DEPTH - 1) / 1000, 0.0, 0.0)}


def test_of_two_passages_that_say_the_same_that_of_the_article_that_speaks_of_the_name_comes_first(
    ranked: HybridRetriever,
) -> None:
    found = [hit for hit in ranked.search(Query("Did snow fall in Oslo?"), 9) if hit.text.startswith("Snow")]
    assert [hit.article.source for hit in found] == ["/snow", "/other"]


def test_scores_fall_and_equal_questions_are_ranked_alike(ranked: HybridRetriever) -> None:
    once, again = (ranked.search(Query("Did snow fall in Oslo?"), 9) for _ in range(2))
    assert [hit.score for hit in once] == sorted((hit.score for hit in once), reverse=True)
    assert once == again


def test_the_limit_and_the_filter_hold(ranked: HybridRetriever) -> None:
    assert len(ranked.search(Query("snow"), 2)) == 2
    found = ranked.search(Query("snow", filter=Filter(since="2018")), 9)
    assert {hit.article.source for hit in found} == {"/snow"}


def test_what_went_before_moves_the_ranking_and_does_not_decide_it(ranked: HybridRetriever) -> None:
    query = Query("Who shone?")
    follow = replace(query, context="Did snow fall in Oslo? Who shone?")
    assert ranked.search(follow, 1)[0].article.source == ranked.search(query, 1)[0].article.source == "/sun"
    plain, moved = ({h.text: h.score for h in ranked.search(one, 9)} for one in (query, follow))
    assert moved["Oslo was cold."] > plain["Oslo was cold."]


def test_words_are_told_as_a_share_of_what_the_question_weighs(ranked: HybridRetriever) -> None:
    snow, more = (ranked.found(Query(text)) for text in ("snow", "Did snow fall in Oslo on whitsun?"))
    assert more.whole > snow.whole > 0


@pytest.mark.parametrize("text", ["Who was it?", "🙂", "???", "谁是"])
def test_a_question_without_a_word_to_weigh_is_ranked_by_its_vector(ranked: HybridRetriever, text: str) -> None:
    assert len(ranked.search(Query(text), 9)) == 5
