"""A field for folders, files and web addresses that knows how their names go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from qa.sanitize import line
from tui.places import Offer, begun_alike, is_address, offers


class PathInput(Input):
    """One line; what is dropped into the terminal on several lines is several places."""

    def _on_paste(self, event: events.Paste) -> None:
        """Keep every line of what is pasted; a path that is dropped in has a blank before it."""
        text = " ".join(event.text.splitlines())
        if self.value and not self.value.endswith((" ", "/")) and (is_address(text) or text[:1] in "'\"/~"):
            text = f" {text}"
        self.insert_text_at_cursor(text)
        event.stop()
        event.prevent_default()


class PathField(Vertical):
    """The line, and under it how the last name in it may go on: Tab completes, arrows choose."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "Complete the name", show=False, priority=True, id="path.complete"),
        Binding("down", "walk(1)", "Next name", show=False, priority=True),
        Binding("up", "walk(-1)", "Name before", show=False, priority=True),
    ]

    @dataclass
    class Submitted(Message):
        """The places are typed; nobody has looked yet whether they are there."""

        typed: str

    @dataclass
    class OffersFound(Message):
        """How what was typed goes on was looked up."""

        typed: str
        found: list[Offer]

    class Edited(Message):
        """Something else is typed now."""

    def __init__(self, placeholder: str = "") -> None:
        super().__init__()
        self._placeholder = placeholder
        self._found: list[Offer] = []
        self._asked = ""  # what the offers go on from
        self._completing = False  # as soon as they are there

    def compose(self) -> ComposeResult:
        """The line and the list."""
        yield PathInput(placeholder=self._placeholder, compact=True, select_on_focus=False)
        yield OptionList(markup=False, compact=True)

    def on_mount(self) -> None:
        """Only the line takes the keys."""
        self._list.can_focus = False
        self._list.display = False

    @property
    def value(self) -> str:
        """What is typed."""
        return self._line.value

    @property
    def _line(self) -> PathInput:
        return self.query_one(PathInput)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def put(self, text: str) -> None:
        """Put a text in place of what is typed, and look how it goes on."""
        self._line.value = text
        self._line.cursor_position = len(text)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Edited())
        self._look_up()

    def _look_up(self) -> None:
        typed = self.value
        self.run_worker(lambda: self._search(typed), thread=True, exclusive=True, exit_on_error=False)

    def _search(self, typed: str) -> None:
        worker = get_current_worker()
        found = offers(typed, lambda: worker.is_cancelled) if typed.strip() else []
        if not worker.is_cancelled:
            self.post_message(self.OffersFound(typed, found))

    def on_path_field_offers_found(self, event: OffersFound) -> None:
        """Show how it goes on, unless something else is typed meanwhile."""
        event.stop()
        if event.typed != self.value:
            return
        self._found, self._asked = event.found, event.typed
        self._list.clear_options().add_options([Option(line(offer.shown, 200)) for offer in event.found])
        self._list.display = bool(event.found)
        if self._completing:
            self.action_complete()

    def action_complete(self) -> None:
        """Take the chosen name, or as much as all of them begin with."""
        self._completing = self._asked != self.value
        if self._completing:
            self._look_up()
            return
        chosen = self._list.highlighted
        text = self._found[chosen].text if chosen is not None else begun_alike(self._found)
        if len(text) > len(self.value) or chosen is not None:
            self.put(text)
        elif self._found:
            self._list.action_first()
        else:
            self.screen.focus_next()

    def action_walk(self, step: int) -> None:
        """Choose another name of the list."""
        if self._list.display:
            self._list.action_cursor_down() if step > 0 else self._list.action_cursor_up()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Take the chosen name; without one, what is typed is meant."""
        event.stop()
        if self._list.display and self._list.highlighted is not None:
            self.action_complete()
        else:
            self.post_message(self.Submitted(self.value))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.put(self._found[event.option_index].text)
        self._line.focus()
