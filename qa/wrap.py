"""Break a text into lines of a given width: fast enough for a 2 MB article, and lines are spans, not copies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import get_character_cell_size

JOIN = "\u200d"  # joins the next character to the one before, as in families
EMOJI = "\ufe0f"  # makes a wide sign of a narrow one
JOINERS = (JOIN, EMOJI)
LEAST = 12  # cells that a line must have for the next one to be set in
HEAD = re.compile(r"\s*(?:[—·•✗…] +|[“‘\"«„]|\[\d+\] )?")  # what lines hang from
Line = tuple[int, int]


def wrap(text: str, width: int) -> list[Line]:
    """Return the lines as half-open spans of the text, none wider than `width` cells (at least 2).

    Lines break at newlines and spaces, and inside a word only where the word alone is too wide. The space or newline
    at a break belongs to no line.
    """
    width = max(width, 2)
    lines: list[Line] = []
    at = 0
    for paragraph in text.split("\n"):
        end = at + len(paragraph)
        lines.extend(_narrow(text, at, end, width) if _is_narrow(paragraph) else _any(text, at, end, width))
        at = end + 1
    return lines


def hang(text: str, width: int) -> Iterator[tuple[int, int, int]]:
    """Yield the lines as spans of the text, each with the cells that it is set in: below where its text begins."""
    at = 0
    for paragraph in text.split("\n"):
        head = HEAD.match(paragraph)
        indent = head.end() if head and head.end() + LEAST <= width else 0
        (_, first), *rest = wrap(paragraph, width)
        yield at, at + first, 0
        if rest:
            start = at + rest[0][0]
            for a, b in wrap(paragraph[rest[0][0] :], width - indent):
                yield start + a, start + b, indent
        at += len(paragraph) + 1


def _is_narrow(text: str) -> bool:
    """Tell whether every character takes one cell, so that cells can be counted as characters."""
    return text.isascii() or set(map(get_character_cell_size, set(text))) <= {1}


def _narrow(text: str, at: int, end: int, width: int) -> Iterator[Line]:
    while end - at > width:
        space = text.rfind(" ", at + 1, at + width + 1)
        stop = space if space > at else at + width
        yield at, stop
        at = stop + (space > at)
    yield at, end


def _any(text: str, at: int, end: int, width: int) -> Iterator[Line]:
    """The same by cells: wide characters take two, combining ones none, joined ones stay together."""
    start, cells, space, spent = at, 0, at, 0  # `spent`: the cells of the line up to its last space, and with it
    for here, after, size in _units(text, at, end):
        blank = text[here:after] == " "
        while cells + size > width and start < here and not blank:
            at_space = space > start
            yield start, space if at_space else here
            start, cells = (space + 1, cells - spent) if at_space else (here, 0)
        if blank and cells + size > width:
            yield start, here
            start, cells = after, 0
            continue
        cells += size
        if blank:
            space, spent = here, cells
    yield start, end


def _units(text: str, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and cells of what cannot be divided: a character with all that is combined or joined with it."""
    while at < end:
        stop, size = at, 0
        while stop == at or (stop < end and (text[stop] in JOINERS or not get_character_cell_size(text[stop]))):
            if text[stop] == JOIN:
                stop += 2
            else:
                size += size == 1 if text[stop] == EMOJI else get_character_cell_size(text[stop])
                stop += 1
        yield at, min(stop, end), size
        at = stop
