"""Help: what the focused part is for, and every key with what it does now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Static

from tui.actions import ACTIONS, is_letter, letters
from tui.controllers.typing import Typing
from tui.keynames import key_name

OUTSIDE = (
    "Letters that you type now go to the prompt. Press Shift+Tab, or click here, to step in: "
    "then the letters below are commands. Enter, a function key or Escape steps out again."
)
GENERAL = "Ask questions; every sentence of the answer carries a footnote to the words it rests on."


def help_on(screen: Screen[None], typing: Typing, keys_of: Callable[[str], str]) -> Help:
    """Return the help for where the screen's focus is; `keys_of` tells the keys of an action."""
    about = nearest(screen.focused, "HELP", GENERAL)
    if typing.outside:
        about = f"{about}\n\n{OUTSIDE}"
    everywhere = [(keys, action.help) for action in ACTIONS if (keys := keys_of(action.name)) and not is_letter(keys)]
    in_pane = [(keys, action.help) for action in letters(typing.pane) if (keys := keys_of(action.name))]
    return Help(about, _named([*_keys_here(screen), *in_pane]), _named(everywhere))


def _named(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key_name(keys), text) for keys, text in rows]


def nearest(node: DOMNode | None, name: str, default: str) -> str:
    """Return the text that the node, or the nearest one around it, has under this name."""
    chain = node.ancestors_with_self if node is not None else ()
    return next((text for one in chain if (text := getattr(one, name, None))), default)


def _keys_here(screen: Screen[None]) -> Iterator[tuple[str, str]]:
    if screen.focused is None:
        return
    keys: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        if active.node is screen.focused and active.binding.id:  # what Textual binds by itself is as everywhere
            keys.setdefault(active.binding.description, []).append(key)
    yield from ((",".join(names), text) for text, names in keys.items())


class Help(ModalScreen[None]):
    """Shows a paragraph about the focused widget and two tables of keys: its own, and those that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss(None)", "Close", show=False)]

    def __init__(self, about: str, here: Sequence[tuple[str, str]], everywhere: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.about, self.here, self.everywhere = about, here, everywhere

    def compose(self) -> ComposeResult:
        """What it is for, keys here, keys everywhere."""
        with Vertical(classes="dialog wide"):
            yield Static("Help", classes="dialog-title", markup=False)
            with VerticalScroll(can_focus=True):
                yield Static(Content(self.about))
                if self.here:
                    yield Static("Keys here", classes="label", markup=False)
                    yield Static(_table(self.here))
                yield Static("Keys everywhere", classes="label", markup=False)
                yield Static(_table(self.everywhere))
            with Horizontal(classes="buttons"):
                yield Button("Close", id="no", compact=True)

    def on_button_pressed(self) -> None:
        """Close."""
        self.dismiss(None)


def _table(rows: Sequence[tuple[str, str]]) -> Content:
    width = max(len(keys) for keys, _ in rows) + 2
    return Content("\n").join(Content.assemble((keys.ljust(width), "bold $accent"), text) for keys, text in rows)
