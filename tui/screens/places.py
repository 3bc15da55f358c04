"""The dialog that asks where articles are: it stays until what is typed is there, or the user goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button, Static
from textual.worker import get_current_worker

from qa.sanitize import line
from tui.places import fault, places
from tui.screens.dialogs import ESCAPE, buttons
from tui.widgets.pathfield import PathField

NOTE = (
    "A folder with all that is in it, files, or web addresses; several with blanks between, names with blanks in "
    "quotes. Tab completes."
)


class AskPlaces(ModalScreen[Sequence[str] | None]):
    """Asks for folders, files and web addresses; the result are those that are there."""

    BINDINGS: ClassVar[list[BindingType]] = ESCAPE

    @dataclass
    class PlacesChecked(Message):
        """It was looked up whether the places are there; `wrong` says what is not."""

        typed: str
        wrong: str
        places: Sequence[str]

    def compose(self) -> ComposeResult:
        """Title, field, note, buttons."""
        with Vertical(classes="dialog wide"):
            yield Static("Add articles", classes="dialog-title", markup=False)
            yield PathField("~/articles")
            yield Static(NOTE, classes="note", markup=False)
            yield buttons("Add")

    def _say(self, text: str, wrong: bool = False) -> None:
        self.query_one(".note", Static).set_class(wrong, "wrong").update(line(text, 400))

    @on(PathField.Submitted)
    @on(Button.Pressed, "#yes")
    def _check(self) -> None:
        typed = self.query_one(PathField).value
        self.run_worker(lambda: self._look(typed), thread=True, exclusive=True, exit_on_error=False)

    def _look(self, typed: str) -> None:
        worker = get_current_worker()
        wrong = fault(typed)
        if not worker.is_cancelled:
            self.post_message(self.PlacesChecked(typed, wrong, places(typed)))

    def on_ask_places_places_checked(self, event: PlacesChecked) -> None:
        """Say what is wrong, or go on."""
        if event.typed != self.query_one(PathField).value:
            return
        if event.wrong:
            self._say(event.wrong, wrong=True)
        else:
            self.dismiss(event.places)

    @on(PathField.Edited)
    def _edited(self) -> None:
        self._say(NOTE)

    @on(Button.Pressed, "#no")
    def _cancel(self) -> None:
        self.dismiss(None)
