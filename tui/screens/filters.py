"""The dialog that narrows questions to publishers and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Button, Input, SelectionList, Static

from qa.dates import span
from qa.sanitize import line
from tui.screens.dialogs import ESCAPE, buttons
from vectorstore.articles import Filter
from vectorstore.errors import UsageError
from vectorstore.filters import publisher_key


class TickList(SelectionList[str]):
    """A list to tick; a box that is not ticked is blank, where Textual draws its cross in another colour."""

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        drawn = super().render_line(y)
        return Strip([_blank(part) for part in drawn], drawn.cell_length)


def _blank(part: Segment) -> Segment:
    hidden = part.style is not None and part.style.color is not None and part.style.color == part.style.bgcolor
    return Segment(" " * len(part.text), part.style) if hidden else part


class FilterScreen(ModalScreen[Filter | None]):
    """Asks for publisher and days; the result is the whole new filter, None where the user went back."""

    BINDINGS: ClassVar[list[BindingType]] = ESCAPE

    def __init__(self, scope: Filter, publishers: Sequence[str]) -> None:
        super().__init__()
        self._scope = scope
        self._publishers = publishers

    def compose(self) -> ComposeResult:
        """A field for each part of the filter."""
        chosen = {publisher_key(name) for name in self._scope.publishers}
        ticks = [(Content(line(name, 80)), name, publisher_key(name) in chosen) for name in self._publishers]
        with Vertical(classes="dialog"):
            yield Static("Ask only …", classes="dialog-title", markup=False)
            yield Static("Publishers  (Space ticks; none means all)", classes="label", markup=False)
            yield TickList(*ticks, compact=True)
            yield Static("Published since  (2017, 2017-10 or 2017-10-06)", classes="label", markup=False)
            yield Input(self._scope.since or "", placeholder="any time", id="since", compact=True)
            yield Static("Published until", classes="label", markup=False)
            yield Input(self._scope.until or "", placeholder="any time", id="until", compact=True)
            yield Static("Articles without a date pass no date filter.", classes="note", markup=False)
            yield buttons("Use")

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def _done(self) -> None:
        typed = (self.query_one(f"#{name}", Input).value.strip() or None for name in ("since", "until"))
        try:
            since, until = span(*typed)
        except UsageError as error:
            self.query_one(".note", Static).add_class("wrong").update(line(f"{error.message} {error.hint}", 200))
            return
        publishers = tuple(self.query_one(TickList).selected)
        articles = () if publishers else self._scope.articles
        self.dismiss(replace(self._scope, publishers=publishers, articles=articles, since=since, until=until))

    @on(Button.Pressed, "#no")
    def _cancel(self) -> None:
        self.dismiss(None)
