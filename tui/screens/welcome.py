"""The first run: an archive that is still empty."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.screens.dialogs import ESCAPE
from tui.widgets.names import MUTED

_TEXT = (
    "Footnote answers questions from your own articles. Every sentence of an answer carries a footnote to the very "
    "words it rests on. Nothing leaves this machine unless you choose a hosted language model.\n\n"
    "The archive is still empty. How shall it begin?"
)


class Welcome(ModalScreen[str | None]):
    """Asks what to begin with: "demo", "own", or None for later."""

    BINDINGS: ClassVar[list[BindingType]] = ESCAPE

    def compose(self) -> ComposeResult:
        """A greeting and three ways to go on."""
        with Vertical(classes="dialog"):
            yield Static("Welcome to Footnote", classes="dialog-title", markup=False)
            yield Static(_TEXT, markup=False)
            yield OptionList(
                _choice("demo", "Try it out", "five short articles, in an archive apart from yours"),
                _choice("own", "Add articles of your own", "folders and files of this machine, pages of the web"),
                _choice("later", "Look around first", "F7 adds articles at any time"),
                markup=False,
                compact=True,
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on."""
        self.dismiss(None if event.option_id == "later" else event.option_id)


def _choice(key: str, title: str, note: str) -> Option:
    return Option(Content.assemble((title, "bold"), "\n", (note, MUTED)), id=key)
