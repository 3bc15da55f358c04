"""Words as answers are matched by: tokens, stems, country names, and which words carry a question.

A token's `key` is what two texts must share to speak of the same thing: a stem (Porter 2), a number as written, or one
key for a country, its people and its seat of government, which the news use for one another.
"""

from __future__ import annotations

import csv
import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa.language.detect import language_of
from qa.language.en import ENGLISH
from vectorstore.filters import RUN, pairs

STOPWORDS, COMMON_OPENERS = ENGLISH.stopwords, ENGLISH.openers
MARKS = r"\u0300-\u036f"  # accents that are written after their letter, as in file names of a Mac
LETTERS = rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*"
# a number is parted from the unit that a hyphen ties to it (402-kilometer); S-400 and 2017-18 are one word
WORD = re.compile(rf"\d+(?:[.,]\d+)*(?=-[^\W\d_]{{3}})|{LETTERS}(?:[’'.,\-/&]{LETTERS})*")
PART = re.compile(rf"{LETTERS}(?:[’'.]{LETTERS})*")
NUMERIC = re.compile(r"\d")
OPENING, WORDY = re.compile(r"(?<!\w)[A-Z]\w*"), re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class WordToken:
    """A word at `start` … `end` of its text; `key` is what it is matched by."""

    text: str
    start: int
    end: int
    key: str

    @property
    def capital(self) -> bool:
        """Whether it is written as a name: a capital letter, or letters and digits together."""
        return self.text[:1].isupper() or (any(c.isupper() for c in self.text) and bool(NUMERIC.search(self.text)))

    @property
    def numeric(self) -> bool:
        """Whether it holds a digit."""
        return bool(NUMERIC.search(self.text))


def tokens(text: str) -> list[WordToken]:
    """Return the words of a text in order."""
    return list(_tokens(text))


def keys(text: str) -> frozenset[str]:
    """Return the keys of the text's words."""
    return frozenset(token.key for token in _tokens(text))


def content(text: str) -> list[WordToken]:
    """Return the words that carry meaning: neither stop words nor repetitions."""
    seen: dict[str, WordToken] = {}
    stopwords = language_of(text).stopwords
    for token in _tokens(text):
        if token.text.lower() not in stopwords or token.text in {"US", "UN"}:
            seen.setdefault(token.key, token)
    return list(seen.values())


def names(text: str) -> list[str]:
    """Return the names in a text as written: runs of capitalised words, less a common word that opens a sentence."""
    found: list[str] = []
    for match in NAME.finditer(text):
        words = match.group().split()
        if _opens(text, match.start()) and words[0].lower().strip("'’") in COMMON_OPENERS:
            words = words[1:]
        while words and words[-1].lower() in LINKS:
            words = words[:-1]
        if words and not all(w.lower() in STOPWORDS and w not in {"US", "UN"} for w in words):
            found.append(" ".join(words))
    return found


LINKS = frozenset("of the de la al bin van von der and for".split())
NAME = re.compile(
    rf"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w{MARKS}’'&.\-]*[\w{MARKS}]|[A-Z]\.?|[a-z]?[A-Z][\w\-]*\d[\w\-]*|\d*[A-Z][\w\-]*)"
    r"(?:\s+(?:(?:of\s+the|de\s+la|of|de|la|al|bin|van|von|der)\s+)*"
    rf"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w{MARKS}’'&\-]*[\w{MARKS}]|[A-Z]\.))*"
)


def _opens(text: str, at: int) -> bool:
    while at and text[at - 1] in " \t\"'“‘«([":
        at -= 1
    return not at or text[at - 1] in ".!?:\n"


def _tokens(text: str) -> Iterator[WordToken]:
    at = 0
    for start, name in _named(text):
        yield from _plain(text, at, start)
        at = start + len(name)
        yield WordToken(name, start, at, _countries()[name])
    yield from _plain(text, at, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[WordToken]:
    at = start
    for run in () if text.isascii() else RUN.finditer(text, start, end):
        yield from _spaced(text, at, run.start())
        for n, pair in enumerate(pairs(run.group()), run.start()):
            yield WordToken(pair, n, n + len(pair), pair)
        at = run.end()
    yield from _spaced(text, at, end)


def _spaced(text: str, start: int, end: int) -> Iterator[WordToken]:
    for match in WORD.finditer(text, start, end):
        word, at = match.group(), match.start()
        if NUMERIC.search(word):
            yield WordToken(word, at, match.end(), _number_key(word))
            continue
        for part in PART.finditer(word):
            yield WordToken(part.group(), at + part.start(), at + part.end(), stem(part.group().lower()))


def _number_key(word: str) -> str:
    word = re.sub(r"[’']s$|(?<=\d)s$", "", word.lower())
    return word.replace(",", "")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Porter 2 stem of a lower-case word, accents, spelling and irregular forms levelled first."""
    word = re.sub(r"[’']s$|[’']$", "", unicodedata.normalize("NFC", word)).replace("’", "'")
    word = ENGLISH.irregular.get(word, word)
    word = re.sub(r"isation", "ization", word)
    word = re.sub(r"(?<=\w{3})is(e|ed|es|ing|er)$", r"iz\1", word)
    word = re.sub(r"(?<=\w{3})our", "or", word)
    word = re.sub(r"(?<=\w{3})tre$", "ter", word)
    stemmer, lock = _stemmer()
    with lock:  # it works on the word inside of itself: two threads would get each other's
        return str(stemmer.stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> tuple[Any, threading.Lock]:
    import snowballstemmer

    return snowballstemmer.stemmer("english"), threading.Lock()


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Every way to write a country, its people or its seat of government → the country's key."""
    table: dict[str, str] = {}
    for country, people, capital in _listed():
        key = "@" + country.split("|")[0].lower()
        for name in filter(None, f"{country}|{people}|{capital}".split("|")):
            table.setdefault(name, key)
        for name in filter(None, people.split("|")):
            table.setdefault(name + "s", key)
    return table


@lru_cache(maxsize=1)
def peoples() -> frozenset[str]:
    """Return the words for what is of a country: Russian, Saudi."""
    return frozenset(name for _, people, _ in _listed() for name in filter(None, people.split("|")))


def _listed() -> list[list[str]]:
    with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.reader(rows))


@lru_cache(maxsize=1)
def _by_opening() -> dict[str, list[str]]:
    """The names of `_countries` by the letters that they open with, the longest first."""
    table: dict[str, list[str]] = {}
    for name in sorted(_countries(), key=len, reverse=True):
        if opening := OPENING.match(name):
            table.setdefault(opening.group(), []).append(name)
    return table


def _named(text: str) -> Iterator[tuple[int, str]]:
    """The countries that a text names, as written, each with its place; to compile a pattern of all takes 0.02 s."""
    table, done = _by_opening(), 0
    for opening in OPENING.finditer(text):
        at = opening.start()
        likely = table.get(opening.group(), ()) if at >= done else ()
        if name := next((n for n in likely if text.startswith(n, at) and not WORDY.match(text, at + len(n))), ""):
            done = at + len(name)
            yield at, name


def ways(token: WordToken) -> tuple[str, ...]:
    """Return how a token's thing may be written: as it is, and for a country each of its names."""
    if not token.key.startswith("@"):
        return (token.text,)
    return tuple(dict.fromkeys([token.text, *(name for name, key in _countries().items() if key == token.key)]))


def country_keys(text: str) -> frozenset[str]:
    """Return the keys of the countries that a text names."""
    return frozenset(_countries()[name] for _, name in _named(text))
