"""Times that a question names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.hints import FIRST, LAST, period

ASKED = date(2022, 6, 16)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("Who won in 2018?", "2018-01-01", "2018-12-31"),
        ("Who won in June 2022?", "2022-06-01", "2022-06-30"),
        ("Who won in february of 2020?", "2020-02-01", "2020-02-29"),
        ("Who won in ſeptember 1905?", "1905-09-01", "1905-09-30"),
        ("Who won on 5 June 2022?", "2022-06-05", "2022-06-05"),
        ("Who won on June 5th, 2022?", "2022-06-05", "2022-06-05"),
        ("Who won on 2022-06-05?", "2022-06-05", "2022-06-05"),
        ("Who won in early 2018?", "2018-01-01", "2018-12-31"),
        ("Who won before June 2022?", FIRST, "2022-05-31"),
        ("Who won by June 2022?", FIRST, "2022-06-30"),
        ("Who won after 2019?", "2020-01-01", LAST),
        ("Who has won since 2019?", "2019-01-01", LAST),
        ("Who has won from 2019?", "2019-01-01", LAST),
        ("What do articles from 2019 say?", "2019-01-01", "2019-12-31"),
        ("Who won between 2017 and 2019?", "2017-01-01", "2019-12-31"),
        ("Who won from March 2017 to May 2017?", "2017-03-01", "2017-05-31"),
    ],
)
def test_a_named_time_is_its_days(text: str, since: str, until: str) -> None:
    found = period(text)
    assert found is not None
    assert (found.since, found.until) == (since, until)
    assert found.words in text


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("Who won this week?", "2022-06-09"),
        ("Who won last week?", "2022-06-02"),
        ("Who won last month?", "2022-04-15"),
        ("Who won yesterday?", "2022-06-14"),
        ("Who won today?", "2022-06-15"),
    ],
)
def test_last_week_is_told_by_the_day_of_asking_and_not_without_it(text: str, since: str) -> None:
    found = period(text, ASKED)
    assert found is not None
    assert (found.since, found.until) == (since, "2022-06-16")
    assert period(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Who won?",
        "Who built 2000 houses?",
        "Who won the 2022 World Cup?",
        "Who won on 31 February 2020?",
        "Who won in 20189?",
        "Who won between 2019 and 2017?",
        "Who may win in may?",
    ],
)
def test_a_number_or_an_impossible_day_is_no_time(text: str) -> None:
    found = period(text)
    assert found is None or "between" in text  # ends that cross are read as single years


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("What do articles from 2018 say?", True),
        ("What was published in June 2022 on snow?", True),
        ("What was in the news in 2018?", True),
        ("Who won in 2018?", False),
        ("Who said in 2018 that it would snow?", False),
    ],
)
def test_it_is_told_whether_articles_are_meant_or_what_happened(text: str, published: bool) -> None:
    found = period(text)
    assert found is not None
    assert found.published is published


@given(st.text(max_size=80), st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_any_text_and_any_number_can_be_asked_for_its_time(text: str, year: int, month: int, day: int) -> None:
    for asked in (text, f"{text} in {year}-{month:02}-{day:02} {text}", f"before {day} May {year}", "since 0001"):
        found = period(asked, ASKED)
        assert found is None or found.since <= LAST
