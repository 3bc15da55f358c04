"""What a text states that can be compared: numbers with their units, dates, names, quotations, links, negations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

from qa.verify.days import WEEKDAYS, month_of, named
from qa.verify.grades import grades
from qa.verify.numbers import FIGURE, Quantity, quantities
from qa.words import COMMON_OPENERS, STOPWORDS, WordToken, names, stem, tokens

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
NO_NAME = RANKS | STOPWORDS | frozenset(WEEKDAYS) | OPENERS | NEGATORS
DOTTED = {"U.S": "US", "U.K": "UK", "U.N": "UN", "U.S.": "US", "U.K.": "UK", "U.N.": "UN"}
PLAIN_NO = frozenset("not no never none neither nor without cannot nobody nothing hardly unable".split())


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text states: `keys` of all words, `content` of those that carry meaning, `names` of those in names.

    Of an acronym `names` has the word itself, in capitals; `runs` are whole names as written. `grades` are words that
    exclude each other, with what they tell (second); `negative` are the keys of negations.
    """

    keys: frozenset[str] = frozenset()
    content: frozenset[str] = frozenset()
    quantities: frozenset[Quantity] = frozenset()
    dates: frozenset[str] = frozenset()
    grades: frozenset[tuple[str, str]] = frozenset()
    names: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    quotations: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    negative: frozenset[str] = frozenset()

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers, each written one way."""
        return frozenset(f"{one.value:.15g}" for one in self.quantities)

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
    runs = tuple(_runs(plain))
    return Facts(
        frozenset(word.key for word in words),
        frozenset(w.key for w, low in zip(words, lower, strict=True) if low not in STOPWORDS and low not in PLAIN_NO),
        frozenset(quantities(words, lower, plain)),
        frozenset(named(words, lower)),
        frozenset(grades(lower)),
        frozenset(key for run in runs for key in name_keys(run)),
        frozenset(runs),
        frozenset(said for quote in QUOTED.findall(text) if len((said := level(quote)).split()) > 1),
        links,
        frozenset(w.key for w, low in zip(words, lower, strict=True) if low in NEGATORS or low.endswith("n't")),
    )


def level(text: str) -> str:
    """Return a text's words in lower case with single spaces and without punctuation, for comparing word for word."""
    return " ".join(re.findall(r"\w+", text.lower().replace("’", "'").replace("'s", " s")))


@lru_cache(maxsize=20_000)
def name_keys(run: str) -> tuple[str, ...]:
    """Return what the words of a name are matched by, ranks and other plain words left out."""
    return tuple(_keys(run))


def _keys(run: str) -> Iterator[str]:
    for word in tokens(run):
        low = word.text.lower()
        if word.text in DOTTED:
            yield next(iter(tokens(DOTTED[word.text]))).key
            continue
        plain = low in NO_NAME or month_of(low) or FIGURE.fullmatch(low)
        if _coded(word):
            yield word.key
        elif len(low) > 1 and not plain and (word.capital or word.key.startswith("@")):
            acronym = word.text.isupper() and not word.key.startswith("@")
            yield word.text.replace(".", "") if acronym else word.key


def _runs(text: str) -> Iterator[str]:
    """The names as written; one word that opens the text is any word, unless it is a country or an acronym."""
    for run in names(text):
        opens = text.lstrip(" \"“‘'").startswith(run) and " " not in run
        keys = list(name_keys(run))
        sure = not opens or keys[:1] == [run] or any(key.startswith("@") for key in keys)
        if keys and sure and re.search(rf"(?<!\w){re.escape(run)}", text):  # of iPhone there is no name Phone
            yield run
    yield from (word.text for word in tokens(text) if _coded(word) and not word.text[:1].isupper())


def _coded(word: WordToken) -> bool:
    """Whether a word is letters and digits together, as S-400 is, and no figure with its unit."""
    return word.numeric and LETTER.search(word.text) is not None and not FIGURE.fullmatch(word.text.lower())
