"""Where the sentences of a block begin: after full stops and blank lines, before list items.

A full stop ends no sentence after titles, months, initials, acronyms and companies, nor before a word that goes on in
lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import category

from qa.ingest.abbreviations import (
    AFTER_CLOCK,
    CLOCK,
    GO_ON_BEFORE_NAMES,
    GO_ON_BEFORE_NUMBERS,
    LATIN,
    STARTERS,
    TITLES,
)

Span = tuple[int, int]

LOOK = 80  # characters on either side of a break that decide on it

SPEAKING = re.compile(
    r"(?:[\w.'’-]+\s){1,4}(?:said|says|say|asked|asks|added|adds|wrote|tweeted|told|replied|wondered)\b"
)
OPENING = "“‘\"'«„([{¿¡*_"
CLOSING = "”’\"'»)]}"
GOES_ON = re.compile(r"[,;:.)\]}!?%&/…–—|]|[-]\s")
LIST_MARK = re.compile(r"(?:\d{1,3}|[A-Za-z])[.)]")
LAST_WORD = re.compile(r"[^\w.'’]+")
ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
BREAKS = re.compile(
    r"""
      [.!?]\s+
    | [.!?…]+[”’"'»)\]]+\s+                       # a full stop inside a closing quotation mark or bracket
    | \b[A-Z][.]\s+(?=(?:The|He|She|It|In|But)\b)  # an initial that ends a sentence
    | (?:\.{3,}|…)\s+(?=["“‘(]?(?!I\b)[A-Z])     # an elision between sentences
    | [。！？]+(?:[」』”’）]++(?!と)|(?![」』”’）]))\s*  # scripts that put no space after a full stop; と: … he said
    | [।؟۔]\s+
    """,
    re.VERBOSE,
)
# German days and places: a number with a full stop, before nouns, which have capitals
ORDINAL = re.compile(r"\b(?:[Aa]m|[Vv]om|[Zz]um|[Zz]ur|[Bb]eim|[Ii]m|[Dd]e[rmns]|[Dd]as|seit|bis|ab)\s\d{1,3}\.$")
CLAUSES = re.compile(r"(?:[;,:]|\s[—–-])\s+|—|(?<=[.!?])\s+")
WORDS = re.compile(r"\s+")
HARD_BREAKS = re.compile(r"\n\s*\n\s*|[\u2028\u2029]\s*|\n\s*(?=[-•*–·▪●]\s|\d{1,2}[.)]\s)")


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """Return the trimmed spans of the sentences in text[start:end]; every character but white space lies in one."""
    start, end = trimmed(text, start, end)
    if start == end:
        return []
    hard = {start + match.end() for match in HARD_BREAKS.finditer(text[start:end])}
    soft = {start + match.end() for match in BREAKS.finditer(text[start:end])} - hard
    lower_case_goes_on = any(map(str.isupper, text[start:end]))
    kept, last = [start], start
    for at in sorted(hard | soft):
        before, after = text[max(last, at - LOOK) : at].rstrip(), text[at : min(end, at + LOOK)]
        if at in hard or not goes_on(before, after, lower_case_goes_on):
            kept.append(at)
            last = at
    spans = (trimmed(text, *pair) for pair in zip(kept, [*kept[1:], end], strict=True))
    return list(_worded(text, (span for span in spans if span[0] < span[1])))


def halves(text: str, start: int, end: int) -> list[Span]:
    """Cut a trimmed span of two characters or more near its middle: at a clause, else a word, else a character."""
    third, middle = max(1, (end - start) // 3), (start + end) // 2
    cut = _character(text, middle, end)
    for boundary in (CLAUSES, WORDS):
        cuts = [match.end() for match in boundary.finditer(text, start + third, end - third)]
        if cuts:
            cut = min(cuts, key=lambda at: abs(at - middle))
            break
    return [trimmed(text, start, cut), trimmed(text, cut, end)]


def _character(text: str, at: int, end: int) -> int:
    """The first place from `at` that parts no letter from its marks and no joined emoji; `at` where none is near."""
    near = range(at, min(at + 16, end))
    return next((n for n in near if category(text[n])[0] != "M" and "\u200d" not in text[n - 1 : n + 1]), at)


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without the white space at its ends; (start, start) where nothing else is there."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    return (start + left, start + len(inner.rstrip())) if left < len(inner) else (start, start)


def goes_on(before: str, after: str, lower_case_goes_on: bool = True) -> bool:
    """Tell whether a sentence goes on from `before` to `after`, the texts beside a break (no space at the break)."""
    word = after.lstrip(OPENING)
    if not before or not word or GOES_ON.match(after) or LIST_MARK.fullmatch(before):
        return True
    if lower_case_goes_on and word[0].islower() and not word[1:2].isupper():  # iPhone may begin a sentence
        return True
    if before[-1] in CLOSING:
        return before[-2:-1] in {"?", "!"} and SPEAKING.match(after) is not None
    if ORDINAL.search(before):
        return True
    return before.endswith(".") and _abbreviated(LAST_WORD.split(before)[-1].rstrip("."), word)


def _abbreviated(word: str, following: str) -> bool:
    """Tell whether the full stop after `word` is an abbreviation's, seeing the text that follows."""
    first = re.split(r"[^\w'’]", following, maxsplit=1)[0]
    if word.lower() in CLOCK:
        return first in AFTER_CLOCK
    if word in LATIN or (word[:1].isupper() and word.capitalize() in TITLES):
        return True
    if word in GO_ON_BEFORE_NUMBERS and following[0].isdigit():
        return True
    initial = len(word) == 1 and word.isupper() and word != "I"
    acronym = ACRONYM.fullmatch(word) is not None
    return (initial or acronym or word in GO_ON_BEFORE_NAMES) and first not in STARTERS


def _worded(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Join spans without a letter or digit to the one before, or to the next where there is none."""
    held: Span | None = None
    complete = False
    for start, end in spans:
        worded = any(map(str.isalnum, text[start:end]))
        if held and complete and worded:
            yield held
            held = None
        held, complete = ((held[0] if held else start), end), complete or worded
    if held:
        yield held
