"""Questions to begin with, above the prompt: one that is chosen is asked."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from qa.sanitize import line
from tui.widgets.names import MUTED

HEAD = "Try asking (Shift+Tab, then Enter):"


class Suggestions(OptionList):
    """Hidden while there is nothing to suggest."""

    HINT = "Enter ask  ·  Esc back  ·  F1 help"
    HELP = "Questions that the new articles answer. Enter asks one; asking any question takes the list away."

    @dataclass
    class QuestionChosen(Message):
        """A question is to be asked."""

        question: str

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self._questions: list[str] = []

    def add(self, question: str) -> None:
        """Offer one question more."""
        if not self._questions:
            self.add_option(Option(Content.styled(HEAD, MUTED), disabled=True))
        self._questions.append(question)
        self.add_option(Option(line(question, 200)))
        self.highlighted = self.highlighted or 1  # so that Enter means something as soon as one gets here
        self.display = True

    def clear(self) -> None:
        """Offer none."""
        self._questions.clear()
        self.clear_options()
        self.display = False

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pass the wish on."""
        event.stop()
        self.post_message(self.QuestionChosen(self._questions[event.option_index - 1]))
