"""A judge reorders the best passages, and what is beyond stays below them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.answer.extractive import Extractive
from qa.assistant import Assistant
from qa.retrieve.context import HintFilter, RecencyBoost
from qa.retrieve.hybrid import HybridRetriever
from qa.retrieve.rerank import RERANKED, Reranker
from qa.retrieve.search import DenseRetriever, Diversifier, LexicalRetriever
from qa.retrieve.understand import Query, understand
from qa.types import Question, Turn
from tests.fakes import FakeJudge, FakeReader
from tests.qa.retrieve.build import Fixed
from tests.vectorstore.build import EMBEDDER, filled, record
from vectorstore.articles import Hit, Reference
from vectorstore.store import Store

MANY = RERANKED + 30


def hit(number: int, text: str = "Sun.", title: str = "", published: str | None = None) -> Hit:
    """A hit that scores a little less than the one before."""
    article = Reference(f"a{number}", f"/{number}", title=title, published=published)
    return Hit(number, article, 0, len(text), text, (), 0.9 - number / 200)


def numbers(hits: list[Hit]) -> list[int]:
    return [hit.passage for hit in hits]


def test_the_judge_orders_and_its_scores_are_the_hits() -> None:
    inner = Fixed(hit(1), hit(2, "Rain."), hit(3, "Rain fell."))
    found = Reranker(inner, FakeJudge()).search(Query("rain fell"), 5)
    assert [(h.passage, h.score) for h in found] == [(3, 1.0), (2, 0.5), (1, 0.0)]


def test_equal_scores_keep_the_order_that_there_was() -> None:
    inner = Fixed(hit(5), hit(2), hit(9))
    assert numbers(Reranker(inner, FakeJudge()).search(Query("rain"), 5)) == [5, 2, 9]


def test_a_passage_is_read_under_its_title_and_with_the_question_as_it_stands_by_itself() -> None:
    judge = FakeJudge()
    Reranker(Fixed(hit(1, "Rain.", "Weather"), hit(2, "Sun.")), judge).search(Query("Did it rain?", "Who?"), 5)
    assert judge.asked == [("Did it rain?", ("Weather\nRain.", "Sun."))]


def test_what_is_beyond_keeps_its_order_and_distances_below_all_that_was_read() -> None:
    inner = Fixed(*(hit(n, "Rain." if n == RERANKED - 1 else "Sun.") for n in range(MANY)))
    judge = FakeJudge()
    found = Reranker(inner, judge).search(Query("rain"), MANY)
    assert len(judge.asked[0][1]) == RERANKED
    assert numbers(found) == [RERANKED - 1, *range(RERANKED - 1), *range(RERANKED, MANY)]
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
    beyond = [h.score for h in found[RERANKED:]]
    assert beyond[0] - beyond[1] == pytest.approx(1 / 200)


def test_neither_a_fresh_date_nor_a_preferred_source_lifts_a_passage_that_was_not_read_over_one_that_was() -> None:
    asked = date(2022, 6, 16)
    dates = ["2022-09-01"] * RERANKED + ["2022-06-16"] * (MANY - RERANKED)
    inner = Fixed(*(hit(n, published=day) for n, day in enumerate(dates)))
    for fresh in (True, False):
        found = RecencyBoost(Reranker(inner, FakeJudge())).search(Query("rain", asked=asked, fresh=fresh), MANY)
        assert sorted(numbers(found[:RERANKED])) == list(range(RERANKED))


def test_as_many_are_read_and_returned_however_few_are_wanted() -> None:
    inner, judge = Fixed(*(hit(n, "Rain." if n == 40 else "Sun.") for n in range(MANY))), FakeJudge()
    assert numbers(Reranker(inner, judge).search(Query("rain"), 1)) == [40]
    assert [limit for _, limit in inner.asked] == [RERANKED]


def test_nothing_found_stays_nothing() -> None:
    assert Reranker(Fixed(), FakeJudge()).search(Query("rain"), 5) == []


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(
        filled(
            tmp_path / "store",
            record("/a", "Li Shangfu spoke of rain. He left."),
            record("/b", "Li Shangfu bought a ship in Kyiv. It was new."),
            record("/c", "Snow fell in Oslo. It was deep."),
        )
    )


def whole(store: Store, judge: FakeJudge) -> Diversifier:
    ranked = HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store)
    return Diversifier(HintFilter(RecencyBoost(Reranker(ranked, judge)), store), 4, store)


def test_a_follow_up_is_judged_as_it_is_understood(store: Store) -> None:
    judge = FakeJudge()
    history = (Turn("Who is Li Shangfu?", ("Li Shangfu spoke of rain.",)),)
    with store:
        assistant = Assistant(store, whole(store, judge), FakeReader(), Extractive(store))
        passages = assistant.answer(Question("What did he buy in Kyiv?", history)).passages
    (asked,) = {question for question, _ in judge.asked}
    assert "Li Shangfu" in asked
    assert passages[0].article.source == "/b"


def test_two_searches_find_the_same(store: Store) -> None:
    query = replace(understand(Question("Where did snow fall?")), asked=date(2022, 6, 16))
    with store:
        assert whole(store, FakeJudge()).search(query, 20) == whole(store, FakeJudge()).search(query, 20) != []
