"""The notebook's list: the quotes that were kept, and what can be done with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.answer.compose import quoted
from qa.sanitize import line
from tui.widgets.names import MUTED, byline, name_of
from vectorstore.articles import counted

if TYPE_CHECKING:
    from qa.notes import Note

LONGEST = 400  # characters of a quote in the list
_KEYS = (("Enter", "read"), ("y", "copy"), ("r", "remark"), ("Del", "delete"), ("e", "export"), ("Esc", "close"))


class NotebookScreen(ModalScreen[tuple[str, int] | None]):
    """Lists the notes; the result is what is wished and of which note, by its place, None where nothing is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+o", "dismiss(None)", "Close", show=False),
        Binding("y", "wish('copy')", "Copy", show=False),
        Binding("r", "wish('remark')", "Remark", show=False),
        Binding("delete,backspace", "wish('delete')", "Delete", show=False),
        Binding("ctrl+z", "wish('undo')", "Undo", show=False),
        Binding("e,ctrl+s", "wish('export')", "Export", show=False),
    ]

    def __init__(self, notes: Sequence[Note]) -> None:
        super().__init__()
        self._notes = notes

    def compose(self) -> ComposeResult:
        """Title, the notes, the keys."""
        with Vertical(classes="dialog wide notebook"):
            yield Static(f"Notebook · {counted(len(self._notes), 'note')}", classes="dialog-title", markup=False)
            yield OptionList(*map(_entry, self._notes), markup=False, compact=True)
            keys = (Content.assemble((key, "bold"), f" {text}") for key, text in _KEYS)
            yield Static(Content("   ").join(keys), classes="note")

    def on_mount(self) -> None:
        """Have one highlighted, so that the keys mean something."""
        self.query_one(OptionList).action_first()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Read the note in its article."""
        self.dismiss(("read", event.option_index))

    def action_wish(self, wish: str) -> None:
        """Close with what is wished of the highlighted note."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss((wish, at))


def _entry(note: Note) -> Option:
    lines = [Content(line(quoted(note.quote), LONGEST))]
    lines.append(Content.styled(f"— {byline(note.article)} · {name_of(note.article, 80)}", MUTED))
    if note.remark:
        lines.append(Content.styled(line(note.remark, 200), "italic $accent"))
    return Option(Content.assemble(Content("\n").join(lines), "\n"))
