"""What the controllers are given: the panes, the services, dialogs, notices, and work in threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from inspect import isawaitable
from typing import TYPE_CHECKING, Protocol, TypeVar

from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from qa.sanitize import clean
from tui.actions import action_called
from tui.controllers.panes import Panes
from tui.find import Find
from tui.ports import Articles, Services, Settings
from vectorstore.articles import Filter
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.conversations import Conversations
    from qa.ingest.web.following import Followed
    from qa.llm.healthcheck import Standing
    from qa.notes import Note, Notebook

Result = TypeVar("Result")


@dataclass
class Talk:
    """A conversation from its first question on; it has an id once it is saved."""

    id: str | None = None


@dataclass
class WorkFinished(Message):
    """Work in a thread has come to its end; `then` shows on the event loop what came of it."""

    then: Callable[[], object]


class Dialogs(Protocol):
    """Asks the user; `then` is called with the answer, and not at all where the user went back."""

    def line(
        self, title: str, then: Callable[[str], object], value: str = "", placeholder: str = "", note: str = ""
    ) -> None:
        """Ask for one line of text."""
        ...

    def confirm(self, question: str, yes: str, then: Callable[[], object]) -> None:
        """Ask whether to go on; `yes` names what will happen then."""
        ...

    def choose(self, title: str, choices: Sequence[tuple[str, str]], then: Callable[[str], object]) -> None:
        """Ask for one of several, each a key with its text; the answer is the key."""
        ...

    def pick(
        self, title: str, find: Find[Result], then: Callable[[Result], object], placeholder: str = "", note: str = ""
    ) -> None:
        """Ask for one of what `find` finds for the text that is typed; it is called in a thread."""
        ...

    def filter(self, scope: Filter, publishers: Sequence[str], then: Callable[[Filter], object]) -> None:
        """Ask for the filter, beginning with the one that is set."""
        ...

    def welcome(self, then: Callable[[str], object]) -> None:
        """Ask how the archive shall begin: "demo" or "own"."""
        ...

    def places(self, then: Callable[[Sequence[str]], object]) -> None:
        """Ask for folders and files that are there, and for web addresses."""
        ...

    def feeds(self, feeds: Sequence[Followed], then: Callable[[tuple[str, str]], object]) -> None:
        """Show the feeds and ask what to do: ("add", address), ("remove", address) or ("fetch", "")."""
        ...

    def answerers(self, standings: Sequence[Standing], current: str, then: Callable[[str], object]) -> None:
        """Ask who answers from now on; those that lack something are only listed."""
        ...

    def notes(self, notes: Sequence[Note], then: Callable[[str, Note], object]) -> None:
        """Show the notes; the answer is what is wished of one: "read", "copy", "remark", "delete", "undo", "export"."""
        ...

    def report(self, title: str, text: str | Content) -> None:
        """Show a longer text."""
        ...


class Context:
    """What all controllers of a screen share; `services` are None until the archive is open."""

    def __init__(self, screen: Screen[None], panes: Panes, make_dialogs: Callable[[], Dialogs]) -> None:
        self.screen, self.panes, self._make_dialogs = screen, panes, make_dialogs
        self.services: Services | None = None
        self.talk = Talk()  # the conversation that is shown

    @cached_property
    def dialogs(self) -> Dialogs:
        """The dialogs, made when the first is asked for."""
        return self._make_dialogs()

    @property
    def archive(self) -> Articles:
        """The archive; only to be asked for when `services` are there."""
        assert self.services is not None
        return self.services.archive

    @property
    def conversations(self) -> Conversations:
        """The saved conversations; only to be asked for when `services` are there."""
        assert self.services is not None
        return self.services.conversations

    @property
    def notes(self) -> Notebook:
        """The notebook; only to be asked for when `services` are there."""
        assert self.services is not None
        return self.services.notes

    @property
    def settings(self) -> Settings:
        """The configured settings, the defaults until they are known."""
        return self.services.settings if self.services is not None else Settings()

    def keys_of(self, name: str) -> str:
        """Return the keys of an action, the configured ones where there are any, "" for none."""
        return self.settings.keys.get(name, action_called(name).keys)

    def say(self, message: str, warning: bool = False) -> None:
        """Show a short notice that goes away by itself."""
        self.screen.notify(clean(message), severity="warning" if warning else "information", markup=False)

    def complain(self, error: AppError) -> None:
        """Show what went wrong and what to do about it."""
        text = f"{error.message}\n{error.hint}".strip()
        self.screen.notify(clean(text), severity="error", markup=False, timeout=12)

    def work(self, group: str, work: Callable[[], None]) -> Worker[None]:
        """Run in a thread what posts messages and touches no widget; the group's work that still runs is cancelled."""
        return self.screen.run_worker(work, group=group, thread=True, exclusive=True, exit_on_error=False)

    def fetch(self, group: str, call: Callable[[], Result], then: Callable[[Result], object]) -> None:
        """Call a service in a thread and `then` with its result on the event loop, unless the group has newer work."""

        def work() -> None:
            worker = get_current_worker()
            try:
                result = call()
            except AppError as error:
                self.post(WorkFinished(partial(self.complain, error)))
            else:
                if not worker.is_cancelled:
                    self.post(WorkFinished(partial(then, result)))

        self.work(group, work)

    def post(self, message: Message) -> None:
        """Send the screen a message, from any thread."""
        self.screen.post_message(message)


async def finish(call: Callable[[], object]) -> None:
    """Call, and wait where there is something to wait for."""
    result = call()
    if isawaitable(result):
        await result
