"""What a text states that can be compared: numbers with their units, dates, names, quotations, links, negations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise

from qa.words import COMMON_OPENERS, STOPWORDS, Token, names, peoples, stem, tokens

ONES = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
WORDED = {word: value for value, word in enumerate(ONES.split(), 2)} | {"nineteen": 19, "dozen": 12}
TENS = {
    word: value * 10 for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
SCALES = {"hundred": 2, "thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12}
FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)(st|nd|rd|th|s|k|m|mn|bn|km|kg|mph|am|pm)?", re.IGNORECASE)
MONTHS = tuple("january february march april may june july august september october november december".split())
SHORT = {month[:3]: month for month in MONTHS} | {"sept": "september"}
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
WORDS_TOO = frozenset({"may", "march"})  # months only beside a number or a preposition of time
BEFORE_MONTH = frozenset("in of since until by last next early late mid during from to".split())
QUOTED = re.compile(r"[\"“«‟]([^\"“”«»]{4,}?)[\"”»]")
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"”]+"
    r"|(?<![@\w.-])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|io|ru|cn|xyz|co)\b\S*",
    re.IGNORECASE,
)
LETTER = re.compile(r"[^\W\d_]")
RANKS = frozenset(
    "president prime minister king queen prince princess general mr mrs ms dr sir professor senator governor mayor"
    " judge defense defence foreign secretary chancellor pope captain colonel major chief crown supreme".split()
)
OPENERS = COMMON_OPENERS | frozenset(
    """experts analysts authorities critics supporters researchers scientists sources reports additionally furthermore
    moreover overall finally specifically based sometimes unlike similarly thus therefore instead currently recently
    previously initially eventually police investigators lawyers students residents witnesses doctors people some other
    others certain various yes no first second third after then""".split()
)
NEGATORS = frozenset(
    """not no never none neither nor without cannot nobody nothing hardly don't doesn't didn't won't wouldn't can't
    couldn't isn't aren't wasn't weren't hasn't haven't hadn't shouldn't unable refuse refused refuses refusing deny
    denied denies denying reject rejected rejects rejecting fail failed fails failing decline declined declines lack
    lacks lacked""".split()
)
NO_NAME = RANKS | STOPWORDS | WEEKDAYS | OPENERS | NEGATORS
PLAIN_NO = frozenset("not no never none neither nor without cannot nobody nothing hardly unable".split())
OPPOSITES = """rise:fall increase:decrease grow:shrink more:fewer more:less higher:lower high:low before:after win:lose
    buy:sell accept:reject approve:reject support:oppose allow:ban begin:end start:end start:stop open:close above:below
    largest:smallest highest:lowest most:least first:last best:worst up:down arrive:leave alive:dead guilty:innocent
    legal:illegal possible:impossible likely:unlikely gain:lose strengthen:weaken expand:reduce raise:lower""".split()


@lru_cache(maxsize=1)
def opposites() -> dict[str, frozenset[str]]:
    """Return for a word's key the keys of words that say the opposite."""
    found: dict[str, set[str]] = {}
    for one, other in (pair.split(":") for pair in OPPOSITES):
        found.setdefault(stem(one), set()).add(stem(other))
        found.setdefault(stem(other), set()).add(stem(one))
    return {key: frozenset(others) for key, others in found.items()}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text states: `keys` of all words, `content` of those that carry meaning, `names` of those in names.

    Of an acronym `names` has the word itself, in capitals. `numbers` are written one way; `units` pairs a unit or a
    month with the number beside it, `belongings` a thing with the country that it is said to be of; `denied` are the
    keys that a negation speaks of, `negative` the negations' own.
    """

    keys: frozenset[str] = frozenset()
    content: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    units: frozenset[tuple[str, str]] = frozenset()
    belongings: frozenset[tuple[str, str]] = frozenset()
    dates: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    quotations: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    negative: frozenset[str] = frozenset()

    @property
    def particular(self) -> frozenset[str]:
        """Names, numbers and dates: what a sentence says its words of, and of when."""
        named = frozenset(stem(name.lower()) if name.isupper() else name for name in self.names)
        return named | self.numbers | self.dates

    def __or__(self, other: Facts) -> Facts:
        return Facts(*(getattr(self, f.name) | getattr(other, f.name) for f in fields(self)))


@lru_cache(maxsize=20_000)
def facts(text: str) -> Facts:
    """Return what a text states."""
    links = frozenset(link.rstrip(".,;:!?") for link in LINK.findall(text))
    plain = LINK.sub(" ", text)
    words = tokens(plain)
    lower = [word.text.lower().replace("’", "'") for word in words]
    found = list(_numbers(lower))
    dates = frozenset(_dates(words, lower))
    units = frozenset(_units(words, lower, found))
    denied, negative = _denials(words, lower)
    return Facts(
        frozenset(word.key for word in words),
        frozenset(w.key for w, low in zip(words, lower, strict=True) if low not in STOPWORDS and low not in PLAIN_NO),
        frozenset(value for _, value in found),
        units,
        frozenset(_belongings(words, plain)),
        dates,
        frozenset(_names(plain)),
        frozenset(said for quote in QUOTED.findall(text) if len((said := level(quote)).split()) > 1),
        links,
        denied,
        negative,
    )


def level(text: str) -> str:
    """Return a text's words in lower case with single spaces and without punctuation, for comparing word for word."""
    return " ".join(re.findall(r"\w+", text.lower().replace("’", "'").replace("'s", " s")))


def value(figure: str) -> str:
    """Return a figure written one way: 1,000 and 1000.0 as 1000; as it is where it is no number."""
    try:
        number = Decimal(figure.replace(",", ""))
    except InvalidOperation:
        return figure
    return f"{number.normalize():f}"


def _numbers(lower: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each number with the place of its word; a scale (million) is part of it."""
    for at, low in enumerate(lower):
        for part in re.split(r"[-–/]", low) if low[:1].isdigit() else [low]:
            number = _number(part, lower[at - 1] if at else "", lower[at + 1] if at + 1 < len(lower) else "")
            if number is not None:
                yield at, number


def _number(low: str, before: str, after: str) -> str | None:
    match = FIGURE.fullmatch(low)
    if match:
        suffix = (match[2] or "").lower()
        scale = SCALES.get(after) if after not in {"k", "m"} else None
        return _scaled(match[1], scale or SCALES.get(suffix, 0))
    if low in TENS and after not in WORDED:
        return _scaled(str(TENS[low]), SCALES.get(after, 0))
    if low in WORDED:
        tens = TENS.get(before, 0) if WORDED[low] < 10 else 0
        return _scaled(str(tens + WORDED[low]), SCALES.get(after, 0))
    return None


def _scaled(figure: str, power: int) -> str:
    plain = value(figure)
    return value(str(Decimal(plain) * 10**power)) if power and plain.replace(".", "").isdigit() else plain


def _units(words: Sequence[Token], lower: Sequence[str], found: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """What a number counts: the word after it (behind a scale), and a month before it."""
    for at, number in found:
        after = at + 1
        while after < len(lower) and lower[after] in SCALES:
            after += 1
        if after < len(lower) and lower[after] not in STOPWORDS and not lower[after][:1].isdigit():
            yield _unit(lower[after], words[after].key), number
        if at and (month := _month(lower[at - 1])):
            yield (f"{month} of" if len(number) == 4 else month), number


def _belongings(words: Sequence[Token], text: str) -> Iterator[tuple[str, str]]:
    """What is of a country: the word after “Russian” or “Russia's”."""
    for word, thing in pairwise(word for word in words if word.text != "s"):
        if not word.key.startswith("@") or thing.capital or thing.numeric or thing.text in STOPWORDS:
            continue
        if word.text in peoples() or text[word.end : thing.start].startswith(("'s", "’s")):
            yield thing.key, word.key


def _unit(low: str, key: str) -> str:
    return _month(low) or {"kilometer": "km", "kilomet": "km", "percent": "%"}.get(key, key)


def _month(low: str) -> str:
    return low if low in MONTHS else SHORT.get(low.rstrip("."), "")


def _dates(words: Sequence[Token], lower: Sequence[str]) -> Iterator[str]:
    """Months and weekdays that are named."""
    for at, low in enumerate(lower):
        if not words[at].capital:
            continue
        month = _month(low)
        beside = (lower[at - 1] if at else "", lower[at + 1] if at + 1 < len(lower) else "")
        sure = low not in WORDS_TOO or any(b[:1].isdigit() for b in beside) or beside[0] in BEFORE_MONTH
        if month and sure:
            yield month
        elif low in WEEKDAYS:
            yield low


def _names(text: str) -> Iterator[str]:
    """The keys of the words of names; of a name that opens a sentence only what is no common opener."""
    for name in names(text):
        for word in tokens(name):
            low = word.text.lower()
            plain = low in NO_NAME or _month(low) or FIGURE.fullmatch(low)
            if len(low) > 1 and not plain and (word.capital or word.key.startswith("@")):
                acronym = word.text.isupper() and not word.key.startswith("@")
                yield word.text.replace(".", "") if acronym else word.key
    yield from (word.key for word in tokens(text) if _coded(word))


def _coded(word: Token) -> bool:
    """Whether a word is letters and digits together, as S-400 is, and no figure with its unit."""
    return word.numeric and LETTER.search(word.text) is not None and not FIGURE.fullmatch(word.text.lower())


def _denials(words: Sequence[Token], lower: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The keys that a negation speaks of, and the negations' own."""
    negative = [at for at, low in enumerate(lower) if low in NEGATORS or low.endswith("n't")]
    denied = {next((n for n in range(at + 1, len(lower)) if lower[n] not in STOPWORDS), at) for at in negative}
    return frozenset(words[at].key for at in denied.difference(negative)), frozenset(words[at].key for at in negative)
