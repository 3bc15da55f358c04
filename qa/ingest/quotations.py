"""Quotations, and sentences kept together because they stand in one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from qa.ingest.sentences import Span

PAIRS = {"“": "”", "«": "»", "„": "“", '"': '"'}
MARKS = re.compile(r"[“”«»„\"]")


def quotations(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the spans of the quotations that open and close in text[start:end], marks included."""
    opened = -1
    for match in MARKS.finditer(text, start, end):
        at = match.start()
        mark = text[at]
        if opened >= 0 and mark == PAIRS[text[opened]] and _closes(text, at):
            yield opened, at + 1
            opened = -1
        elif mark in PAIRS and (mark != '"' or _opens(text, at)):
            opened = at


def joined(spans: Sequence[Span], sizes: Sequence[int], marks: Iterable[Span], limit: int) -> list[Span]:
    """Join neighbouring spans that one quotation covers, as long as their sizes add up to `limit` at most."""
    starts = [start for start, _ in spans]
    sums = list(accumulate(sizes, initial=0))
    heads = list(range(len(spans)))
    for opening, closing in marks:
        first, last = bisect_right(starts, opening) - 1, bisect_right(starts, closing - 1) - 1
        if 0 <= first < last and sums[last + 1] - sums[heads[first]] <= limit:
            heads[first + 1 : last + 1] = [heads[first]] * (last - first)
    ends = {head: spans[number][1] for number, head in enumerate(heads)}
    return [(starts[head], end) for head, end in ends.items()]


def _opens(text: str, at: int) -> bool:
    """A straight mark opens after a space or bracket: 6'2" tall does not."""
    return (at == 0 or not text[at - 1].isalnum()) and not text[at + 1 : at + 2].isspace()


def _closes(text: str, at: int) -> bool:
    return text[at] != '"' or not text[at + 1 : at + 2].isalnum()
