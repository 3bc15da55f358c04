"""The dialog about the feeds that an archive follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from qa.sanitize import clean, line
from tui.places import is_address
from tui.screens.dialogs import ESCAPE
from tui.widgets.library import ago
from tui.widgets.names import MUTED

if TYPE_CHECKING:
    from qa.ingest.web.following import Followed

NOTE = "A feed, a sitemap, or a page that names its feed. New pages come in when you fetch them, never by themselves."


class Feeds(ModalScreen[tuple[str, str] | None]):
    """Asks what to do: ("add", address), ("remove", address), or ("fetch", "") for what is new in all of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *ESCAPE,
        Binding("delete", "remove", "Follow it no longer", show=False, id="feeds.remove"),
    ]

    def __init__(self, feeds: Sequence[Followed]) -> None:
        super().__init__()
        self._feeds = feeds

    def compose(self) -> ComposeResult:
        """What is followed, a field for one more, buttons."""
        with Vertical(classes="dialog wide"):
            yield Static(f"Feeds  {len(self._feeds) or ''}", classes="dialog-title", markup=False)
            yield Input(placeholder="https://example.org/feed", compact=True)
            yield OptionList(*map(_option, self._feeds), markup=False, compact=True)
            yield Static(NOTE, classes="note", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Follow", id="yes", variant="primary", compact=True)
                yield Button("Fetch now", id="fetch", disabled=not self._feeds, compact=True)
                yield Button("Remove", id="remove", disabled=not self._feeds, compact=True)
                yield Button("Close", id="no", compact=True)

    def on_mount(self) -> None:
        """Show no empty list."""
        self.query_one(OptionList).display = bool(self._feeds)

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def _follow(self) -> None:
        address = clean(self.query_one(Input).value).strip()
        if is_address(address):
            self.dismiss(("add", address))
        else:
            self._complain("Type a web address that begins with https:// or http://")

    @on(Button.Pressed, "#fetch")
    def _fetch(self) -> None:
        self.dismiss(("fetch", ""))

    @on(Button.Pressed, "#remove")
    def action_remove(self) -> None:
        """Follow the highlighted feed no longer."""
        chosen = self.query_one(OptionList).highlighted
        if chosen is None:
            self._complain("Choose a feed of the list first.")
        else:
            self.dismiss(("remove", self._feeds[chosen].address))

    @on(Button.Pressed, "#no")
    def _close(self) -> None:
        self.dismiss(None)

    def _complain(self, text: str) -> None:
        self.query_one(".note", Static).add_class("wrong").update(text)


def _option(feed: Followed) -> Option:
    looked = f"fetched {ago(feed.looked)}" if feed.looked else "not fetched yet"
    name = Content(line(feed.title, 80) or line(feed.address, 80)).stylize("bold")
    return Option(Content.assemble(name, "\n", Content.styled(f"  {line(feed.address, 100)} · {looked}", MUTED)))
