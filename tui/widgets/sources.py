"""The sources of the chosen answer: a list, and the article of the chosen one opened at its passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static

from qa.sanitize import clean, line, web_address
from tui.widgets.article import ArticleView, TypesetArticle
from tui.widgets.chrome import link
from tui.widgets.findbar import FindBar
from tui.widgets.names import MUTED, name_of, origin
from tui.widgets.sourcelist import Group, Source, SourceList
from vectorstore.articles import Filter, Reference


class Sources(Vertical):
    """The list and the article; knows nothing of where articles come from."""

    HINT = "Enter read  ·  / find  ·  F1 help  ·  o open  ·  y copy quote  ·  r related"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "end_find", "End the search", show=False)]

    @dataclass
    class SourceChosen(Message):
        """A source was chosen and its article is to be fetched; `open` where the reader wants to read it."""

        source: Source
        open: bool = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes="empty unlisted")
        self.current: Source | None = None
        self._in_list = False  # what is sought is sought in the list, not in the article

    def compose(self) -> ComposeResult:
        """Title, list, head of the article, article, and what can be done with it."""
        yield Static("Sources", classes="title", markup=False)
        yield SourceList(id="source-list")
        yield Static("", id="article-head", markup=False)
        yield ArticleView(id="article")
        yield FindBar()
        yield Static(_actions(), classes="actions")

    async def furnish(self) -> None:
        """Put in what the first frame can do without."""
        await self.query_one(FindBar).furnish()

    def clear(self) -> None:
        """Show no sources."""
        self._show_head(None)
        self.fill("Sources", ())

    def fill(self, title: str, groups: Sequence[Group]) -> None:
        """Show groups of sources."""
        self.query_one(".title", Static).update(line(title))
        if self._in_list:
            self._end_find()
        self._list.lay_out(groups)
        self.set_class(not self._list.sources, "unlisted")

    def tick(self, scope: Filter) -> None:
        """Show which articles the next question is asked of."""
        self._list.tick(scope)

    def choose(self, number: int | None) -> None:
        """Choose the source with this marker, or the first one."""
        self.choose_at(next((at for at, one in enumerate(self._list.sources) if one.number == number), 0))

    def choose_at(self, at: int) -> None:
        """Choose the `at`-th source of those that were given."""
        if at < len(self._list.sources):
            self._list.reveal(at)
            self._want(self._list.sources[at])

    @property
    def _list(self) -> SourceList:
        return self.query_one(SourceList)

    def look_at(self, source: Source) -> None:
        """Choose a source that is not in the list."""
        self._want(source)

    def show(self, source: Source, page: TypesetArticle | None, note: str = "") -> None:
        """Show the fetched article of the chosen source; without a page the quote itself, and why."""
        if source.article.id != (self.current.article.id if self.current else None):
            return  # the reader has gone on
        title = name_of(source.article, 200)
        titled = page is not None and page.text.lstrip().startswith(title)  # the article says it itself
        self._show_head(source, note, "" if titled else title)
        self.query_one(ArticleView).show(page)
        self._find_again()

    def mark_stale(self, sources: Sequence[Source]) -> None:
        """Mark those of the list whose quote is no longer where it was."""
        self._list.mark_stale({(one.article.id, one.start, one.end) for one in sources})

    def focus_list(self) -> None:
        """Go to the list, or to the article where there is no list."""
        listing = self.query_one("#source-list")
        (listing if listing.display else self.query_one(ArticleView)).focus()

    def focus_article(self) -> None:
        """Go to the article."""
        self.query_one(ArticleView).focus()

    def find(self) -> None:
        """Find in the list where that has the focus, else in the article."""
        self._in_list = self.query_one(SourceList).has_focus
        self.add_class("finding")
        self.query_one(FindBar).open("Find in the list" if self._in_list else "Find in the article")

    @on(FindBar.Sought)
    def _sought(self, event: FindBar.Sought) -> None:
        event.stop()
        if self._in_list:
            self._narrow(event.text)
        else:
            self.query_one(ArticleView).find(event.text)
            self._count_places()

    def _find_again(self) -> None:
        """Find in the article that has come what was sought in the one before."""
        if not self._in_list and (sought := self.query_one(FindBar).sought):
            self.query_one(ArticleView).find(sought)
            self._count_places()

    def _count_places(self) -> None:
        article = self.query_one(ArticleView)
        self.query_one(FindBar).show(article.place + 1, len(article.found))

    def _narrow(self, sought: str) -> None:
        listing = self.query_one(SourceList)
        count = listing.narrow(sought)
        listing.action_first()
        self.query_one(FindBar).show(1, count if sought else 0)

    @on(FindBar.StepWanted)
    def _step(self, event: FindBar.StepWanted) -> None:
        event.stop()
        if self._in_list:
            self.query_one(SourceList).focus()
        else:
            self.query_one(ArticleView).step(event.step)
            self._count_places()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let Escape end a search only where there is one."""
        return super().check_action(action, parameters) and (action != "end_find" or self.query_one(FindBar).display)

    def action_end_find(self) -> None:
        """End the search and go back to what was searched."""
        self._end_find()

    def _end_find(self) -> None:
        """Put the bar away, and what it has found."""
        bar = self.query_one(FindBar)
        if bar.has_focus_within:
            self.focus_list() if self._in_list else self.focus_article()
        bar.display = False
        self.remove_class("finding")
        self.query_one(SourceList).narrow("")
        self.query_one(ArticleView).find("")

    @property
    def reading(self) -> bool:
        """Whether the article has the focus."""
        return self.query_one(ArticleView).has_focus

    @property
    def tells_letters(self) -> bool:
        """Whether the line that names the letters is in view."""
        return any(named.region for named in self.query(".actions"))

    @property
    def text_width(self) -> int:
        """The width to typeset articles for."""
        return self.query_one(ArticleView).text_width

    def _want(self, source: Source, open: bool = False) -> None:  # noqa: A002 - what it means
        self.current = source
        self.post_message(self.SourceChosen(source, open))

    def _show_head(self, source: Source | None, note: str = "", title: str = "") -> None:
        head = self.query_one("#article-head", Static)
        head.update(_head(source, note, title) if source else "")
        self.set_class(source is None, "empty")

    @on(OptionList.OptionHighlighted, "#source-list")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        source = self._list.at(event.option_id)
        if source is not None and source != self.current:
            self._want(source)

    @on(OptionList.OptionSelected, "#source-list")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        source = self._list.at(event.option_id)
        if source is None:
            self._list.unfold()
        else:
            self._want(source, open=True)


def place(article: Reference) -> str:
    """Return the article's address, or its source with the user's home folder as ~."""
    home = str(Path.home())
    source = article.source
    return web_address(article.url) or line(f"~{source[len(home) :]}" if source.startswith(f"{home}/") else source, 200)


def _head(source: Source, note: str, title: str) -> Content:
    article = source.article
    parts = [Content.styled(title, "bold")] if title else []
    if where := origin(article):
        parts.append(Content(where))
    parts.append(Content.styled(place(article), MUTED))
    if note:
        parts.append(Content.styled(clean(note), "$warning"))
    return Content("\n").join(parts)


def _actions() -> Content:
    clicks = (
        ("o", "open", "source.open"),
        ("y", "quote", "source.copy"),
        ("n", "keep", "note.keep"),
        ("Y", "answer", "answer.copy"),
        ("r", "related", "source.related"),
        ("f", "only", "filter.article"),
    )
    return Content("  ").join(link(Content.assemble((key, "bold"), f" {text}"), name) for key, text, name in clicks)
