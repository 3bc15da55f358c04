from datetime import date

import pytest

from qa.ingest.dateline import dateline, labelled, tells_day, top_line, weekday

TODAY = date(2024, 2, 22)
CAPTION = (
    "Mayor Ana Silva and Governor Ben Okoro shake hands in Porto on March 4, 2021. (Photo by Herald)"  # a Thursday
)
BODY = (
    "Governor Ben Okoro arrived on Wednesday for the first visit of his term.",
    "Mayor Silva met with Okoro in Porto on Thursday to talk about the harbour.",
    "Both sides were content, the mayor's spokeswoman said on Friday.",
)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("March 4, 2021", True),
        ("Published: 13/11/2019 09:30", True),
        ("12/11/2019 09:30", False),
        ("Published: 31/02/2019", False),
    ],
)
def test_a_date_line_may_not_tell_which_day_it_is(line: str, told: bool) -> None:
    assert tells_day(line) is told


def test_a_labelled_line_counts_wherever_it_stands() -> None:
    assert labelled(["Thursday, February 22, 2024", "Published: 4 March 2021"], TODAY) == (
        "2021-03-04",
        "text: line “Published …”",
    )
    assert labelled(["Veröffentlicht am 4. März 2021"], TODAY) == ("2021-03-04", "text: line “Veröffentlicht am …”")
    assert labelled(["Published in The Herald, March 4th, 2021"], TODAY) is not None
    assert labelled(["March 4, 2021", "Updated March 5, 2021"], TODAY) is None


def test_a_bare_date_under_the_headline_counts_and_wins_over_an_update() -> None:
    lines = ["Updated March 5, 2021, 9:00 a.m. ET", "March 4, 2021"]
    assert top_line(lines, TODAY) == ("2021-03-04", "text: date line under the headline")
    assert top_line(lines[:1], TODAY) == ("2021-03-05", "text: line “Updated …” under the headline")


def test_a_date_with_its_weekday_is_the_day_of_the_visit_and_never_counts() -> None:
    assert top_line(["Thursday, February 22, 2024"], TODAY) is None
    assert top_line(["Thu Mar 4, 2021 03:23PM [Updated: Fri Mar 5, 2021]"], TODAY) is not None


def test_a_day_to_come_is_not_taken() -> None:
    assert top_line(["March 4, 2025"], TODAY) is None
    assert labelled(["Published March 4, 2025"], TODAY) is None


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("GENEVA, March 4, 2021 (Agency) - The council met.", "2021-03-04"),
        ("NEW YORK, Mar. 4, 2021 /Newswire/ -- The council met.", "2021-03-04"),
        ("LONDON, March 4 (Agency) - The council met in 2021.", None),
        ("GENEVA, March 4, 2021 was the day that the council met.", None),
        ("Geneva saw the council meet on March 4, 2021 (Thursday).", None),
    ],
)
def test_an_agencys_dateline_counts_only_with_its_year(paragraph: str, expected: str | None) -> None:
    found = dateline(paragraph, TODAY)
    assert (found[0] if found else None) == expected


def test_the_weekday_of_the_latest_report_is_resolved_from_the_event_that_a_caption_dates() -> None:
    assert weekday([CAPTION], BODY, TODAY) == (
        "2021-03-05",
        "text: weekday of the report, from the event that a caption dates",
    )


@pytest.mark.parametrize(
    ("caption", "body"),
    [
        (CAPTION, BODY[:2]),  # nobody reports
        (CAPTION, BODY[::2]),  # the event is not told
        (CAPTION, [BODY[1], "Both were content, she said on Tuesday."]),  # too far behind: before the event
        (CAPTION.replace("in Porto", "in Lisbon"), BODY),  # another place
        (CAPTION.replace("March 4", "May 9"), BODY),  # a day that the body never names
        (CAPTION + " Taken again on March 5, 2021.", BODY),  # two days
        (CAPTION, [BODY[1].replace("on Thursday", "last Thursday"), BODY[2]]),
        ("The lamp in Porto on March 4, 2021. (Photo by Herald)", BODY),  # shares one name only
    ],
)
def test_the_weekday_rule_is_silent_where_anything_is_missing(caption: str, body: list[str]) -> None:
    assert weekday([caption], body, TODAY) is None
