"""Where the sentences of a block begin: after full stops and blank lines, before list items.

A full stop ends no sentence after titles, months, initials, acronyms and companies, nor before a word that goes on in
lower case; every language has abbreviations of its own, and some have other marks than a full stop.
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
    Abbreviations,
    abbreviations,
)

Span = tuple[int, int]

LOOK = 80  # characters on either side of a break that decide on it

NO_OWN = Abbreviations()
SPEAKING = re.compile(
    r"(?:[\w.'’-]+\s){1,4}(?:said|says|say|asked|asks|added|adds|wrote|tweeted|told|replied|wondered)\b"
)
OPENING = "“‘\"'«„([{¿¡*_"
CLOSING = "”’\"'»)]}"
GOES_ON = re.compile(r"[,;:.)\]}!?%&/…–—|،؛]|[-]\s|»(?!\w)")
LIST_MARK = re.compile(r"(?:\d{1,3}|[A-Za-z])[.)]")
LAST_WORD = re.compile(r"[^\w.'’]+")
ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
BREAKS = re.compile(
    r"""
      [.!?](?:\s»)?\s+                               # French puts spaces within its quotation marks
    | (?<![.!?…])[.!?…]++[”“’"'»)\]]++\s+           # a full stop inside a closing quotation mark or bracket
    | \b[A-Z][.]\s+(?=(?:The|He|She|It|In|But)\b)  # an initial that ends a sentence
    | (?:(?<!\.)\.{3,}+|…)\s+(?=["“‘(]?(?!I\b)[A-Z])     # an elision between sentences
    """,
    re.VERBOSE,
)
FARTHER = re.compile(
    "[\u0370-\u03ff\u0530-\u1fff\u3000-\ud7ff\uff00-\uffef]"
)  # letters that other marks than a full stop follow
MARKS = re.compile(
    r"""
      [。！？]+(?:[」』”’）》〉]++(?!と)|(?![」』”’）》〉]))\s*  # no space follows; と: … he said
    | [।॥؟۔։።፧။។།]+(?:[”’"'»)\]]+|(?![”’"'»)\]]))\s*  # Indic, Arabic, Armenian, Ethiopic, Burmese, Khmer, Tibetan
    | (?<=[\u3041-\u30ff\u4e00-\u9fff])[!?]+(?=[\u3041-\u30ff\u4e00-\u9fff])
    """,
    re.VERBOSE,
)
NEVER = re.compile(r"(?!)")
OWN_BREAKS = {"hy": re.compile(r":\s+"), "el": re.compile(r"[;\u037e][”’\"'»)]*\s+")}
# Thai and Lao end a sentence with a space and nothing else, and put one between clauses too
SPACES = re.compile(r"[\u0e01-\u0eff]\s+(?=[\u0e01-\u0eff])")
PHRASE = 60  # characters of Thai before a space that ends them
# German days and places: a number with a full stop, before nouns, which have capitals
ORDINAL = re.compile(r"\b(?:[Aa]m|[Vv]om|[Zz]um|[Zz]ur|[Bb]eim|[Ii]m|[Dd]e[rmns]|[Dd]as|seit|bis|ab)\s\d{1,3}\.$")
GERMAN_DAY = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhunderts?)\b"
)
SPACED = re.compile(r"[^\W\d_]\.")  # the second letter of z. B., т. е.
TAIL = re.compile(r"(?:[^\s\d.“‘’\"'«„(\[{]+\.\s*)+$")  # abbreviations in a row
CLAUSES = re.compile(r"(?:[;,:]|\s[—–-])\s+|—|(?<=[.!?])\s+")
WORDS = re.compile(r"\s+")
HARD_BREAKS = re.compile(r"\n\s*\n\s*|[\u2028\u2029]\s*|\n\s*(?=[-•*–·▪●]\s|\d{1,2}[.)]\s)")


def sentence_spans(text: str, start: int, end: int, language: str = "") -> list[Span]:
    """Return the trimmed spans of the sentences in text[start:end]; every character but white space lies in one.

    `language` (a code of ISO 639, "" for unknown) adds its own abbreviations and marks to those of all.
    """
    start, end = trimmed(text, start, end)
    if start == end:
        return []
    hard = {start + match.end() for match in HARD_BREAKS.finditer(text[start:end])}
    soft = {start + at for at in _marks(text[start:end], language)} - hard
    spaces = {start + match.end() for match in SPACES.finditer(text[start:end])}
    own = abbreviations(language)
    lower_case_goes_on = any(map(str.isupper, text[start:end]))
    kept, last = [start], start
    for at in sorted(hard | soft | spaces):
        if at in spaces and at not in hard and (at - last < PHRASE or end - at < PHRASE // 2):
            continue
        before, after = text[max(last, at - LOOK) : at].rstrip(), text[at : min(end, at + LOOK)]
        if at in hard or not goes_on(before, after, lower_case_goes_on, own):
            kept.append(at)
            last = at
    spans = (trimmed(text, *pair) for pair in zip(kept, [*kept[1:], end], strict=True))
    return list(_worded(text, (span for span in spans if span[0] < span[1])))


def _marks(text: str, language: str) -> Iterator[int]:
    """Where a mark that may end a sentence, and the space after it, end."""
    farther = (MARKS, OWN_BREAKS.get(language, NEVER)) if FARTHER.search(text) else ()
    for pattern in (BREAKS, *farther):
        yield from (match.end() for match in pattern.finditer(text))


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


def goes_on(before: str, after: str, lower_case_goes_on: bool = True, own: Abbreviations = NO_OWN) -> bool:
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
    last = LAST_WORD.split(before)[-1].rstrip(".")
    return before.endswith(".") and (_abbreviated(last, word) or _owned(before, last, word, own))


def _owned(before: str, last: str, following: str, own: Abbreviations) -> bool:
    """Tell whether the full stop is that of an abbreviation of the language, or within one of single letters."""
    if len(last) == 1 and last.islower() and SPACED.match(following):
        return True
    if last.isdigit():
        return "z.b" in own.names and len(last) < 3 and GERMAN_DAY.match(following) is not None
    tail = TAIL.search(before) if own.names else None
    if tail is None:
        return False
    words = tail.group().lower().split()
    written = {"".join(words).rstrip(".")} | {w for w in (words[-1].rstrip("."),) if len(w) > 1}
    counted = len(last) == 1 and before[: tail.start()].rstrip()[-1:].isdigit()  # 1848 г.
    return bool(written & own.names and not counted) or (following[0].isdigit() and bool(written & own.numbers))


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
