"""The ground that the main screen's parts stand on: its widgets, its services, and what is being looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from qa.sanitize import clean
from tui.ports import Archive, Services, Settings
from tui.widgets.chrome import StatusBar
from tui.widgets.conversation import ConversationView
from tui.widgets.exchange import Exchange
from tui.widgets.library import Library
from tui.widgets.prompt import PromptInput
from tui.widgets.sources import Sources
from vectorstore.articles import Filter
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.conversations import Conversations

Result = TypeVar("Result")


@dataclass
class Talk:
    """A conversation from its first question on; it has an id once it is saved."""

    id: str | None = None


class Desk(Screen[None]):
    """What the parts of the main screen share. `services` is None until the archive is open."""

    services: Services | None = None
    settings: Settings
    talk: Talk  # what the view shows
    conversation_title: str = ""
    scope: Filter = Filter()
    answerer: str = ""  # who answers the next question
    chosen: Exchange | None = None

    @property
    def conversation_id(self) -> str | None:
        """The id of the conversation that is shown, None until it is saved."""
        return self.talk.id

    @property
    def archive(self) -> Archive:
        """The archive; only to be asked for when `services` are there."""
        assert self.services is not None
        return self.services.archive

    @property
    def conversations(self) -> Conversations:
        """The saved conversations; only to be asked for when `services` are there."""
        assert self.services is not None
        return self.services.conversations

    @property
    def view(self) -> ConversationView:
        """The conversation in the middle."""
        return self.query_one(ConversationView)

    @property
    def sources(self) -> Sources:
        """The sources at the right."""
        return self.query_one(Sources)

    @property
    def library(self) -> Library:
        """Conversations and archive at the left."""
        return self.query_one(Library)

    @property
    def prompt(self) -> PromptInput:
        """The field where questions are typed."""
        return self.query_one(PromptInput)

    @property
    def status(self) -> StatusBar:
        """The status line."""
        return self.query_one(StatusBar)

    def say(self, message: str, warning: bool = False) -> None:
        """Show a short notice that goes away by itself."""
        self.app.notify(clean(message), severity="warning" if warning else "information", markup=False)

    def complain(self, error: AppError) -> None:
        """Show what went wrong and what to do about it."""
        text = f"{error.message}\n{error.hint}".strip()
        self.app.notify(clean(text), severity="error", markup=False, timeout=12)

    def fetch(self, group: str, call: Callable[[], Result], then: Callable[[Result], object]) -> None:
        """Call a service in a thread and its result on the event loop; a newer call of the group replaces an older."""

        def work() -> None:
            try:
                result = call()
            except AppError as error:
                self.app.call_from_thread(self.complain, error)
            else:
                if not worker.is_cancelled:
                    self.app.call_from_thread(then, result)

        worker = self.run_worker(work, group=group, thread=True, exclusive=True, exit_on_error=False)
