"""The dialog that asks who answers: those that can be asked, and what the others lack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.sanitize import line
from tui.screens.dialogs import ESCAPE
from tui.widgets.names import MUTED

if TYPE_CHECKING:
    from qa.llm.healthcheck import Standing

NOTES = {"extractive": "quotes the articles, without a language model"}


class Answerers(ModalScreen[str | None]):
    """Asks for one of the answerers that lack nothing."""

    BINDINGS: ClassVar[list[BindingType]] = ESCAPE

    def __init__(self, standings: Sequence[Standing], current: str) -> None:
        super().__init__()
        self._standings, self._current = standings, current

    def compose(self) -> ComposeResult:
        """Title and list."""
        with Vertical(classes="dialog wide"):
            yield Static("Who answers", classes="dialog-title", markup=False)
            options = (_option(one, current=one.name == self._current) for one in self._standings)
            yield OptionList(*options, markup=False, compact=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_id)


def _option(one: Standing, *, current: bool) -> Option:
    name = Content.assemble((one.name, "bold"), "  ✓" if current else "")
    notes = [line(part, 300) for part in (one.missing, one.hint) if part] or [NOTES.get(one.name, "")]
    text = Content("\n").join([name, *(Content.styled(note, MUTED) for note in notes if note)])
    return Option(text, id=one.name, disabled=bool(one.missing))
