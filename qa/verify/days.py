"""Months and weekdays that a text names, and the days that it means, seen from the day of its article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from qa.words import WordToken

MONTHS = tuple("january february march april may june july august september october november december".split())
SHORT = {month[:3]: month for month in MONTHS} | {"sept": "september"}
WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
WORDS_TOO = frozenset({"may", "march"})  # months only beside a number or a preposition of time
BEFORE_MONTH = frozenset("in of since until by last next early late mid during from to".split())
RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
NUMBERED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")


def month_of(low: str) -> str:
    """Return the month that a lower-case word names, or ""."""
    return low if low in MONTHS else SHORT.get(low.rstrip("."), "")


def weekday_of(low: str) -> str:
    """Return the weekday that a lower-case word names, or ""."""
    return low.removesuffix("'s") if low.removesuffix("'s") in WEEKDAYS else ""


def named(words: Sequence[WordToken], lower: Sequence[str]) -> Iterator[str]:
    """Yield the months and weekdays that are named."""
    for at, low in enumerate(lower):
        if not words[at].capital:
            continue
        month = month_of(low.removesuffix("'s"))
        beside = (lower[at - 1] if at else "", lower[at + 1] if at + 1 < len(lower) else "")
        sure = low not in WORDS_TOO or any(b[:1].isdigit() for b in beside) or beside[0] in BEFORE_MONTH
        if month and sure:
            yield month
        elif weekday := weekday_of(low):
            yield weekday


def meant(lower: Sequence[str], published: str | None) -> Iterator[date]:
    """Yield the days that a text's words mean, if its article is of a known day: weekdays both before and after it."""
    day = _day(published)
    if day is None:
        return
    for at, low in enumerate(lower):
        if (weekday := weekday_of(low)) in WEEKDAYS:
            back = (day.weekday() - WEEKDAYS.index(weekday)) % 7
            yield from (day - timedelta(days=back), day + timedelta(days=7 - back if back else 0))
        elif low in RELATIVE:
            yield day + timedelta(days=RELATIVE[low])
        elif month := month_of(low):
            beside = [NUMBERED.fullmatch(lower[n]) for n in (at - 1, at + 1) if 0 <= n < len(lower)]
            yield from (found for number in beside if number and (found := _on(day.year, month, int(number[1]))))


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published or "")
    except ValueError:
        return None


def _on(year: int, month: str, day: int) -> date | None:
    try:
        return date(year, MONTHS.index(month) + 1, day)
    except ValueError:
        return None
