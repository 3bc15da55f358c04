"""Marked text on standard output: bold where somebody reads it, plain where a program does."""

from __future__ import annotations

import sys

from qa.answer.compose import BYLINE
from qa.marks import Marked


def show(text: Marked, *, color: bool = True) -> None:
    """Print a text that is clean already; what is marked is bold on a terminal, and as everything else in a pipe."""
    if not sys.stdout.isatty():
        print(text.text)
        return
    from rich.console import Console  # 20 ms, which what is piped must not wait for
    from rich.text import Text

    from qa.wrap import hang

    shown = Text()
    for piece, is_marked in text.pieces():
        shown.append(piece, "bold" if is_marked else None)
    shown.highlight_regex(rf"(?m)^{BYLINE}.*$", "dim")
    console = Console(no_color=not color)
    for row in shown.split("\n", allow_blank=True):
        whole = [(0, len(row), 0)]  # a link is followed whole or not at all
        for start, end, indent in whole if "://" in row.plain else hang(row.plain, console.width):
            console.print(Text(" " * indent) + row[start:end], soft_wrap=True)
