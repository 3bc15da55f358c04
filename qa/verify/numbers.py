"""Numbers of a text with what they count and how they are hedged: “almost 18%”, “two and a half million men”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations
from math import floor, log10

from qa.verify.days import MONTHS, month_of
from qa.words import STOPWORDS, WordToken

SIGNS = {"$": "dollar", "€": "euro", "£": "pound"}
ONES = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
WORDED = {word: value for value, word in enumerate(ONES.split(), 2)} | {"nineteen": 19, "dozen": 12}
TENS = {
    word: value * 10 for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
SCALES = {"hundred": 2, "thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12}
FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)(st|nd|rd|th|s|k|m|mn|bn|km|kg|mph|am|pm|million|billion)?", re.IGNORECASE)
UNITS = {"kilometer": "km", "kilomet": "km", "percent": "%", "pct": "%"}
YEARS = {"decad": 10, "centuri": 100}
FACTORS = {"half": 2, "doubl": 2, "twice": 2, "tripl": 3, "third": 3, "quarter": 4}
ABOUT = frozenset("about almost nearly around roughly approximately some close circa barely just approaching".split())
OVER = frozenset("over above exceeding least topped exceeded upwards".split())
UNDER = frozenset("under below most almost nearly barely approaching".split())
RATIOS = frozenset("time fold % percentag point".split())
CLOSE = 0.05  # of a number, by which one that is hedged may be off
WIDE = 0.25  # the same, of “more than” and “less than”
SLIGHT = 0.02  # the same, of one that is rounded without saying so
ROUND = 1000  # from where on a number may be rounded without saying so
COUNTABLE = 12  # up to where a number in letters may have been counted by the writer


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, what it counts ("" where that cannot be told), and how it is hedged."""

    written: str
    value: float
    unit: str = ""
    about: bool = False
    over: bool = False
    under: bool = False

    @property
    def worded(self) -> bool:
        """Whether it is written in letters."""
        return not any(map(str.isdigit, self.written))

    @property
    def year(self) -> bool:
        """Whether it is written as years are."""
        return len(self.written) == 4 and self.written.isdigit() and 1500 <= self.value <= 2100

    @property
    def dated(self) -> bool:
        """Whether it is the day of a month."""
        return self.unit in MONTHS


def quantities(words: Sequence[WordToken], lower: Sequence[str], text: str) -> Iterator[Quantity]:
    """Yield the numbers of a text's words in order."""
    for at, written, value in _numbers(words, lower):
        before, after = lower[max(0, at - 3) : at], lower[at + 1 : at + 4]
        sign = SIGNS.get(text[words[at].start - 1 : words[at].start]) or "%" * text.startswith("%", words[at].end)
        more = after[:2] in (["or", "more"], ["or", "above"]) or (bool(after) and "more" in after and "or" in after)
        over = bool(OVER & set(before)) or before[-2:] == ["more", "than"] or more
        under = bool(UNDER & set(before[-2:])) or before[-2:] in (["less", "than"], ["fewer", "than"])
        unit, about = sign or _unit(words, lower, at, text), bool(ABOUT & set(before[-2:]))
        yield Quantity(written, value, unit, about, over, under)
        if unit in YEARS:
            yield Quantity(written, value * YEARS[unit], "year", about, over, under)


def value(figure: str) -> str:
    """Return a figure written one way: 1,000 and 1000.0 as 1000; as it is where it is no number."""
    try:
        number = Decimal(figure.replace(",", ""))
    except InvalidOperation:
        return figure
    return f"{number.normalize():f}"


def stands(wanted: Quantity, there: Sequence[Quantity]) -> bool:
    """Whether one of the numbers there is the wanted one, also rounded as it says."""
    return any(_same(wanted, one) for one in there)


def _same(wanted: Quantity, one: Quantity) -> bool:
    if wanted.value == one.value:
        return True
    if wanted.year or one.year or not one.value:
        return False
    off = wanted.value / one.value - 1
    if (wanted.about or one.about) and abs(off) <= CLOSE:
        return True
    if (wanted.over and -WIDE <= off < 0) or (wanted.under and 0 < off <= WIDE):
        return True
    return wanted.value >= ROUND and abs(off) <= SLIGHT and _rounded(one.value, wanted.value) == wanted.value


def _rounded(number: float, like: float) -> float:
    """Return the number with as many significant digits as another has."""
    digits = len(f"{Decimal(str(like)).normalize():f}".replace(".", "").strip("0"))
    return round(number, max(1, digits) - 1 - floor(log10(abs(number))))


def follows(wanted: Quantity, there: Sequence[Quantity], keys: frozenset[str]) -> bool:
    """Whether it is a sum, a difference or a ratio of two numbers there, or as many times one as the words there say.

    A year follows from another and a count of years; a count never follows from another and the day of a month.
    """
    if wanted.year:
        counts = [one.value for one in there if one.unit == "year" and not one.year]
        return any(abs(wanted.value - one.value) in counts for one in there if one.year)
    numbers = [one for one in there if one.value and not one.year]
    plain = sorted({one.value for one in numbers if wanted.dated or not one.dated})
    days = sorted({one.value for one in numbers if one.dated})
    results = [number for a, b in combinations(plain, 2) for number in (a + b, b - a)]
    results += [b - a for a, b in combinations(days, 2)]
    factors = [factor for key, factor in FACTORS.items() if key in keys]
    results += [number for a in plain for factor in factors for number in (a * factor, a / factor)]
    if wanted.unit in RATIOS:
        results += [number for a, b in combinations(plain, 2) for number in (b / a, 100 * a / b, 100 * (b / a - 1))]
        results += [100 - a for a in plain]
    near = CLOSE if wanted.about or wanted.over or wanted.under or wanted.unit in RATIOS else 0.0
    return any(abs(number - wanted.value) <= near * wanted.value + 1e-9 for number in results)


def _numbers(words: Sequence[WordToken], lower: Sequence[str]) -> Iterator[tuple[int, str, float]]:
    """Each number with the place of its word; a scale (million) is part of it, and a half behind it."""
    for at, low in enumerate(lower):
        before, after = lower[at - 1] if at else "", lower[at + 1] if at + 1 < len(lower) else ""
        for part in re.split(r"[-–/]", low) if low[:1].isdigit() else [low]:
            if (number := _number(part, before, after)) is not None and number.replace(".", "").isdigit():
                written = part if part != low else words[at].text
                if lower[at + 1 : at + 4] == ["and", "a", "half"]:
                    scale = SCALES.get(lower[at + 4], 0) if at + 4 < len(lower) else 0
                    yield at, written, (float(number) + 0.5) * 10**scale
                else:
                    yield at, written, float(number)


def _number(low: str, before: str, after: str) -> str | None:
    match = FIGURE.fullmatch(low)
    if match:
        suffix = (match[2] or "").lower()
        scale = SCALES.get(after) if after not in {"k", "m"} else None
        return _scaled(match[1], scale or SCALES.get(suffix, 0))
    if low in TENS and after not in WORDED:
        return _scaled(str(TENS[low]), SCALES.get(after, 0))
    if low == "dozen":
        return None if before in WORDED else "12"
    if low in WORDED and after == "dozen":
        return str(12 * WORDED[low])
    if low in WORDED:
        tens = TENS.get(before, 0) if WORDED[low] < 10 else 0
        return _scaled(str(tens + WORDED[low]), SCALES.get(after, 0))
    return None


def _scaled(figure: str, power: int) -> str:
    plain = value(figure)
    return value(str(Decimal(plain) * 10**power)) if power and plain.replace(".", "").isdigit() else plain


def _unit(words: Sequence[WordToken], lower: Sequence[str], at: int, text: str) -> str:
    """What a number counts: the word after it, behind a scale; or the month before it, with a mark for a year."""
    after = at + 1
    while after < len(lower) and (lower[after] in SCALES or lower[after] in {"dozen", "other"}):
        after += 1
    if at and (month := month_of(lower[at - 1])) and "," not in text[words[at - 1].end : words[at].start]:
        return f"{month} of" if len(lower[at]) == 4 else month
    if after >= len(lower) or lower[after] in STOPWORDS or lower[after][:1].isdigit():
        return ""
    if "," in text[words[after - 1].end : words[after].start]:
        return ""
    return month_of(lower[after]) or UNITS.get(words[after].key, words[after].key)
