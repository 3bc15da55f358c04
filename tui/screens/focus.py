"""The focus of the main screen: which pane has it, where letters go, and which keys the status line tells."""

from __future__ import annotations

from textual import events
from textual.screen import Screen
from textual.widget import Widget

from tui.controllers.panes import Panes
from tui.controllers.typing import pane_of
from tui.screens.help import nearest
from tui.widgets.chrome import without_letters

TYPED = "type to ask  ·  / find  ·  Esc back  ·  Shift+Tab letter keys  ·  F1 help"


class FocusScreen(Screen[None]):
    """Leads letters to the prompt unless the reader stepped into a pane, and tells the keys that matter there."""

    def __init__(self) -> None:
        super().__init__(classes="pane-chat")  # set later, it would have every widget styled again
        self.panes = Panes(self)

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Move the focus, and with it where letters go; a terminal that comes back changes nothing."""
        before = self.focused
        super().set_focus(widget, scroll_visible, from_app_focus)
        if widget is not None and not from_app_focus:
            self.panes.typing.moved(before, widget)
        self.show_keys()

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Step to the next part of the screen."""
        with self.panes.typing.stepping():
            return super().focus_next(selector)

    def focus_previous(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Step into the focused pane; who is there already goes to the part before."""
        if self.panes.typing.step_in():
            self.show_keys()
            return self.focused
        with self.panes.typing.stepping():
            return super().focus_previous(selector)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Step into the pane that was clicked."""
        if pane_of(event.widget) == self.panes.typing.pane:
            self.panes.typing.step_in()
        self.show_keys()

    def on_resize(self) -> None:
        """Tell the keys that the panes now in view leave to be told."""
        self.show_keys()

    def receive(self, event: events.Key | events.Paste) -> None:
        """Go to the prompt if that is where this belongs, whatever has the focus."""
        if self.panes.typing.belongs_in_prompt(event):
            self.panes.show("chat")
            self.set_focus(self.panes.prompt)

    def show_keys(self) -> None:
        """Show the keys that matter where the focus is."""
        self.call_after_refresh(self._tell_keys)  # which panes are in view is known then

    def _tell_keys(self) -> None:
        hint = TYPED if self.panes.typing.outside else nearest(self.focused, "HINT", "F1 help")
        self.panes.status.keys = without_letters(hint) if self.panes.sources.tells_letters else hint
