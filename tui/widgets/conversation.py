"""The conversation: exchanges under one another, the newest at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from qa.sanitize import line
from tui.widgets.chrome import link
from tui.widgets.exchange import Exchange, State
from tui.widgets.library import told
from tui.widgets.names import MUTED
from vectorstore.articles import counted

if TYPE_CHECKING:
    from qa.conversations import SavedTurn, Summary

SHOWN = 20  # exchanges mounted at once: each costs several widgets, and a long conversation has hundreds

EMPTY = (
    "Ask the archive a question.\n\nEvery sentence of the answer comes with a footnote [1] to the very words of an "
    "article, and the article opens beside it at that place."
)


class ConversationView(VerticalScroll, can_focus=False):
    """Holds the exchanges of one conversation."""

    HINT = "←→ sources  ·  Enter read  ·  F1 help  ·  o open  ·  y copy quote  ·  Y copy answer"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._before: Sequence[SavedTurn] = ()

    def compose(self) -> ComposeResult:
        """What to say while there is nothing to show."""
        yield Static(EMPTY, classes="empty", markup=False)

    @property
    def exchanges(self) -> list[Exchange]:
        """All exchanges that are mounted, oldest first."""
        return list(self.query(Exchange))

    @property
    def last(self) -> Exchange | None:
        """The newest exchange."""
        found = self.exchanges
        return found[-1] if found else None

    async def add(self, exchange: Exchange) -> None:
        """Put an exchange at the end and show it."""
        self.query(".empty").remove()
        await self.mount(exchange)
        self.anchor()

    def show_whole(self, exchange: Exchange) -> None:
        """Begin at the top of an answer that is longer than the pane, where its best quote is."""

        def show() -> None:
            if exchange is self.last and exchange.outer_size.height > self.size.height:
                self.anchor(False)
                self.scroll_to_widget(exchange, top=True, animate=False)

        self.call_after_refresh(show)

    def offer(self, keys: str, summary: Summary) -> None:
        """Say under the greeting which keys go on with an earlier conversation."""
        if not self.exchanges:
            about = Content.styled(f" ({told(summary)})", MUTED)
            text = Content.assemble((keys, "bold"), f" goes on with “{line(summary.title, 60)}”", about)
            self.mount(Static(link(text, "conversation.last"), classes="empty last", markup=False))

    async def restore(self, turns: Sequence[SavedTurn]) -> None:
        """Show a saved conversation in place of what is there."""
        await self.remove_children()
        self._before = turns[:-SHOWN]
        if not turns:
            await self.mount(Static(EMPTY, classes="empty", markup=False))
        if self._before:
            await self.mount(Button(counted(len(self._before), "earlier question"), classes="earlier", compact=True))
        for turn in turns[-SHOWN:]:
            await self._mount(turn)
        self.scroll_end(animate=False)

    async def show_earlier(self) -> None:
        """Put up to `SHOWN` more exchanges above the first one."""
        turns, self._before = self._before[-SHOWN:], self._before[:-SHOWN]
        first = self.exchanges[0]
        for turn in turns:
            await self._mount(turn, before=first)
        button = self.query_one(".earlier", Button)
        if self._before:
            button.label = counted(len(self._before), "earlier question")
        else:
            await button.remove()

    async def _mount(self, turn: SavedTurn, before: Exchange | None = None) -> None:
        exchange = Exchange(turn.question, turn.filter)
        await self.mount(exchange, before=before)
        if turn.answer is not None:
            await exchange.finish(turn.answer)
        else:
            exchange.state = State.STOPPED

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Show what came before."""
        event.stop()
        await self.show_earlier()
