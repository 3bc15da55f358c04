"""The ranking over both searches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from qa.retrieve.features import NAMES
from qa.retrieve.rank import Ranked
from qa.retrieve.search import DenseRetriever, LexicalRetriever
from qa.retrieve.understand import Query
from qa.retrieve.weights import WEIGHTS
from tests.vectorstore.build import EMBEDDER, filled, record
from vectorstore.articles import Filter
from vectorstore.store import Store


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
def ranked(store: Store) -> Ranked:
    return Ranked(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store)


def test_every_feature_has_a_weight() -> None:
    assert set(WEIGHTS) == set(NAMES)


def test_of_two_passages_that_say_the_same_that_of_the_article_that_speaks_of_the_name_comes_first(
    ranked: Ranked,
) -> None:
    first, *_ = ranked.search(Query("Did snow fall in Oslo?"), 9)
    assert (first.article.source, first.text) == ("/snow", "Snow fell on the town.")


def test_scores_fall_and_equal_questions_are_ranked_alike(ranked: Ranked) -> None:
    once, again = (ranked.search(Query("Did snow fall in Oslo?"), 9) for _ in range(2))
    assert [hit.score for hit in once] == sorted((hit.score for hit in once), reverse=True)
    assert once == again


def test_the_limit_and_the_filter_hold(ranked: Ranked) -> None:
    assert len(ranked.search(Query("snow"), 2)) == 2
    found = ranked.search(Query("snow", filter=Filter(since="2018")), 9)
    assert {hit.article.source for hit in found} == {"/snow"}


def test_what_went_before_moves_the_ranking_and_does_not_decide_it(ranked: Ranked) -> None:
    query = Query("Who shone?")
    follow = replace(query, context="Did snow fall in Oslo? Who shone?")
    assert ranked.search(follow, 1)[0].article.source == ranked.search(query, 1)[0].article.source == "/sun"
    plain, moved = ({h.text: h.score for h in ranked.search(one, 9)} for one in (query, follow))
    assert moved["Oslo was cold."] > plain["Oslo was cold."]


def test_rare_words_tell_more_than_common_ones(ranked: Ranked) -> None:
    idf = ranked.idf("Did snow fall in Oslo on whitsun?")
    assert idf["whitsun"] > idf["oslo"] >= idf["snow"] > 0


@pytest.mark.parametrize("text", ["Who was it?", "🙂", "???", "谁是"])
def test_a_question_without_a_word_to_weigh_is_ranked_by_its_vector(ranked: Ranked, text: str) -> None:
    assert len(ranked.search(Query(text), 9)) == 5
