"""Dates as users type them (YYYY, YYYY-MM or YYYY-MM-DD, or with slashes) and in words (6 October 2017)."""

from __future__ import annotations

import calendar
import re
from datetime import date

from vectorstore.errors import Contradiction, UsageError

MONTHS = "January February March April May June July August September October November December".split()
TYPED = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")


def first_day(typed: str) -> date:
    """Return the first day of a typed date; raises UsageError."""
    return _bounds(typed)[0]


def last_day(typed: str) -> date:
    """Return the last day of a typed date; raises UsageError."""
    return _bounds(typed)[1]


def span(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Return the first and last day of a period, as YYYY-MM-DD; raises UsageError, also if it ends before it begins."""
    low = first_day(since).isoformat() if since is not None else None
    high = last_day(until).isoformat() if until is not None else None
    if low and high and low > high:
        raise Contradiction(
            f"The period from {since} to {until} ends before it begins.", "Put the earlier date in since."
        )
    return low, high


def spelled(published: str) -> str:
    """Return YYYY, YYYY-MM or YYYY-MM-DD in words, such as 6 October 2017, and "" as it is."""
    year, *rest = published.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


def _bounds(typed: str) -> tuple[date, date]:
    match = TYPED.fullmatch(typed.strip())
    try:
        if match:
            year, month, day = (int(part) if part else None for part in match.groups())
            assert year is not None  # the pattern wants it
            low = date(year, 1 if month is None else month, 1 if day is None else day)
            last = low.month if month else 12
            return low, date(year, last, day or calendar.monthrange(year, last)[1])
    except ValueError:
        pass
    raise UsageError(f"Not a date: {typed!r}.", "Write dates as YYYY, YYYY-MM or YYYY-MM-DD.")
