"""The dialog that finds as one types and gives one of what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from qa.sanitize import clean, line
from tui.find import Find, Found
from vectorstore.errors import AppError

Value = TypeVar("Value")


class Pick(ModalScreen[Value | None]):
    """A field and under it what `find` found for its text; `find` is called in a thread."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("down", "move(1)", "Next", show=False),
        Binding("up", "move(-1)", "Previous", show=False),
    ]

    @dataclass
    class EntriesCame(Message):
        """What was found, or why nothing could be."""

        found: Sequence[Found[Any]]
        note: str

    def __init__(self, title: str, find: Find[Value], placeholder: str = "", note: str = "") -> None:
        super().__init__()
        self._title, self._find, self._placeholder, self._note = title, find, placeholder, note
        self._found: Sequence[Found[Value]] = ()

    def compose(self) -> ComposeResult:
        """Title, field, list, and a line that says what is there."""
        with Vertical(classes="dialog wide"):
            yield Static(clean(self._title), classes="dialog-title", markup=False)
            yield Input(placeholder=self._placeholder, compact=True)
            yield OptionList(markup=False, compact=True)
            yield Static(self._note, classes="note", markup=False)

    def on_mount(self) -> None:
        """Show what is there before anything is typed."""
        self._seek("")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._seek(line(event.value))

    def _seek(self, text: str) -> None:
        self.run_worker(partial(self._work, text), thread=True, exclusive=True, exit_on_error=False)

    def _work(self, text: str) -> None:
        worker = get_current_worker()
        try:
            found, note = self._find(text), "Nothing found." if text else self._note
        except AppError as error:
            found, note = (), f"{error.message} {error.hint}"
        if not worker.is_cancelled:
            self.post_message(self.EntriesCame(found, "" if found else note))

    @on(EntriesCame)
    def _came(self, event: EntriesCame) -> None:
        self._found = event.found
        listing = self.query_one(OptionList)
        listing.clear_options().add_options([Option(one.shown, id=str(at)) for at, one in enumerate(event.found)])
        listing.action_first()
        listing.display = bool(event.found)
        note = self.query_one(".note", Static)
        note.update(clean(event.note))
        note.display = bool(event.note)

    def action_move(self, step: int) -> None:
        """Go up or down in the list while the field keeps the focus."""
        listing = self.query_one(OptionList)
        listing.action_cursor_down() if step > 0 else listing.action_cursor_up()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[int(event.option_id or 0)].value)
