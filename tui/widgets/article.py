"""An article to read: wrapped once, drawn line by line, with the cited spans highlighted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from qa.safe import clean_spans
from tui.wrap import Line, wrap
from vectorstore.articles import Article, Kind

LARGE = 60_000  # characters; wrapping more than this takes longer than a frame, so a thread does it
MARGIN = 3  # lines shown above a highlighted span


@dataclass(frozen=True, slots=True)
class Page:
    """A cleaned text, the spans to highlight, the spans that are not plain paragraphs, and its lines at one width."""

    text: str
    marks: tuple[Line, ...]
    kinds: tuple[tuple[int, int, Kind], ...]
    lines: tuple[Line, ...]
    width: int

    @property
    def first_mark(self) -> int | None:
        """The number of the line where the first highlighted span begins, None where there is none."""
        if not self.marks:
            return None
        return max(bisect_right(self.lines, (self.marks[0][0], len(self.text) + 1)) - 1, 0)


def typeset(article: Article, marks: Sequence[tuple[int, int]], width: int) -> Page:
    """Clean an article and wrap it to `width` cells; `marks` are offsets into its canonical text."""
    odd = [block for block in article.blocks if block.kind is not Kind.PARAGRAPH]
    text, spans = clean_spans(article.text, [*marks, *((block.start, block.end) for block in odd)])
    kinds = tuple((a, b, block.kind) for (a, b), block in zip(spans[len(marks) :], odd, strict=True))
    return Page(text, tuple(sorted(spans[: len(marks)])), kinds, tuple(wrap(text, width)), width)


def rewrap(page: Page, width: int) -> Page:
    """Return the page with its lines at another width."""
    return Page(page.text, page.marks, page.kinds, tuple(wrap(page.text, width)), width)


class ArticleView(ScrollView, can_focus=True):
    """Shows a page; only the lines on screen are ever drawn."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"article--mark", "article--heading", "article--caption"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
        Binding("space", "page_down", "Page down", show=False),
        Binding("b", "page_up", "Page up", show=False),
    ]
    HELP = "The article. The highlighted words are the quote. Arrows, Page keys, j and k scroll; drag to select text."

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.page: Page | None = None

    def show(self, page: Page | None) -> None:
        """Show a page from its first highlighted span, or nothing."""
        self.page = page
        self._fit(page)
        self.scroll_to(0, 0, animate=False)
        if page is not None and page.first_mark is not None:
            self.scroll_to(0, max(page.first_mark - MARGIN, 0), animate=False, force=True)

    def _fit(self, page: Page | None) -> None:
        self.page = page
        self.virtual_size = Size(page.width if page else 0, len(page.lines) if page else 0)
        self.refresh()

    def on_resize(self) -> None:
        """Wrap again when the width has changed."""
        width = self.text_width
        if self.page is None or self.page.width == width:
            return
        if len(self.page.text) <= LARGE:
            self._fit(rewrap(self.page, width))
        else:
            self.run_worker(lambda: self._rewrap(width), thread=True, exclusive=True, exit_on_error=False)

    def _rewrap(self, width: int) -> None:
        if self.page is not None:
            self.app.call_from_thread(self._fit, rewrap(self.page, width))

    @property
    def text_width(self) -> int:
        """The width to typeset for, in cells: what is left beside the scrollbar."""
        return max(self.size.width - (0 if self.show_vertical_scrollbar else 2), 10)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        row = y + self.scroll_offset.y
        width, base = self.size.width, self.rich_style
        if self.page is None or row >= len(self.page.lines):
            return Strip.blank(width, base)
        segments = self._segments(self.page, row, base)
        strip = Strip(segments, sum(cell_len(segment.text) for segment in segments))
        return strip.extend_cell_length(width, base).crop(0, width).apply_offsets(0, row)

    def _segments(self, page: Page, row: int, base: Style) -> list[Segment]:
        start, end = page.lines[row]
        spans = [(a, b, f"article--{kind.value}") for a, b, kind in page.kinds if a < end and b > start]
        spans += [(a, b, "article--mark") for a, b in page.marks if a < end and b > start]
        styles = [(a, b, self.get_visual_style(name).rich_style) for a, b, name in spans]
        if selected := self._selected(row, start, end):
            styles.append((*selected, self.screen.get_component_rich_style("screen--selection")))
        edges = sorted({start, end, *(min(max(edge, start), end) for a, b, _ in styles for edge in (a, b))})
        return [
            Segment(page.text[a:b], sum((style for c, d, style in styles if c <= a and d >= b), base))
            for a, b in pairwise(edges)
        ]

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
