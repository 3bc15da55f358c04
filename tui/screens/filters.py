"""The dialog that narrows questions to publishers and days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Select, Static

from qa.safe import line
from tui.screens.dialogs import ESCAPE, buttons
from vectorstore.articles import Filter

_DAY = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")


def first_day(text: str) -> str | None:
    """Return YYYY, YYYY-MM or YYYY-MM-DD (slashes too) as its first day, None for nothing; raises ValueError."""
    return _day(text, last=False)


def last_day(text: str) -> str | None:
    """Return YYYY, YYYY-MM or YYYY-MM-DD (slashes too) as its last day, None for nothing; raises ValueError."""
    return _day(text, last=True)


def _day(text: str, last: bool) -> str | None:
    from calendar import monthrange
    from datetime import date

    if not text.strip():
        return None
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    year = int(found[1])
    month = int(found[2] or (12 if last else 1))
    day = int(found[3]) if found[3] else monthrange(year, month)[1] if last else 1
    return date(year, month, day).isoformat()


class FilterScreen(ModalScreen[Filter | None]):
    """Asks for publisher and days; the result is the whole new filter, None where the user went back."""

    BINDINGS: ClassVar[list[BindingType]] = ESCAPE

    def __init__(self, scope: Filter, publishers: Sequence[str]) -> None:
        super().__init__()
        self._scope = scope
        self._publishers = publishers

    def compose(self) -> ComposeResult:
        """A field for each part of the filter."""
        known = {name.casefold(): name for name in self._publishers}
        chosen = known.get((self._scope.publisher or "").casefold())
        options = [(Content(line(name, 80)), name) for name in self._publishers]
        with Vertical(classes="dialog"):
            yield Static("Ask only …", classes="dialog-title", markup=False)
            yield Static("Publisher", classes="label", markup=False)
            yield Select(options, value=chosen or Select.NULL, prompt="every publisher", compact=True)
            yield Static("Published since  (2017, 2017-10 or 2017-10-06)", classes="label", markup=False)
            yield Input(self._scope.since or "", placeholder="any time", id="since", compact=True)
            yield Static("Published until", classes="label", markup=False)
            yield Input(self._scope.until or "", placeholder="any time", id="until", compact=True)
            yield Static("Articles without a date pass no date filter.", classes="note", markup=False)
            yield buttons("Use")

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def _done(self) -> None:
        note = self.query_one(".note", Static)
        try:
            since = first_day(self.query_one("#since", Input).value)
            until = last_day(self.query_one("#until", Input).value)
        except ValueError as error:
            note.add_class("wrong")
            note.update(f"Not a day: {line(str(error), 60)}. Write 2017, 2017-10 or 2017-10-06.")
            return
        if since and until and since > until:
            note.add_class("wrong")
            note.update("“Since” is later than “until”: nothing would be left.")
            return
        chosen = self.query_one(Select).value
        publisher = chosen if isinstance(chosen, str) else None
        self.dismiss(replace(self._scope, publisher=publisher, since=since, until=until))

    @on(Button.Pressed, "#no")
    def _cancel(self) -> None:
        self.dismiss(None)
