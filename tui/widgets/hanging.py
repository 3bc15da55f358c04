"""Text whose lines hang: what does not fit goes on below, set in, and breaks between words."""

from __future__ import annotations

import re

from textual.content import Content
from textual.geometry import Size
from textual.selection import Selection
from textual.visual import Visual
from textual.widgets import Static

from qa.wrap import hang

PARTING = "\u00a0·"  # ends a part of a line of parts, a space behind it; a line that breaks there does without
_BREAK = re.compile(r"\n +")


def hung(content: Content, width: int, parting: str = "") -> Content:
    """Return the text with a line break wherever it must go on below, as far in as its line's text begins.

    What parts a line's parts is left out where the line breaks.
    """
    lines = [Content(" " * indent) + content[start:end] for start, end, indent in hang(content.plain, width)]
    return Content("\n").join(line.rstrip(parting) if parting else line for line in lines)


class HangingText(Static):
    """A text with hanging lines, unless its style keeps it in one."""

    parting = ""  # what parts the parts of a line, where it has parts

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Count the lines at this width."""
        text = self._hung(width)
        if not isinstance(text, Content):
            return super().get_content_height(container, viewport, width)
        return text.plain.count("\n") + 1 if text.plain else 0

    def render(self) -> Visual:
        """Break the lines for the width that there is."""
        return self._hung(self.content_size.width)

    def _hung(self, width: int) -> Visual:
        text, whole = self.visual, self.styles.text_wrap == "nowrap"
        return text if whole or not width or not isinstance(text, Content) else hung(text, width, self.parting)

    def on_resize(self) -> None:
        """Break the lines again."""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text without the breaks that only the width made."""
        selected = super().get_selection(selection)
        return (_BREAK.sub(" ", selected[0]), selected[1]) if selected else None
