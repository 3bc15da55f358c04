"""The controllers' dialogs, as modal screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from textual.content import Content
from textual.screen import ModalScreen, Screen

from tui.find import Find
from tui.screens.answerers import Answerers
from tui.screens.dialogs import AskLine, Choose, Confirm, ReportDialog
from tui.screens.feeds import Feeds
from tui.screens.filters import FilterScreen
from tui.screens.notebook import NotebookScreen
from tui.screens.pick import Pick
from tui.screens.places import AskPlaces
from tui.screens.welcome import Welcome
from vectorstore.articles import Filter

if TYPE_CHECKING:
    from qa.ingest.web.following import Followed
    from qa.llm.healthcheck import Standing
    from qa.notes import Note

Result = TypeVar("Result")


class ModalDialogs:
    """Puts each dialog above a screen and hands on the answer."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen

    def line(
        self, title: str, then: Callable[[str], object], value: str = "", placeholder: str = "", note: str = ""
    ) -> None:
        """Ask for one line of text."""
        self._push(AskLine(title, value, placeholder, note), then)

    def confirm(self, question: str, yes: str, then: Callable[[], object]) -> None:
        """Ask whether to go on."""

        def answered(sure: bool | None) -> None:
            if sure:
                then()

        self._screen.app.push_screen(Confirm(question, yes), answered)

    def choose(self, title: str, choices: Sequence[tuple[str, str]], then: Callable[[str], object]) -> None:
        """Ask for one of several."""
        self._push(Choose(title, choices), then)

    def pick(
        self, title: str, find: Find[Result], then: Callable[[Result], object], placeholder: str = "", note: str = ""
    ) -> None:
        """Ask for one of what `find` finds for the text that is typed."""
        self._push(Pick(title, find, placeholder, note), then)

    def filter(self, scope: Filter, publishers: Sequence[str], then: Callable[[Filter], object]) -> None:
        """Ask for the filter."""
        self._push(FilterScreen(scope, publishers), then)

    def welcome(self, then: Callable[[str], object]) -> None:
        """Ask how the archive shall begin."""
        self._push(Welcome(), then)

    def places(self, then: Callable[[Sequence[str]], object]) -> None:
        """Ask for folders, files and web addresses."""
        self._push(AskPlaces(), then)

    def feeds(self, feeds: Sequence[Followed], then: Callable[[tuple[str, str]], object]) -> None:
        """Show the feeds and ask what to do."""
        self._push(Feeds(feeds), then)

    def answerers(self, standings: Sequence[Standing], current: str, then: Callable[[str], object]) -> None:
        """Ask who answers from now on."""
        self._push(Answerers(standings, current), then)

    def report(self, title: str, text: str | Content) -> None:
        """Show a longer text."""
        self._screen.app.push_screen(ReportDialog(title, text))

    def notes(self, notes: Sequence[Note], then: Callable[[str, Note], object]) -> None:
        """Show the notes."""
        self._push(NotebookScreen(notes), lambda wish: then(wish[0], notes[wish[1]]))

    def _push(self, dialog: ModalScreen[Result | None], then: Callable[[Result], object]) -> None:
        def answered(answer: Result | None) -> None:
            if answer is not None:
                then(answer)

        self._screen.app.push_screen(dialog, answered)
