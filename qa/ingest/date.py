"""Days as sources write them: parsing, and the days that stand in a URL.

A day is taken as it is written, in the time zone of whoever wrote it; impossible days are not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from qa.ingest.months import MONTH, WEEKDAY, month_number

MONTH_FIRST = frozenset({"en", "fil", "sw"})  # languages in which 06/07 may be a day of June
_MIDNIGHTS = (  # hours of UTC, in summer and winter, at which a day begins where these languages are spoken
    (frozenset("cs da de hr hu it nb nl nn no pl sk sl sr sv".split()), ("22", "23")),
    (frozenset("bg el et fi lt lv ro uk".split()), ("21", "22")),
    (frozenset({"ru", "tr"}), ("21",)),
    (frozenset({"zh"}), ("16",)),
    (frozenset({"ja", "ko"}), ("15",)),
)
FIRST_YEAR = 1600  # anything earlier is a placeholder, not a newspaper
LAST = date(2099, 12, 30)  # as is anything later
_YEAR = r"(?P<year>1[6-9]\d\d|20\d\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_WRITTEN = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<!\w){MONTH}\s*{_DAY}(?:st|nd|rd|th)?\s*,?\s+{_YEAR}(?!\d)",
        rf"(?<!\w){MONTH}\s+{_DAY}\s+{_CLOCK}\s+(?:[A-Z]{{2,5}}\s+)?{_YEAR}(?!\d)",  # as ctime and date write it
        rf"{_DAY}(?:st|nd|rd|th|er|[.º°])?[\s-]*(?:(?:de|of)\s+)?{MONTH}[\s,-]+(?:del?\s+)?{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}-{MONTH}-{_DAY}(?!\d)",
        rf"(?<!\d){_YEAR}\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*{_DAY}\s*[日號号일]",
    )
)
_NUMERIC = r"\b\d{4}([-/.]) ?\d\d?\1 ?\d\d?\b|\b\d\d?([-/.]) ?\d\d?\2 ?\d{4}\b"
_MONTH_ONLY = re.compile(rf"\s*{MONTH}\s+(?:de\s+)?{_YEAR}\s*", re.I)
_ISO = re.compile(
    r"\s*(?P<year>\d{4})(?P<sep>[-/.]\s?)(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?(?:[T\s.].*)?\s*", re.S
)
_COMPACT = re.compile(rf"\s*{_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T?\d{{2}}:?\d{{2}}.*)?\s*")
_DAY_FIRST = re.compile(
    rf"\s*(?P<a>\d{{1,2}})(?P<sep>[./-])\s?(?P<b>\d{{1,2}})(?P=sep)\s?{_YEAR}(?:[\sT,].*)?\s*", re.S
)
_SHARP = re.compile(r"\s*(\d{4}-\d\d-\d\d)[T ](\d\d):00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)\s*")
_EPOCH = re.compile(r"\s*(\d{9,10}|\d{12,13})(?:\.\d+)?\s*")
_WEEKDAY_BEFORE = re.compile(rf"\s*{WEEKDAY}[\s,،]*(?=\d)", re.I)
_TURNED_IN_URL = re.compile(r"/(\d\d)-(\d\d)-(20\d\d)(?=[-/]|$)")
_IN_URL = re.compile(r"/((?:19|20)\d\d)/(\d\d?)(?:/(\d\d?))?(?=/[^/]*[a-z])", re.I)


def parse(value: str, today: date, *, day_first: bool = False) -> str | None:
    """Return the day that `value` states as YYYY-MM-DD, a partial one as YYYY-MM or YYYY, or None.

    None too for a day that does not exist, is ambiguous (06/07/2022, unless `day_first` is known), or lies more than a
    day after `today`.
    """
    value = _WEEKDAY_BEFORE.sub("", _ascii_digits(value), count=1)
    if match := re.fullmatch(rf"\s*{_YEAR}\s*", value):
        return _known(int(match["year"]), None, None, today)
    if match := _EPOCH.fullmatch(value):
        return _from_epoch(int(match[1]), today)
    if match := _ISO.fullmatch(value) or _COMPACT.fullmatch(value):
        day = match["day"]
        return _known(int(match["year"]), int(match["month"]), int(day) if day else None, today)
    if match := _DAY_FIRST.fullmatch(value):
        return _numeric(match, today, day_first)
    if match := _MONTH_ONLY.fullmatch(value):
        return _known(int(match["year"]), month_number(match["month"]), None, today)
    stated = next(written(value), None)
    return _known(stated.year, stated.month, stated.day, today) if stated else None


def puts_day_first(language: str) -> bool:
    """Tell whether a language writes 06/07 for a day of July; of an unknown one nobody can tell."""
    return bool(language) and language not in MONTH_FIRST


def at_home(stamp: str, language: str) -> str:
    """Return the day that begins at a stamp of UTC where the language is spoken; any other stamp as it is.

    A day without a time, kept in UTC, is written as midnight at home: 2022-11-06T23:00:00Z is 7 November in German.
    """
    match = _SHARP.fullmatch(stamp)
    hours = next((hours for spoken, hours in _MIDNIGHTS if language in spoken), ())
    if not match or match[2] not in hours:
        return stamp
    try:
        return (date.fromisoformat(match[1]) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return stamp


def is_ambiguous(value: str) -> bool:
    """Tell whether a stated day is one of two: 06/07/2022."""
    match = _DAY_FIRST.fullmatch(value)
    return bool(match and _is_either(match))


def written(text: str) -> Iterator[date]:
    """Yield the full days that stand in running text with the month's name, as "Oct. 6, 2017" or "6 October 2017"."""
    text = _ascii_digits(text)
    for place in sorted((m for pattern in _WRITTEN for m in pattern.finditer(text)), key=lambda m: m.start()):
        try:
            month = place["month"]
            yield date(int(place["year"]), int(month) if month.isdigit() else month_number(month), int(place["day"]))
        except ValueError:
            continue


def without_dates(text: str) -> str:
    """Return the text with its written and numeric days blanked, to see what else stands on a line."""
    text = _ascii_digits(text)
    for pattern in _WRITTEN:
        text = pattern.sub(" ", text)
    return re.sub(_NUMERIC, " ", text)


def numeric(text: str) -> str:
    """Return the first day that running text gives in numbers, as it stands there, or ""."""
    found = re.search(_NUMERIC, _ascii_digits(text))
    return found[0] if found else ""


def from_url(url: str, today: date) -> str | None:
    """Return the day (or month) in a URL's path, as in /2022/06/13/ before the article's name; None where is none."""
    try:
        match = _IN_URL.search(urlsplit(url).path + "/x")
    except ValueError:  # a URL with half an IPv6 address
        return None
    if match:
        return _known(int(match[1]), int(match[2]), int(match[3]) if match[3] else None, today)
    turned = _TURNED_IN_URL.search(url)
    return parse("-".join(turned.groups()), today) if turned else None


def _ascii_digits(text: str) -> str:
    """Spell the digits of other scripts (٢٠٢٤, २०२४) as ASCII, one for one."""
    return text if text.isascii() else re.sub(r"\d", lambda digit: str(int(digit[0])), text)


def _known(year: int, month: int | None, day: int | None, today: date) -> str | None:
    try:
        value = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if year < FIRST_YEAR or value > today + timedelta(days=1):
        return None
    return value.isoformat()[: 10 if day else 7 if month else 4]


def _from_epoch(number: int, today: date) -> str | None:
    """Seconds or milliseconds since 1970, as a day in UTC."""
    stamp = datetime.fromtimestamp(number / (1000 if number > 10**11 else 1), UTC)
    return _known(stamp.year, stamp.month, stamp.day, today)


def _numeric(match: re.Match[str], today: date, day_first: bool) -> str | None:
    """Dots put the day first; with other signs a number above 12 tells which one is the day, or the page's language."""
    first, second, year = int(match["a"]), int(match["b"]), int(match["year"])
    if _is_either(match) and not day_first:
        return None
    day_first = match["sep"] == "." or first > 12 or (day_first and second <= 12)
    return _known(year, *((second, first) if day_first else (first, second)), today)


def _is_either(match: re.Match[str]) -> bool:
    first, second = int(match["a"]), int(match["b"])
    return match["sep"] != "." and first != second and max(first, second) <= 12
