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

    shown = Text()
    for piece, is_marked in text.pieces():
        shown.append(piece, "bold" if is_marked else None)
    shown.highlight_regex(rf"(?m)^{BYLINE}.*$", "dim")
    Console(no_color=not color).print(shown, soft_wrap=True)
