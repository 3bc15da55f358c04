"""Help: what the focused part is for, and every key with what it does now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

KEYS = {"ctrl": "Ctrl", "shift": "Shift", "alt": "Alt", "enter": "Enter", "escape": "Esc", "delete": "Del"}


def key_name(keys: str) -> str:
    """Return keys as they stand on a keyboard: "ctrl+p" → "Ctrl+P", "upper_y" → "Y"."""
    return ", ".join("+".join(_part(part) for part in key.split("+")) for key in keys.split(","))


def _part(part: str) -> str:
    part = part.strip()
    if part.startswith("upper_"):
        return part[-1].upper()
    return KEYS.get(part) or (part.upper() if len(part) > 1 and part[0] == "f" and part[1:].isdigit() else part)


class Help(ModalScreen[None]):
    """Shows a paragraph about the focused widget and two tables of keys: its own, and those that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss(None)", "Close", show=False)]

    def __init__(self, about: str, here: Sequence[tuple[str, str]], everywhere: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._about, self._here, self._everywhere = about, here, everywhere

    def compose(self) -> ComposeResult:
        """What it is for, keys here, keys everywhere."""
        with Vertical(classes="dialog wide"):
            yield Static("Help", classes="dialog-title", markup=False)
            with VerticalScroll(can_focus=True):
                yield Static(Content(self._about))
                if self._here:
                    yield Static("Keys here", classes="label", markup=False)
                    yield Static(_table(self._here))
                yield Static("Keys everywhere", classes="label", markup=False)
                yield Static(_table(self._everywhere))
            with Horizontal(classes="buttons"):
                yield Button("Close", id="no", compact=True)

    def on_button_pressed(self) -> None:
        """Close."""
        self.dismiss(None)


def _table(rows: Sequence[tuple[str, str]]) -> Content:
    width = max(len(keys) for keys, _ in rows) + 2
    return Content("\n").join(Content.assemble((keys.ljust(width), "bold $accent"), text) for keys, text in rows)
