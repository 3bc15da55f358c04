"""Small dialogs: ask for a line of text, ask whether to go on, choose one of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from qa.sanitize import clean, line

ESCAPE: list[BindingType] = [Binding("escape", "dismiss(None)", "Close", show=False)]


class AskLine(ModalScreen[str | None]):
    """Asks for one line of text; None where the user went back."""

    BINDINGS: ClassVar[list[BindingType]] = ESCAPE

    def __init__(self, title: str, value: str = "", placeholder: str = "", note: str = "") -> None:
        super().__init__()
        self._title, self._value, self._placeholder, self._note = title, value, placeholder, note

    def compose(self) -> ComposeResult:
        """Title, field, buttons."""
        with Vertical(classes="dialog"):
            yield Static(clean(self._title), classes="dialog-title", markup=False)
            yield Input(line(self._value), placeholder=self._placeholder)
            yield Static(clean(self._note), classes="note", markup=False)
            yield buttons("OK")

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def _done(self) -> None:
        self.dismiss(clean(self.query_one(Input).value).strip() or None)

    @on(Button.Pressed, "#no")
    def _cancel(self) -> None:
        self.dismiss(None)


class Confirm(ModalScreen[bool]):
    """Asks whether to go on; the safe answer has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss(False)", "No", show=False),
        Binding("y", "dismiss(True)", "Yes", show=False),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        """Question and buttons."""
        with Vertical(classes="dialog"):
            yield Static(clean(self._question), classes="dialog-title", markup=False)
            yield buttons(self._yes, dangerous=True)

    def on_mount(self) -> None:
        """Enter pressed by mistake does no harm."""
        self.query_one("#no").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "yes")


class Choose(ModalScreen[str | None]):
    """Asks for one of several; the result is the key of the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = ESCAPE

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._choices = title, choices

    def compose(self) -> ComposeResult:
        """Title and list."""
        with Vertical(classes="dialog"):
            yield Static(clean(self._title), classes="dialog-title", markup=False)
            yield OptionList(*(Option(line(text), id=key) for key, text in self._choices), markup=False, compact=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_id)


class ReportDialog(ModalScreen[None]):
    """Shows a longer text to read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "dismiss(None)", "Close", show=False)]

    def __init__(self, title: str, text: str | Content) -> None:
        super().__init__()
        self._title, self._text = title, Content(clean(text)) if isinstance(text, str) else text

    def compose(self) -> ComposeResult:
        """Title, text, one button."""
        with Vertical(classes="dialog wide"):
            yield Static(clean(self._title), classes="dialog-title", markup=False)
            with VerticalScroll():
                yield Static(self._text, markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Close", id="no", compact=True)

    def on_button_pressed(self) -> None:
        """Close."""
        self.dismiss(None)


def buttons(yes: str, dangerous: bool = False) -> Horizontal:
    """Return the row of buttons of a dialog: #yes and #no."""
    go = Button(yes, id="yes", variant="error" if dangerous else "primary", compact=True)
    return Horizontal(go, Button("Cancel", id="no", compact=True), classes="buttons")
