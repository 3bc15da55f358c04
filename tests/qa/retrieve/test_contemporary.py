"""Articles that were published when the other likely ones were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.contemporary import WORTH, Contemporary, company
from qa.retrieve.understand import Query
from tests.qa.retrieve.build import Fixed, dated
from vectorstore.articles import Hit

PUBLISHED = st.none() | st.sampled_from(["2022", "2022-06", "2022-06-16"]) | st.dates().map(str)


def found(*hits: Hit, limit: int = 99) -> list[Hit]:
    best_first = sorted(hits, key=lambda hit: -hit.score)
    return Contemporary(Fixed(*best_first)).search(Query("who?"), limit)


def order(*hits: Hit, limit: int = 99) -> list[int]:
    return [hit.passage for hit in found(*hits, limit=limit)]


def test_of_near_equals_those_of_one_week_go_before_one_of_another_year() -> None:
    assert order(dated(1, "2019-03-01", 0.52), dated(2, "2022-06-14"), dated(3, "2022-06-16")) == [2, 3, 1]


def test_what_is_much_likelier_stays_first_and_unlikely_articles_are_no_company() -> None:
    assert order(dated(1, "2019-03-01", 0.9), dated(2, "2022-06-14"), dated(3, "2022-06-16"))[0] == 1
    unlikely = [dated(number, "2022-06-16", -1.0) for number in range(3, 9)]
    assert order(dated(1, "2019-03-01", 0.52), dated(2, "2022-06-16", 0.5), *unlikely)[0] == 1


def test_what_is_told_in_other_words_is_no_company() -> None:
    storm, flood = (replace(dated(n, "2022-06-16"), text="A storm hit Rome and its port.") for n in (1, 2))
    other = replace(dated(3, "2022-06-16"), text="Two teams drew in a final.")
    worth = company([storm, flood, other])
    assert worth["/1"] == worth["/2"] > 5 * worth["/3"]


def test_an_article_is_no_company_to_itself() -> None:
    twice = [dated(2, "2022-06-16"), dated(2, "2022-06-16", 0.49)]
    assert order(dated(1, "2019-03-01", 0.52), *twice)[0] == 1


def test_the_more_likely_articles_are_of_its_time_the_more_company_an_article_has() -> None:
    two, three = ([dated(number, "2022-06-16") for number in range(count)] for count in (2, 3))
    assert company(two)["/0"] == pytest.approx(1 / 2)
    assert company(three)["/0"] == pytest.approx(2 / 3)
    assert company([*two, dated(9, "2022-06-16", 0.2)])["/0"] < company(three)["/0"]
    assert company([*two, dated(9, "2022-05-16")])["/0"] < company(three)["/0"]


def test_an_undated_article_neither_gains_nor_loses_beside_dated_ones_of_the_same_company() -> None:
    alike = [dated(1, "2022-06-16"), dated(2, "2022-06-16"), dated(3, None)]
    worth = company(alike)
    assert worth["/3"] == pytest.approx(worth["/1"]) == pytest.approx(1 / 2)


def test_one_article_or_none_has_no_company() -> None:
    assert company([dated(1, "2022-06-16")]) == {"/1": 0.0}
    assert company([]) == {}


def test_what_is_asked_for_is_cut_after_the_order_is_found() -> None:
    assert order(dated(1, "2019-03-01", 0.52), dated(2, "2022-06-14"), dated(3, "2022-06-16"), limit=1) == [2]


@given(st.lists(st.tuples(PUBLISHED, st.floats(-2, 2)), max_size=12))
def test_no_score_falls_or_rises_by_more_than_worth(given: list[tuple[str | None, float]]) -> None:
    hits = [dated(number, *told) for number, told in enumerate(given)]
    moved = {hit.passage: hit.score for hit in found(*hits)}
    assert all(-1e-5 <= moved[hit.passage] - hit.score <= WORTH + 1e-5 for hit in hits)
