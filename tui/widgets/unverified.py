"""What a model has written and nobody has verified yet: shown apart, and never part of the answer."""

from __future__ import annotations

import re

from textual.content import Content
from textual.widgets import Static

from qa.sanitize import clean
from qa.types import Statement

FRAME = 1 / 15  # seconds between two drawings; a model may send hundreds of pieces in one
LONGEST = 4_000  # characters that are kept and shown; a model that never ends a sentence is only seen at its end
_MARKERS = re.compile(r"\s*\[[^\[\]\n]{0,40}\]")
_END = re.compile(r"(?:[^\w\s\[]|\s*\[[^\[\]\n]{0,40}\])*\s*")  # what closes a sentence: marks, quotes, footnotes


class UnverifiedText(Static):
    """Pending text: pieces come in, verified sentences take their part of it away."""

    def __init__(self) -> None:
        super().__init__("", classes="draft", markup=False)
        self.pending = ""
        self._due = False

    def on_mount(self) -> None:
        """Begin hidden."""
        self._draw()

    def add(self, piece: str) -> None:
        """Take one more piece; it is drawn with the next ones."""
        self.pending = (self.pending + piece)[-LONGEST:]
        self._draw_soon()

    def settle(self, statement: Statement) -> None:
        """Take away what is pending up to the end of this sentence."""
        self.pending = rest(self.pending, statement.text)
        self._draw()

    def drop(self) -> None:
        """Take everything away."""
        self.pending = ""
        self._draw()

    def _draw_soon(self) -> None:
        if not self.display:
            self._draw()
        elif not self._due:
            self._due = True
            self.set_timer(FRAME, self._draw)

    def _draw(self) -> None:
        self._due = False
        text = clean(self.pending).strip()  # as a whole: a sequence may come in two pieces
        self.display = bool(text)
        self.update(Content(f"… {text}"))


def rest(pending: str, sentence: str) -> str:
    """Return what of the pending text comes after the sentence; nothing where the sentence is not in it.

    Only letters and digits are compared: markers, marks and spaces of a verified sentence may differ from its draft.
    """
    wanted = [text for text, _ in _letters(sentence)]
    drafted = list(_letters(pending))
    at = "".join(text for text, _ in drafted).find("".join(wanted)) if wanted else -1
    if at < 0:
        return ""
    end = drafted[at + len(wanted) - 1][1] + 1
    closed = _END.match(pending, end)
    return pending[closed.end() if closed else end :]


def _letters(text: str) -> list[tuple[str, int]]:
    """Return each letter and digit outside markers, in one form, with its place."""
    without = _MARKERS.sub(lambda found: " " * len(found[0]), text)
    return [(character.lower()[:1], at) for at, character in enumerate(without) if character.isalnum()]
