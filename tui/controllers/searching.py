"""Finding: in what has the focus, and in the full text of the archive, by words alone: it needs no model."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from qa.marks import Marked
from qa.sanitize import clean_marked
from qa.types import Match
from tui.controllers.context import Context
from tui.controllers.reading import ReadingController
from tui.find import Found, snippet
from tui.widgets.names import MUTED, name_of, origin
from tui.widgets.sourcelist import Source

LENGTH = 160  # characters of a passage in the list
NOTE = "Every word must be there; the last one may be the beginning of one."


class SearchingController:
    """Lists the passages that have the words one types, and opens the chosen one in its article."""

    def __init__(self, context: Context, reading: ReadingController) -> None:
        self._context, self._reading = context, reading

    def find(self) -> None:
        """Find where the focus is: in the whole archive from its tree, else in the list or the article."""
        panes = self._context.panes
        if panes.library.in_archive:
            self.ask()
        elif panes.library.in_conversations:
            panes.library.focus_search()
        elif panes.sources.current is None:
            self._context.say("Open an article first.", warning=True)
        else:
            panes.find()

    def ask(self) -> None:
        """Search the archive while the words are being typed."""
        self._context.dialogs.pick("Search the archive", self._find, self._open, "words of any article", NOTE)

    def _find(self, words: str) -> Sequence[Found[Match]]:
        return [Found(entry(match), match) for match in self._context.archive.find(words)]

    def _open(self, match: Match) -> None:
        hit = match.hit
        first = match.spans[0][0] if match.spans else hit.start
        spans = ((one.start, one.end) for one in hit.sentences if one.start <= first < one.end)
        start, end = next(spans, (hit.start, hit.end))
        quote = hit.text[start - hit.start : end - hit.start]
        answers = tuple((a, b) for a, b in match.spans if start <= a and b <= end)
        self._reading.read_at(Source(hit.article, start, end, quote, answers=answers))


def entry(match: Match) -> Content:
    """Return a passage as three lines of a list: its article's title, publisher and day, and the words in place."""
    hit = match.hit
    spans = tuple((start - hit.start, end - hit.start) for start, end in match.spans)
    flat = clean_marked(Marked(hit.text, spans)).on_one_line()
    text, places = snippet(flat.text, flat.spans, LENGTH)
    shown = Content(text)
    for start, end in places:
        shown = shown.stylize("bold $accent", start, end)
    head = Content.assemble((name_of(hit.article, 80), "bold"), "  ", (origin(hit.article) or "undated", MUTED))
    return Content.assemble(head, "\n", shown)
