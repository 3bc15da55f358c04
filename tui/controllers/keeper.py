"""Saving a turn while it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from qa.types import Answer, Question
from tui.controllers.context import Talk
from tui.ports import Services
from vectorstore.errors import AppError


@dataclass
class TurnSaved(Message):
    """A turn is saved in the conversation of this id, or could not be; the view may show another meanwhile."""

    talk: Talk
    conversation: str | None
    error: AppError | None = None


@dataclass
class Keeper:
    """Saves one turn; that saving fails never costs the answer."""

    services: Services
    talk: Talk
    post: Callable[[Message], object]
    conversation: str | None = None
    position: int | None = None

    def begin(self, question: Question) -> None:
        """Save the question, in a new conversation where there is none."""
        from qa.conversations import SavedTurn  # SQLite costs 15 ms, which the first frame must not wait for

        try:
            conversations = self.services.conversations
            self.conversation = self.talk.id or conversations.create(scope=question.filter)
            self.position = conversations.append(self.conversation, SavedTurn(question.text, None, question.filter))
            self.post(TurnSaved(self.talk, self.conversation))
        except AppError as error:
            self.post(TurnSaved(self.talk, None, error))

    def end(self, answer: Answer) -> None:
        """Save the answer beside its question."""
        if self.conversation is None or self.position is None:
            return
        try:
            self.services.conversations.answer(self.conversation, self.position, answer)
            self.post(TurnSaved(self.talk, self.conversation))
        except AppError as error:
            self.post(TurnSaved(self.talk, None, error))
