"""Break a text into lines of a given width: fast enough for a 2 MB article, and lines are spans, not copies."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, get_character_cell_size

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


def _is_narrow(text: str) -> bool:
    """Tell whether every character takes one cell, so that cells can be counted as characters."""
    return text.isascii() or cell_len(text) == len(text) == sum(map(get_character_cell_size, text))


def _narrow(text: str, at: int, end: int, width: int) -> Iterator[Line]:
    while end - at > width:
        space = text.rfind(" ", at + 1, at + width + 1)
        stop = space if space > at else at + width
        yield at, stop
        at = stop + (space > at)
    yield at, end


def _any(text: str, at: int, end: int, width: int) -> Iterator[Line]:
    """The same by cells: wide characters take two, combining ones none and stay with what they combine with."""
    start, cells, space, here = at, 0, -1, at
    while here < end:
        size = get_character_cell_size(text[here])
        if cells + size > width and text[here] != " ":
            stop = space if space > start else here
            yield start, stop
            start = stop + (space > start)
            cells, space = _cells(text, start, here), -1
            continue
        if text[here] == " ":
            if cells + size > width:
                yield start, here
                start, cells, space = here + 1, 0, -1
                here += 1
                continue
            space = here
        cells += size
        here += 1
    yield start, end


def _cells(text: str, start: int, end: int) -> int:
    return sum(map(get_character_cell_size, text[start:end]))
