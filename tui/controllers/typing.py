"""Where a typed letter goes: to the prompt, unless the reader has stepped into a pane where it is a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual import events
from textual.binding import ActiveBinding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.actions import FIND, letters
from tui.widgets.conversation import ConversationView
from tui.widgets.library import Library
from tui.widgets.sources import Sources


class Typing:
    """Keeps whether the reader has stepped into the focused pane, by Tab, Shift+Tab or a click.

    A pane that came to the front by itself, by Enter or by a function key, leaves every letter to the prompt.
    """

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._stepping = False
        self.stepped = False

    @property
    def pane(self) -> str:
        """The pane that has the focus: "answers", "sources", "library", or "" for none, as in the prompt."""
        return pane_of(self._screen.focused)

    @property
    def writing(self) -> bool:
        """Whether what has the focus takes text itself."""
        return isinstance(self._screen.focused, Input | TextArea)

    @property
    def outside(self) -> bool:
        """Whether letters would be commands in the focused pane if the reader stepped into it."""
        return not (self.stepped or self.writing) and any(action.name != FIND for action in letters(self.pane))

    @contextmanager
    def stepping(self) -> Iterator[None]:
        """Take every move of the focus in this block for a deliberate one."""
        self._stepping = True
        try:
            yield
        finally:
            self._stepping = False

    def moved(self, before: Widget | None, after: Widget) -> None:
        """Note that the focus has moved; within a pane it stays as it was."""
        pane = pane_of(after)
        self.stepped = bool(pane) and (self._stepping or (self.stepped and pane == pane_of(before)))

    def step_in(self) -> bool:
        """Step into the focused pane; tell whether the reader was not there already."""
        new = bool(self.pane) and not self.stepped
        self.stepped = self.stepped or new
        return new

    def belongs_in_prompt(self, event: events.Key | events.Paste) -> bool:
        """Tell whether what was typed or pasted is text for the prompt and not meant for what has the focus."""
        text = isinstance(event, events.Paste) or (is_letter(event) and not self._is_command(event.key))
        return text and not self.writing

    def _is_command(self, key: str) -> bool:
        active = self._screen.active_bindings.get(key)
        return active is not None and self._acts(active)

    def _acts(self, active: ActiveBinding) -> bool:
        """Tell whether the letter of this binding acts where the focus is."""
        name = active.binding.id
        if active.node is not self._screen:
            return self.stepped
        return name == FIND if not self.stepped else name in {action.name for action in letters(self.pane)}


def is_letter(event: events.Key) -> bool:
    """Tell whether a key writes a character; Space does not, as no question begins with one."""
    return event.is_printable and event.key != "space"


def pane_of(widget: Widget | None) -> str:
    """Return the name of the pane that a widget is in, "" for none."""
    panes = {ConversationView: "answers", Sources: "sources", Library: "library"}
    around = widget.ancestors_with_self if widget is not None else ()
    return next((name for node in around for kind, name in panes.items() if isinstance(node, kind)), "")
