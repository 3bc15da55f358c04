"""Nearness in time moves scores only where a day of asking is given."""

from datetime import date

import pytest

from qa.retrieve import context
from qa.retrieve.context import RecencyBoost, telling, timeliness
from qa.retrieve.understand import Query, understand
from qa.types import Question
from tests.qa.retrieve.build import Fixed, dated
from vectorstore.articles import Filter


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2022-06-16", 1.0),
        ("2022-06-17", 1.0),
        ("2022-05-17", 0.5),
        ("2022-06", 1.0),
        ("2022-04-17", 0.25),
        ("2022-06-18", -1.0),
        ("2023", -1.0),
        (None, 0.0),
    ],
)
def test_worth_halves_every_month_and_turns_against_what_came_later(published: str | None, expected: float) -> None:
    assert timeliness(dated(1, published), date(2022, 6, 16)) == pytest.approx(expected)


def test_nothing_moves_without_a_day_of_asking() -> None:
    inner = Fixed(dated(1, "2001-01-01"), dated(2, "2022-06-16"))
    assert RecencyBoost(inner).search(Query("who?"), 5) == inner.hits


def test_the_article_of_the_day_comes_first_among_equals() -> None:
    inner = Fixed(dated(1, "2019-01-01"), dated(2, "2022-06-15"), dated(3, "2022-09-01"))
    found = RecencyBoost(inner).search(Query("who?", asked=date(2022, 6, 16)), 5)
    assert [h.passage for h in found] == [2, 1, 3]


def test_fresh_wording_makes_the_day_weigh_more() -> None:
    inner = Fixed(dated(1, "2019-01-01", 0.65), dated(2, "2022-06-16", 0.5))
    asked = date(2022, 6, 16)
    assert RecencyBoost(inner).search(Query("who?", asked=asked), 2)[0].passage == 1
    assert RecencyBoost(inner).search(Query("who this week?", asked=asked, fresh=True), 2)[0].passage == 2


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("Who resigned this week?", "2022-06-02"),
        ("Who resigned yesterday?", "2022-06-07"),
        ("Who resigned this year?", "2021-06-08"),
        ("Who resigned in 2018?", None),  # an article of before may say who was about to
        ("Which houses plan to merge in 2024?", None),
        ("Who resigned?", None),
    ],
)
def test_an_article_from_long_before_this_week_tells_nothing_of_it_and_one_from_after_the_asking_nothing_at_all(
    text: str, since: str | None
) -> None:
    found = telling(understand(Question(text, asked=date(2022, 6, 16))))
    assert found == Filter(since=since, until="2022-06-17")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who resigned in 2018?", Filter(since="2018-01-01", until="2018-12-31")),
        ("Who resigned after June 2018?", Filter(since="2018-07-01", until="9999-12-31")),
        ("Who resigned this week?", Filter()),
        ("Who resigned?", Filter()),
    ],
)
def test_a_time_of_the_calendar_is_what_the_question_names(text: str, expected: Filter) -> None:
    assert context.dated(understand(Question(text, asked=date(2022, 6, 16)))) == expected


def test_any_article_may_tell_where_no_day_of_asking_is_known() -> None:
    assert telling(understand(Question("Who resigned this week?"))) == Filter()


@pytest.mark.parametrize("asked", [date.min, date.max])
@pytest.mark.parametrize("text", ["Who resigned this year?", "Who resigned yesterday?", "Who resigned?"])
def test_the_ends_of_the_calendar_are_days_of_asking_too(asked: date, text: str) -> None:
    found = telling(understand(Question(text, asked=asked)))
    assert found.until is not None
    assert (found.since or "") <= asked.isoformat() <= found.until
