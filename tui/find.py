"""Finding: words in a text, whatever their case and across the end of a line; what a dialog lists of what it found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.content import Content

from qa.marks import Span

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """One of what was found: how it is shown, and what choosing it gives."""

    shown: Content
    value: Value


Find = Callable[[str], Sequence[Found[Value]]]


def occurrences(text: str, sought: str) -> tuple[Span, ...]:
    """Return where the text has the sought words, one after another as they were typed; nothing for no word."""
    words = [re.escape(word) for word in sought.split()]
    if not words:
        return ()
    return tuple(found.span() for found in re.finditer(r"\s+".join(words), text, re.IGNORECASE))


def holds(text: str, sought: str) -> bool:
    """Tell whether the text has each of the sought words somewhere."""
    held = text.casefold()
    return all(word in held for word in sought.casefold().split())


def snippet(text: str, spans: Sequence[Span], length: int) -> tuple[str, tuple[Span, ...]]:
    """Return the part of a text around its first span, at most `length` characters, and the spans within it.

    It begins and ends at a word, with … where something is left out.
    """
    first = spans[0][0] if spans else 0
    start = 0 if len(text) <= length else max(min(first - length // 3, len(text) - length), 0)
    end = min(start + length, len(text))
    if start:
        start = min(text.find(" ", start, end) + 1 or start, first)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start) or end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    within = tuple((a + shift, b + shift) for a, b in spans if a >= start and b <= end)
    return f"{before}{text[start:end]}{after}", within
