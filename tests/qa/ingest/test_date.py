from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.date import from_url, parse, without_dates, written

TODAY = date(2024, 2, 22)


@pytest.mark.parametrize(
    "stated",
    [
        "2022-06-16",
        "2022/06/16",
        "2022/6/16",
        "2022-06-16T23:30:00-05:00",
        "2022-06-16 01:00:00Z",
        "20220616",
        "20220616T101500Z",
        "June 16, 2022",
        "Jun. 16th, 2022",
        "16 June 2022",
        "16-Jun-2022",
        "Thu, 16 Jun 2022 10:00:00 +0000",
        "16. Juni 2022",
        "16 juin 2022 à 10h15",
        "16 de junio de 2022",
        "16.06.2022",
        "16/06/2022",
        "06/16/2022 10:15",
        "1655380800",
        "1655380800000",
        "1655380800.5",
        "20220616T13:00:00Z",
        "Thu Jun 16 15:28:56 CEST 2022",
        "Thu Jun 16 15:28:56 2022",
        "Do., 16.06.2022 - 14:45",
        "Thursday, 16 June 2022",
        "16 de junho de 2022",
        "16 giugno 2022",
        "16 juni 2022",
        "16 czerwca 2022 r.",
        "16 июня 2022 г.",
        "16 червня 2022",
        "16 Haziran 2022 Perşembe",
        "١٦ يونيو ٢٠٢٢",
        "الخميس 16 حزيران 2022",
        "2022年6月16日",
        "2022년 6월 16일",
        "2022. 6. 16.",
        "2022-Jun-16",
    ],
)
def test_a_day_is_read_however_it_is_written(stated: str) -> None:
    assert parse(stated, TODAY) == "2022-06-16"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2022", "2022"),
        ("2022-06", "2022-06"),
        ("2022/6", "2022-06"),
        ("June 2022", "2022-06"),
        ("März 2021", "2021-03"),
        ("août 2020", "2020-08"),
        ("ſeptember 1790", "1790-09"),
        ("dıcıembre 1990", "1990-12"),
    ],
)
def test_a_partial_day_stays_partial(stated: str, expected: str) -> None:
    assert parse(stated, TODAY) == expected


@pytest.mark.parametrize(
    "stated",
    [
        "",
        "soon",
        "2022-13-01",
        "2021-02-29",
        "0001-01-01",
        "0",
        "06/07/2022",
        "February 30, 2022",
        "99999999999999",
        "12:30",
    ],
)
def test_what_cannot_be_meant_is_no_day(stated: str) -> None:
    assert parse(stated, TODAY) is None


def test_a_day_in_the_future_is_not_taken_but_tomorrow_is_for_time_zones() -> None:
    assert parse("2024-02-23", TODAY) == "2024-02-23"
    assert parse("2024-02-24", TODAY) is None
    assert parse("2025", TODAY) is None


@given(st.dates(date(1970, 1, 2), TODAY))
def test_every_day_survives_the_formats_of_english_pages(day: date) -> None:
    for form in ("%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%b. %d, %Y", "%a, %d %b %Y 10:00:00 GMT", "%d.%m.%Y"):
        assert parse(day.strftime(form), TODAY) == day.isoformat()


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    parse(text, TODAY)
    from_url(text, TODAY)
    list(written(text))


def test_the_days_in_running_text_come_in_order_without_impossible_ones() -> None:
    text = "From Oct. 5, 2017 to 6 October 2017, not February 30, 2017, and May 2017 or May 9."
    assert list(written(text)) == [date(2017, 10, 5), date(2017, 10, 6)]


def test_what_stands_beside_a_date_is_left() -> None:
    assert without_dates("Updated March 3, 2021, 10:15").split() == ["Updated", ",", "10:15"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/2022/06/13/lighthouse-rises/index.html", "2022-06-13"),
        ("https://example.org/news/2022/6/3/lighthouse", "2022-06-03"),
        ("https://example.org/2022/06/lighthouse", "2022-06"),
        ("https://example.org/2022/13/40/lighthouse", None),
        ("https://example.org/2031/01/01/lighthouse", None),
        ("https://example.org/story/20220613", None),
        ("https://example.org/?d=/2022/06/13/x", None),
        ("https://example.org/news/13-06-2022-lighthouse-rises", "2022-06-13"),
        ("https://example.org/news/06-07-2022", None),
        ("stdin:2022", None),
        ("http://[example.org/2022/06/13/lighthouse", None),
    ],
)
def test_the_day_in_a_urls_path_is_read(url: str, expected: str | None) -> None:
    assert from_url(url, TODAY) == expected
