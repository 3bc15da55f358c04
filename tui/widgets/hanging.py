"""Text whose lines hang: what does not fit goes on below, set in, and breaks between words."""

from __future__ import annotations

import re

from textual.content import Content
from textual.geometry import Size
from textual.selection import Selection
from textual.visual import Visual
from textual.widgets import Static

from qa.wrap import hang

_BREAK = re.compile(r"\n +")


def hung(content: Content, width: int) -> Content:
    """Return the text with a line break wherever it must go on below, as far in as its line's text begins."""
    lines = [Content(" " * indent) + content[start:end] for start, end, indent in hang(content.plain, width)]
    return Content("\n").join(lines)


class HangingText(Static):
    """A text with hanging lines."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Count the lines at this width."""
        text = self.visual
        if not isinstance(text, Content) or not width:
            return super().get_content_height(container, viewport, width)
        return hung(text, width).plain.count("\n") + 1 if text.plain else 0

    def render(self) -> Visual:
        """Break the lines for the width that there is."""
        text, width = self.visual, self.content_size.width
        return hung(text, width) if isinstance(text, Content) and width else text

    def on_resize(self) -> None:
        """Break the lines again."""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text without the breaks that only the width made."""
        selected = super().get_selection(selection)
        return (_BREAK.sub(" ", selected[0]), selected[1]) if selected else None
