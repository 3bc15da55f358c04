"""One line to find in an article or a list: what is sought, and how much of it there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from qa.sanitize import line


class FindBar(Horizontal):
    """Hidden until something is sought; finds as it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next place", id="find.next"),
        Binding("up", "step(-1)", "Previous place", id="find.previous"),
    ]
    HINT = "Enter, ↓ next  ·  ↑ previous  ·  Esc end"
    HELP = "Type what you look for. Enter and Down go to the next place, Up to the one before, Escape ends the search."

    @dataclass
    class Sought(Message):
        """Something else is sought."""

        text: str

    @dataclass
    class StepWanted(Message):
        """The reader wants the next place (1) or the one before (-1)."""

        step: int

    async def furnish(self) -> None:
        """Put in a slash, the field and the count; called after the first frame, which can do without."""
        await self.mount(Static("/", classes="slash"), Input(id="find", compact=True), Static(id="found", markup=False))

    @property
    def sought(self) -> str:
        """What is typed, "" while nothing is sought."""
        return line(self.query_one(Input).value) if self.display else ""

    def open(self, what: str) -> None:
        """Come up empty and take the focus; `what` says where it finds."""
        field = self.query_one(Input)
        self.display, field.placeholder, field.value = True, what, ""
        self.show(0, 0)
        field.focus()

    def show(self, at: int, count: int) -> None:
        """Show that place `at`, from 1, of `count` is the current one."""
        text = f"{at} of {count}" if count else "nothing found" if self.sought else ""
        self.query_one("#found", Static).update(text)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Sought(line(event.value)))

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_step(1)

    def action_step(self, step: int) -> None:
        """Ask for another place."""
        self.post_message(self.StepWanted(step))
