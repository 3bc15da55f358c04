"""An article to read: wrapped once, drawn line by line, with the cited spans highlighted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from qa.sanitize import clean_spans
from qa.wrap import Line, wrap
from tui.find import occurrences
from vectorstore.articles import Article, BlockKind

LARGE = 60_000  # characters; wrapping more than this takes longer than a frame, so a thread does it
MARGIN = 3  # lines shown above a highlighted span


@dataclass(frozen=True, slots=True)
class TypesetArticle:
    """A cleaned text, the spans to highlight, the spans that are not plain paragraphs, and its lines at one width.

    `answers` are the words of the highlighted spans that answer.
    """

    text: str
    marks: tuple[Line, ...]
    kinds: tuple[tuple[int, int, BlockKind], ...]
    lines: tuple[Line, ...]
    width: int
    answers: tuple[Line, ...] = ()

    @property
    def first_mark(self) -> int | None:
        """The number of the line where the first highlighted span begins, None where there is none."""
        return self.row_of(self.marks[0][0]) if self.marks else None

    def row_of(self, at: int) -> int:
        """Return the number of the line that holds this character."""
        return max(bisect_right(self.lines, (at, len(self.text) + 1)) - 1, 0)


def typeset(article: Article, marks: Sequence[Line], width: int, answers: Sequence[Line] = ()) -> TypesetArticle:
    """Clean an article and wrap it to `width` cells; `marks` and `answers` are offsets into its canonical text."""
    odd = [block for block in article.blocks if block.kind is not BlockKind.PARAGRAPH]
    text, spans = clean_spans(article.text, [*marks, *answers, *((block.start, block.end) for block in odd)])
    first, last = len(marks), len(marks) + len(answers)
    kinds = tuple((a, b, block.kind) for (a, b), block in zip(spans[last:], odd, strict=True))
    return TypesetArticle(
        text, tuple(sorted(spans[:first])), kinds, tuple(wrap(text, width)), width, tuple(spans[first:last])
    )


def rewrap(page: TypesetArticle, width: int) -> TypesetArticle:
    """Return the page with its lines at another width."""
    return replace(page, lines=tuple(wrap(page.text, width)), width=width)


class ArticleView(ScrollView, can_focus=True):
    """Shows a page; only the lines on screen are ever drawn."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("article--mark", "article--answer", "article--heading", "article--caption"),
        *("article--found", "article--place"),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False, id="article.down"),
        Binding("k", "scroll_up", "Up", show=False, id="article.up"),
        Binding("space", "page_down", "Page down", show=False, id="article.page_down"),
        Binding("b", "page_up", "Page up", show=False, id="article.page_up"),
    ]
    HINT = "Esc back  ·  / find  ·  F1 help  ·  o open  ·  y copy quote  ·  r related"
    HELP = (
        "The article. The highlighted words are the quote, bold those that answer. "
        "Arrows, PgUp and PgDn scroll, / finds words; drag to select text."
    )

    @dataclass
    class Rewrapped(Message):
        """A long page was wrapped to another width in a thread."""

        page: TypesetArticle
        again: TypesetArticle

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.page: TypesetArticle | None = None
        self.found: tuple[Line, ...] = ()  # where the text has what is sought
        self.place = 0  # the current one of them
        self._shown_at = 0

    def show(self, page: TypesetArticle | None) -> None:
        """Show a page from its first highlighted span, or nothing."""
        self.found = ()
        self._fit(page, page.first_mark if page else None)
        self._wrap_again()  # the page may have been set for a width that is no longer ours

    def find(self, sought: str) -> None:
        """Highlight every place that has the sought words, and show the first one from here on."""
        page = self.page
        self.found = occurrences(page.text, sought) if page else ()
        top = page.lines[min(self.scroll_offset.y, len(page.lines) - 1)][0] if page else 0
        self.place = bisect_left(self.found, (top, 0)) % max(len(self.found), 1)
        self.step(0)

    def step(self, step: int) -> None:
        """Show the place `step` further on; after the last one comes the first."""
        if self.page is not None and self.found:
            self.place = (self.place + step) % len(self.found)
            row = self.page.row_of(self.found[self.place][0])
            if not self.scroll_offset.y <= row < self.scroll_offset.y + self.size.height:
                self.scroll_to(0, max(row - MARGIN, 0), animate=False, force=True)
        self.refresh()

    def _fit(self, page: TypesetArticle | None, row: int | None) -> None:
        """Take the page and show this line of it a little below the top."""
        self.page = page
        self.virtual_size = Size(page.width if page else 0, len(page.lines) if page else 0)
        self.refresh()
        self._shown_at = max((row or 0) - MARGIN, 0)
        self.scroll_to(0, self._shown_at, animate=False, force=True)

    def on_resize(self) -> None:
        """Wrap again when the width has changed."""
        self._wrap_again()

    def _wrap_again(self) -> None:
        page, width = self.page, self.text_width
        if page is None or page.width == width:
            return
        if len(page.text) <= LARGE:
            self._refit(page, rewrap(page, width))
        else:
            self.run_worker(lambda: self._rewrap(page, width), thread=True, exclusive=True, exit_on_error=False)

    def _rewrap(self, page: TypesetArticle, width: int) -> None:
        self.post_message(self.Rewrapped(page, rewrap(page, width)))

    @on(Rewrapped)
    def _rewrapped(self, event: Rewrapped) -> None:
        event.stop()
        if self.page is event.page:
            self._refit(event.page, event.again)

    def _refit(self, page: TypesetArticle, again: TypesetArticle) -> None:
        """Show the page at its new width where it was: at its mark, or at the line that the reader had scrolled to."""
        row = min(self.scroll_offset.y + MARGIN, len(page.lines) - 1)
        moved = self.scroll_offset.y not in (self._shown_at, self.max_scroll_y)
        self._fit(again, again.row_of(page.lines[row][0]) if moved else again.first_mark)

    @property
    def text_width(self) -> int:
        """The width to typeset for, in cells: what is left beside the scrollbar, whether or not it is there."""
        return max(self.outer_size.width - 2, 10)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        row = y + self.scroll_offset.y
        width, base = self.size.width, self.rich_style
        if self.page is None or row >= len(self.page.lines):
            return Strip.blank(width, base)
        segments = self._segments(self.page, row, base)
        strip = Strip(segments, sum(cell_len(segment.text) for segment in segments))
        return strip.extend_cell_length(width, base).crop(0, width).apply_offsets(0, row)

    def _segments(self, page: TypesetArticle, row: int, base: Style) -> list[Segment]:
        start, end = page.lines[row]
        spans = [(a, b, f"article--{kind.value}") for a, b, kind in page.kinds if a < end and b > start]
        spans += [(a, b, "article--mark") for a, b in page.marks if a < end and b > start]
        spans += [(a, b, "article--answer") for a, b in page.answers if a < end and b > start]
        spans += self._found_in(start, end)
        styles = [(a, b, self.get_visual_style(name).rich_style) for a, b, name in spans]
        if selected := self._selected(row, start, end):
            styles.append((*selected, self.screen.get_component_rich_style("screen--selection")))
        edges = sorted({start, end, *(min(max(edge, start), end) for a, b, _ in styles for edge in (a, b))})
        return [
            Segment(page.text[a:b], sum((style for c, d, style in styles if c <= a and d >= b), base))
            for a, b in pairwise(edges)
        ]

    def _found_in(self, start: int, end: int) -> list[tuple[int, int, str]]:
        first, last = bisect_left(self.found, (start, 0)), bisect_left(self.found, (end, 0))
        places = range(max(first - 1, 0), last)  # the one before may reach into this line
        return [(*self.found[n], "article--place" if n == self.place else "article--found") for n in places]

    def _selected(self, row: int, start: int, end: int) -> tuple[int, int] | None:
        selection = self.text_selection
        span = selection.get_span(row) if selection is not None else None
        if span is None:
            return None
        return start + span[0], end if span[1] == -1 else min(start + span[1], end)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, as Textual's copying asks for it."""
        if self.page is None:
            return None
        return selection.extract("\n".join(self.page.text[a:b] for a, b in self.page.lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's signature
        """Draw the selection."""
        self.refresh()
