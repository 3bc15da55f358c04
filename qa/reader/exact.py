"""Exact evidence: what a small model cannot see is looked up. Which names and numbers of a question stand nowhere?

A name of the question stands in a text where its words do: by their first letters (Peruvian for Peru), by another name
of the country, by initials (WHO). Nothing here is of one language but that names are told by their capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.language.detect import trained_on
from qa.words import WordToken, names, tokens, ways
from vectorstore.filters import apart

STEM = 5  # letters by which a word of a name is told
ENDING = 4  # letters that another form of a word may lack
SHORT = 4  # letters of a word that another one may begin with
BETWEEN = r"[\s.’'-]+(?:\w\.?\s+)?"  # what may stand between two words of a name: a middle initial
SMALL = r"\s+(?:(?:of|for|and|the|de|la)\s+)*"  # what initials leave out


@dataclass(frozen=True, slots=True)
class Particular:
    """A name, or a number, of a question: its words in order."""

    words: tuple[WordToken, ...]

    @property
    def text(self) -> str:
        """The words as they were asked."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Lacks:
    """How many of a question's particulars a text does not have.

    `whole` counts those whose last word is nowhere, `part` those of which another word is nowhere, `apart` names whose
    words are there, but the last only behind other names than their own (Rolf Maddern for Ilse Maddern). `of` are the
    first two kinds.
    """

    whole: int = 0
    part: int = 0
    apart: int = 0
    of: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many of all kinds."""
        return self.whole + self.part + self.apart


def particulars(question: str) -> tuple[Particular, ...]:
    """Return the names and numbers of a question, names first."""
    words = tokens(question)
    found: list[Particular] = []
    inside: set[int] = set()
    at = 0
    for name in named(question):
        at = question.find(name, at)
        held = tuple(w for w in words if at <= w.start < at + len(name) and (w.capital or w.numeric or w.key[0] == "@"))
        inside |= {word.start for word in held}
        at += len(name)
        if held:
            found.append(Particular(held))
    return (*found, *(Particular((word,)) for word in words if word.numeric and word.start not in inside))


def named(question: str) -> list[str]:
    """Return the names of a question. In another language than English capitals tell only those of several words.

    German writes every noun with one, and which words open a question and are no name is known of English alone.
    """
    if trained_on(question):
        return names(question)
    start = question.lstrip(" \"'“‘«„¿¡")
    inner = [name.partition(" ")[2] if start.startswith(name) else name for name in names(question)]
    return [name for name in inner if sum(word[0].isupper() for word in name.split()) > 1]


def lacks(asked: Iterable[Particular], text: str) -> Lacks:
    """Return what of a question's particulars a text does not have."""
    level = _level(text)
    whole = part = apart = 0
    missing = []
    for one in asked:
        there = [_stands(word, text, level) for word in one.words]
        if all(there):
            apart += _apart(one, text, level)
        elif not _abbreviated(one, text):
            missing.append(one.text)
            whole += not there[-1]
            part += there[-1]
    return Lacks(whole, part, apart, tuple(missing))


@lru_cache(maxsize=64)
def _level(text: str) -> str:
    """A text in lower case, figures without their commas."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", apart(text).lower().replace("’", "'"))


def _stands(word: WordToken, text: str, level: str) -> bool:
    if word.key.startswith("@"):
        return any(re.search(rf"(?<!\w){re.escape(way)}(?!\w)", text) for way in ways(word))
    letters = word.text.replace(".", "")
    if letters.isupper() and 1 < len(letters) < STEM:  # us is no US
        return bool(re.search(rf"(?<!\w){'[.]?'.join(letters)}(?!\w)|{_spelled_out(letters)}", text))
    return bool(re.search(_pattern(word), level))


def _pattern(word: WordToken) -> str:
    """What a word, or another form of it, is found by in a level text."""
    low = re.sub(r"'s?$", "", word.text.lower().replace("’", "'"))
    if word.numeric:
        figure = re.escape(re.split(r"[-–/]", low.replace(",", ""))[0])
        return rf"(?<![\w.]){figure}(?!\w|[.]\d)" if figure.isdigit() else rf"(?<![\w.]){figure}"
    if len(low) < SHORT:
        return rf"\b{re.escape(low)}(?!\w)"
    longer = rf"\b{re.escape(low[:-1] if len(low) > SHORT else low)}"  # Ukraine, Ukrainian
    stems = (re.escape(low[:end]) for end in range(max(SHORT, len(low) - ENDING), len(low)))
    return "|".join([longer, *(rf"\b{stem}\w?(?!\w)" for stem in stems)])  # Peruvian, Peru


def _spelled_out(letters: str) -> str:
    return r"\b" + SMALL.join(rf"{letter}[\w’'-]*" for letter in letters)


def _abbreviated(name: Particular, text: str) -> bool:
    """Whether a name of several words stands in a text by its initials."""
    initials = "".join(word.text[0] for word in name.words)
    return len(initials) > 1 and bool(re.search(rf"\b{re.escape(initials)}\b", text))


def _apart(name: Particular, text: str, level: str) -> bool:
    if len(name.words) < 2 or any(re.search(_together(*pair), level) for pair in pairwise(name.words)):
        return False
    return bool(re.search(rf"\b[A-Z][\w’'-]+\s+{re.escape(name.words[-1].text)}", text))


def _together(one: WordToken, two: WordToken) -> str:
    first, second = (re.escape(word.text.lower()[:STEM]) for word in (one, two))
    return rf"\b{first}\w*{BETWEEN}{second}"
