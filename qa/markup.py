"""Marked text as Markdown and as HTML: it reads word for word, and nothing of it is markup but what is marked."""

from __future__ import annotations

import html
import re
import string
import unicodedata
from collections.abc import Callable

from qa.marks import Marked, Span
from qa.sanitize import clean_marked

Footnote = Callable[[str], str]  # what is written for a marker, of its number

_MARKER = r"\[(\d{1,4})\]"
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$&]")
_MARKER_OR_SPECIAL = re.compile(rf"{_MARKER}|{_SPECIAL.pattern}")
_MARKER_OR_TAG = re.compile(rf"{_MARKER}|[&<>\"']")
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
_LINE_START = re.compile(r"(?m)^(\s*)([-+=]|\d+[.)])(?=\s|$)")  # a list, or a line under a heading


def as_markdown(given: Marked | str, footnote: Footnote | None = None) -> str:
    """Return the text as Markdown, what is marked strong; `footnote` writes the markers, without it they are text."""
    text = clean_marked(_flanked(given) if isinstance(given, Marked) else Marked(given))

    def escaped(found: re.Match[str]) -> str:
        return footnote(found[1]) if footnote and found[1] is not None else f"\\{found[0]}"

    special = text.sub(_MARKER_OR_SPECIAL, escaped) if footnote else text.sub(_SPECIAL, r"\\\g<0>")
    return _wrapped(special.sub(_LINE_START, _no_list).sub(_LINE_END, "\\\\\n"), "**", "**")


def as_html(given: Marked | str, footnote: Footnote | None = None) -> str:
    """Return the text as HTML, what is marked strong; `footnote` writes the markers, without it they are text."""
    text = clean_marked(given if isinstance(given, Marked) else Marked(given))

    def escaped(found: re.Match[str]) -> str:
        if found[1] is None:
            return html.escape(found[0])
        return footnote(found[1]) if footnote else found[0]

    return _wrapped(text.sub(_MARKER_OR_TAG, escaped), "<strong>", "</strong>")


def _wrapped(text: Marked, before: str, after: str) -> str:
    return "".join(f"{before}{piece}{after}" if strong else piece for piece, strong in text.pieces())


def _no_list(found: re.Match[str]) -> str:
    """The beginning of a line, its sign escaped: a digit cannot be."""
    return f"{found[1]}{found[2][:-1]}\\{found[2][-1]}"


def _flanked(given: Marked) -> Marked:
    """Narrow the marks that Markdown would not read as such: those that end at a sign with a letter beside it.

    https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    """
    return Marked(given.text, tuple(_narrowed(given.text, span) for span in given.spans))


def _narrowed(text: str, span: Span) -> Span:
    start, end = span
    if start > 0 and _is_sign(text[start]) and not _parts(text[start - 1]):
        start += 1
    if end < len(text) and _is_sign(text[end - 1]) and not _parts(text[end]):
        end -= 1
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _is_sign(character: str) -> bool:
    """Whether it is punctuation by some version of CommonMark; they differ in symbols."""
    return unicodedata.category(character)[0] in "PS"


def _parts(character: str) -> bool:
    """Whether it parts words by every version of CommonMark."""
    return character.isspace() or character in string.punctuation or unicodedata.category(character)[0] == "P"
