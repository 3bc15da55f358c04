"""The part of an archive that a question names: a source (“according to The Verge”) or a time (“in 2018”)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from qa.ingest.months import month_number
from vectorstore.articles import Publisher

NAME = r"(?P<name>(?:[Tt]he\s+)?[A-Za-z0-9][\w.&-]*(?:\s+[\w.&-]+){0,4})"
CAPITALISED = re.compile(r"(?:[Tt]he\s+)?\S+(?:\s+(?:[A-Z0-9&]\S*|of|for|and))*")
SAYS = r"(?:say|report|write|claim|publish|quote|reveal|call|describe)(?:s|d|ed)?|said|wrote"
PIECE = r"(?:article|report|story|interview|coverage)"
CUES = tuple(
    re.compile(cue)
    for cue in (
        rf"(?P<cue>,?\s*\b[Aa]ccording to\s+){NAME}",
        rf"(?P<cue>,?\s*\b(?:[Aa]s )?(?:reported|published|written|covered) (?:by|in|on)\s+){NAME}",
        rf"(?P<cue>,?\s*\b[Ii]n (?:the|an?)\s+){NAME}(?:[’']s)?(?P<rest>\s+{PIECE}\b)",
        rf"(?i:\b(?:what|how|why|when|who|where|which)\b[^?]*?\b(?:did|does|do|has|have)\s+){NAME}\s+(?:{SAYS})\b",
    )
)
SECOND_LEVEL = frozenset("ac co com edu gov net or org".split())
SHORTEST = 2  # letters of a name


@dataclass(frozen=True, slots=True)
class Mention:
    """A source that a question names: the question's words for it, the publisher, and the question without them."""

    words: str
    publisher: Publisher
    without: str


def mentioned(text: str, publishers: Sequence[Publisher]) -> Mention | None:
    """Return the first source that a question names as one; None where the archive has none of that name."""
    if not (matches := [match for cue in CUES for match in cue.finditer(text)]):
        return None
    known = {label: publisher for publisher in reversed(publishers) for label in labels(publisher)}
    for match in matches:
        for words in _prefixes(match):
            found = next((known[way] for way in sorted(_ways(words)) if way in known), None)
            if found:
                return Mention(words, found, _without(text, match, words))
    return None


def labels(publisher: Publisher) -> frozenset[str]:
    """Return what a publisher may be called, squashed: its name, its initials, its host and the host's own part."""
    found = spellings(publisher.name or "")
    if publisher.host:
        parts = publisher.host.split(".")[:-1]
        if len(parts) > 1 and parts[-1] in SECOND_LEVEL:
            parts.pop()
        found |= {_squashed(publisher.host), _squashed(parts[-1] if parts else publisher.host)}
        found |= {label.removeprefix("the") for label in found if label.startswith("the")}
    return frozenset(label for label in found if len(label) >= SHORTEST)


def spellings(name: str) -> frozenset[str]:
    """Return how a name is written without spaces, any of its words as its initial; a single word stays whole."""
    words = [word for word in map(_squashed, name.casefold().removeprefix("www.").split()) if word]
    if words[:1] == ["the"]:
        words = words[1:]
    if len(words) > 1 and len(words) <= 6:
        ways = {"".join(way) for way in product(*((word, word[0]) for word in words))}
    else:
        ways = {"".join(words)}
    return frozenset(way for way in ways if len(way) >= SHORTEST)


def _ways(words: str) -> frozenset[str]:
    """Return what a run of words may mean: initials too where it is written as a name is, else its words alone."""
    if CAPITALISED.fullmatch(words):
        return spellings(words)
    return frozenset({_squashed(words.casefold().removeprefix("the "))})


def _prefixes(match: re.Match[str]) -> Iterator[str]:
    """The words of a mention, the longest run first; one that goes on with ’s names somebody else."""
    text, start, end = match.string, match.start("name"), match.end("name")
    for found in reversed(list(re.finditer(r"\S+", text[start:end]))):
        after = text[start + found.end() :]
        if "rest" in match.groupdict() or not re.match(r"[’']s\b", after):
            yield text[start : start + found.end()].rstrip(".,")
        if "rest" in match.groupdict():
            return  # what stands between the name and "article" would be left over


def _without(text: str, match: re.Match[str], words: str) -> str:
    given = match.groupdict()
    start = match.start("cue") if "cue" in given else match.start("name")
    end = match.end("rest") if "rest" in given else match.start("name") + len(words)
    left = " ".join(f"{text[:start]} {text[end:].lstrip(',. ') if not text[:start].strip() else text[end:]}".split())
    left = re.sub(r"\s+([?.!,])", r"\1", left)
    return left[:1].upper() + left[1:]


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


MONTH = "|".join(calendar.month_name[1:])
DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:19|20)\d\d"
# a point in time: 5 June 2022, June 5, 2022, 2022-06-05, June 2022, 2022
POINT = (
    rf"(?:(?P<d{{n}}>{DAY})(?:\s+of)?\s+)?(?:(?P<m{{n}}>{MONTH})\s+(?:(?P<e{{n}}>{DAY}),?\s+)?(?:of\s+)?)?(?P<y{{n}}>{YEAR})"
    r"(?:-(?P<i{n}>\d\d)(?:-(?P<j{n}>\d\d))?)?(?![\w-])"
)
ONE, TWO = POINT.replace("{n}", "1"), POINT.replace("{n}", "2")
RANGES = re.compile(rf"\b(?:between|from)\s+{ONE}\s+(?:and|to|until|till)\s+{TWO}", re.IGNORECASE)
POINTS = re.compile(
    rf"\b(?P<how>in|during|on|of|before|until|till|by|after|since|from)\s+(?:(?:early|mid|late)[\s-]|the year\s)?{ONE}",
    re.IGNORECASE,
)
# what was published, not what happened, in that time
PUBLISHED = re.compile(
    r"\b(?:published|written|reported|wrote|articles?|reports?|story|stories|news|coverage)(?:\s+\w+){0,3}\s*$",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    r"\b(?P<which>this|last|past|previous)\s+(?P<unit>week|weekend|month|year)\b|\b(?P<day>today|yesterday)\b",
    re.IGNORECASE,
)
LENGTHS = {"week": 7, "weekend": 7, "month": 31, "year": 366}
FIRST, LAST = "0001-01-01", "9999-12-31"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, inclusive, YYYY-MM-DD, and the question's words for them.

    `published` tells that the question says so of articles; else it is when something happened.
    """

    words: str
    since: str
    until: str
    published: bool = False


def period(text: str, asked: date | None = None) -> Period | None:
    """Return the time that a question names; None where it names none, or none that can be told without a day."""
    return next((found for found in _periods(text, asked)), None)


def _periods(text: str, asked: date | None) -> Iterator[Period]:
    for match in RANGES.finditer(text):
        low, high = _bounds(match, "1"), _bounds(match, "2")
        if low and high and low[0] <= high[1]:
            yield _period(match, low[0], high[1])
    for match in POINTS.finditer(text):
        if bounds := _bounds(match, "1"):
            told = _period(match, *_side(match.group("how").lower(), *bounds))
            # articles from 2019 are those of that year; what is so from 2019 goes on
            yield _period(match, *bounds) if told.published and told.words.lower().startswith("from") else told
    if asked and (relative := RELATIVE.search(text)):
        yield _period(relative, *_back(relative, asked))


def _period(match: re.Match[str], since: str, until: str) -> Period:
    return Period(match.group(), since, until, bool(PUBLISHED.search(match.string[: match.start()])))


def _side(how: str, first: str, last: str) -> tuple[str, str]:
    """The days that a word before a time means; an open side stays open."""
    match how:
        case "before":
            return FIRST, shifted(date.fromisoformat(first), -1).isoformat()
        case "until" | "till" | "by":
            return FIRST, last
        case "after":
            return shifted(date.fromisoformat(last), 1).isoformat(), LAST
        case "since" | "from":
            return first, LAST
        case _:
            return first, last


def _bounds(match: re.Match[str], n: str) -> tuple[str, str] | None:
    """The first and last day of a point in time; None where there is no such day."""
    year, month = int(match.group(f"y{n}")), match.group(f"m{n}")
    number = month_number(month) if month else int(match.group(f"i{n}") or 0)
    day = int(re.sub(r"\D", "", match.group(f"d{n}") or match.group(f"e{n}") or match.group(f"j{n}") or "0"))
    try:
        if day:
            return (date(year, number, day).isoformat(),) * 2
        if number:
            last = calendar.monthrange(year, number)[1]
            return date(year, number, 1).isoformat(), date(year, number, last).isoformat()
    except (ValueError, calendar.IllegalMonthError):
        return None
    return f"{year}-01-01", f"{year}-12-31"


def _back(match: re.Match[str], asked: date) -> tuple[str, str]:
    """The days that "last week" and the like mean on the day of asking: whatever it may mean, and a day around it."""
    if named := match.group("day"):
        first = shifted(asked, -1 - (named.lower() == "yesterday"))
        return first.isoformat(), asked.isoformat()
    length = LENGTHS[match.group("unit").lower()]
    spans = 1 if match.group("which").lower() == "this" else 2
    return shifted(asked, -length * spans).isoformat(), asked.isoformat()


def shifted(day: date, days: int) -> date:
    """Return the day so many days later; the first or last of the calendar where there is none."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))
