"""Where questions are typed: Enter sends, Ctrl+J breaks the line, Up and Down walk through earlier questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from qa.sanitize import clean

LONGEST = 20_000  # characters; more than this is a mistaken paste, not a question


class PromptInput(TextArea):
    """A text area that sends its text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send", id="prompt.send"),
        Binding("ctrl+j,shift+enter,alt+enter", "newline", "New line", id="prompt.newline"),
    ]
    HINT = "Enter send  ·  Ctrl+J new line  ·  Ctrl+P commands  ·  Shift+Tab answers  ·  F1 help"
    HELP = (
        "Type a question and press Enter. Ctrl+J breaks the line; Up and Down bring back earlier questions, "
        "F8 lists them. You may send the next question while an answer is still coming; Escape stops the answer."
    )

    @dataclass
    class Sent(Message):
        """A question was sent."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, compact=True, placeholder="Ask the archive …", highlight_cursor_line=False)
        self._history: list[str] = []
        self._at = 0  # place in the history; its length means the draft
        self._draft = ""

    def remember(self, questions: Iterable[str]) -> None:
        """Put earlier questions, oldest first, before those of this session."""
        self._history[:0] = questions
        self._at = len(self._history)

    @property
    def earlier(self) -> Sequence[str]:
        """The earlier questions, newest first, each once."""
        return tuple(dict.fromkeys(reversed(self._history)))

    def replace_text(self, text: str) -> None:
        """Put a text in place of what is there, the cursor at its end."""
        self.text = clean(text)[:LONGEST]
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        """Let the keys of the prompt win over what a text area does with them, in the order in which they came.

        A binding with priority would overtake the characters typed just before it, which are still on their way.
        """
        active = self.screen.active_bindings.get(event.key)
        if active is not None and active.node is self and active.binding.id:
            event.stop()
            event.prevent_default()
            await self.run_action(active.binding.action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Undo to the program where nothing was typed that could be undone."""
        if action == "undo" and not self.history.undo_stack:
            return False
        return super().check_action(action, parameters)

    def action_send(self) -> None:
        """Send the question and clear the field; an empty one is not sent."""
        text = clean(self.text).strip()[:LONGEST]
        if not text:
            return
        if not self._history or self._history[-1] != text:
            self._history.append(text)
        self._at, self._draft = len(self._history), ""
        self.text = ""
        self.post_message(self.Sent(text))

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up, or back in the history from the first line."""
        if select or not self._on_first_row():
            super().action_cursor_up(select)
        else:
            self._walk(-1)

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down, or forward in the history from the last line."""
        if select or not self._on_last_row():
            super().action_cursor_down(select)
        else:
            self._walk(1)

    def _on_first_row(self) -> bool:
        return self.wrapped_document.location_to_offset(self.cursor_location).y == 0

    def _on_last_row(self) -> bool:
        return self.wrapped_document.location_to_offset(self.cursor_location).y == self.wrapped_document.height - 1

    def _walk(self, step: int) -> None:
        place = self._at + step
        if not 0 <= place <= len(self._history):
            return
        if self._at == len(self._history):
            self._draft = self.text
        self._at = place
        self.replace_text(self._draft if place == len(self._history) else self._history[place])
