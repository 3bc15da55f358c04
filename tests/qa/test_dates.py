from __future__ import annotations

from datetime import date

import pytest

from qa.dates import first_day, last_day, span
from vectorstore.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28)),
        ("2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
        ("2017/10/6", date(2017, 10, 6), date(2017, 10, 6)),
        (" 2017/10 ", date(2017, 10, 1), date(2017, 10, 31)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_typed_date_stands_for_all_its_days(typed: str, low: date, high: date) -> None:
    assert (first_day(typed), last_day(typed)) == (low, high)


@pytest.mark.parametrize(
    "typed",
    ["", "x", "0000", "2020-13", "2020-00", "2019-02-29", "2020-1-1-1", "20200101", "06-10-2017", "-2020", "2020-"],
)
def test_what_is_no_date_is_a_usage_error_that_repeats_it(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        first_day(typed)
    assert repr(typed) in caught.value.message
    assert "YYYY-MM-DD" in caught.value.hint


def test_a_span_is_inclusive_at_both_ends() -> None:
    assert span("2017", "2017") == ("2017-01-01", "2017-12-31")
    assert span(None, "2018-02") == (None, "2018-02-28")
    assert span("2018/2", None) == ("2018-02-01", None)
    assert span("2018-02-03", "2018-02-03") == ("2018-02-03", "2018-02-03")


def test_a_span_that_ends_before_it_begins_is_refused_with_both_dates() -> None:
    with pytest.raises(UsageError, match=r"2019.*2018"):
        span("2019", "2018")


def test_an_empty_date_is_refused_and_does_not_drop_the_filter() -> None:
    with pytest.raises(UsageError):
        span("", None)
