"""The panes of the main screen, and which of them is in front."""

from __future__ import annotations

from dataclasses import replace

from textual.screen import Screen

from tui.controllers.typing import Typing
from tui.widgets.chrome import Chips, StatusBar, TopBar
from tui.widgets.conversation import ConversationView
from tui.widgets.demobar import DemoBar
from tui.widgets.importbar import ImportBar
from tui.widgets.library import Library
from tui.widgets.prompt import PromptInput
from tui.widgets.sources import Sources
from tui.widgets.suggestions import Suggestions

PANES = ("chat", "sources", "library")
FRONT = {"": "chat", "answers": "chat", "sources": "sources", "library": "library"}  # by where the focus is
MAXIMISED = "maximised"


class Panes:
    """Owns the widgets; where they don't all fit, the screen's classes say which is shown."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self.typing = Typing(screen)
        self.top, self.imports, self.status = TopBar(), ImportBar(), StatusBar()
        self.demo, self.suggestions = DemoBar(), Suggestions()
        self.library, self.sources = Library(), Sources()
        self.view, self.chips, self.prompt = ConversationView(), Chips(), PromptInput()

    async def furnish(self) -> None:
        """Put in what the first frame can do without."""
        await self._screen.query_one("#chat").mount(self.suggestions, before=self.chips)
        await self.library.furnish()
        await self.sources.furnish()
        await self.imports.furnish()

    def show_doing(self, what: str) -> None:
        """Say in the status line what is going on, "" for nothing."""
        self.status.status = replace(self.status.status, doing=what)

    def show_demo(self, is_shown: bool, keys: str) -> None:
        """Say that the demo's archive is shown, and with which key one leaves it."""
        self.demo.display = is_shown
        self.demo.say(keys.partition(",")[0].upper())

    def show(self, pane: str) -> None:
        """Bring a pane ("chat", "sources", "library") to the front; where there is room for all, open it."""
        if not self._screen.has_class(f"pane-{pane}"):
            self._screen.remove_class(MAXIMISED)
        for name in PANES:
            self._screen.set_class(name == pane, f"pane-{name}")
        if pane != "chat":
            self._screen.remove_class(f"no-{pane}")
            self._screen.add_class(f"with-{pane}")

    def hide(self, pane: str) -> None:
        """Close a pane and go back to the conversation."""
        self._screen.remove_class(f"with-{pane}")
        self._screen.add_class(f"no-{pane}")
        self.show_prompt()

    def show_prompt(self) -> None:
        """Go to the conversation and the prompt."""
        self.show("chat")
        self.prompt.focus()

    def show_article(self) -> None:
        """Go to the article among the sources; letters typed there belong in the prompt."""
        self.typing.stepped = False
        self.show("sources")
        self.sources.focus_article()

    def maximise(self) -> None:
        """Give the focused pane the whole screen, an article without the list, or restore the others."""
        if self._screen.has_class(MAXIMISED):
            self._screen.remove_class(MAXIMISED)
        else:
            self.show(FRONT[self.typing.pane])
            self.sources.set_class(self.sources.reading, "alone")
            self._screen.add_class(MAXIMISED)

    def find(self) -> None:
        """Find in the sources or in the article."""
        self.show("sources")
        self.sources.find()

    def toggle_library(self) -> None:
        """Go to the library; hide it when there."""
        narrow = self._screen.has_class("-narrow")
        if self.library.display and (self.library.has_focus_within or not narrow):
            self.hide("library")
        else:
            self.show("library")
            self.library.focus_conversations()

    def toggle_sources(self) -> None:
        """Go to the sources; hide them when there."""
        if self.sources.display and self.sources.has_focus_within:
            self.hide("sources")
        else:
            self.show("sources")
            self.sources.focus_list()
