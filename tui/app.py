"""The application: one main screen, the services opened behind the first frame, the theme remembered."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.theme import Theme

from qa.sanitize import clean
from tui.actions import ACTIONS, call_of
from tui.clipboard import through_tmux
from tui.controllers.archives import ArchiveWanted
from tui.controllers.conversations import ConversationShown
from tui.controllers.reading import BrowserCopied
from tui.keynames import key_name
from tui.memory import recall, remember
from tui.ports import Load, Services
from tui.screens.main import MainScreen
from vectorstore.errors import AppError

SHORT = 20  # lines; a screen of fewer does without margins
DEFAULT_THEME = "footnote"


class FootnoteApp(App[None]):
    """The terminal UI; `load` opens the core in a thread once the first frame is there, then `question` is asked."""

    TITLE = "Footnote"
    CSS_PATH = Path(__file__).with_name("footnote.tcss")
    BINDINGS: ClassVar[list[BindingType]] = []
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self, load: Load, memory: Path | None = None, conversation: str | None = None, question: str = ""
    ) -> None:
        super().__init__()
        self._first, self._memory, self._conversation, self._question = load, memory, conversation, question
        self.main = MainScreen()
        self.failure: Exception | None = None
        self.register_theme(PAPER)
        self.register_theme(INK)
        self._dress(recall(memory).get("theme"))  # a theme set later has every style parsed again

    def on_mount(self) -> None:
        """Show the screen, then open the archive."""
        self.theme_changed_signal.subscribe(self, lambda theme: remember(self._memory, theme=theme.name))
        self.main.fit(self.size.width)
        self.push_screen(self.main)
        self.call_after_refresh(self._begin, self._first)

    def refresh_css(self, animate: bool = True) -> None:
        """Read the styles again in other colours; before there is a screen they have not been read yet."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_resize(self, event: events.Resize) -> None:
        """Let every screen know that it has few lines, dialogs too, which Textual's breakpoints leave out."""
        self.set_class(event.size.height < SHORT, "-short")

    def _dress(self, theme: str | None) -> None:
        self.theme = theme if theme in self.available_themes else DEFAULT_THEME

    async def on_event(self, event: events.Event) -> None:
        """Let no paste bring in what a terminal would obey, and lead what is typed to the prompt."""
        if isinstance(event, events.Paste):
            event.text = clean(event.text)
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded and self.screen is self.main:
            self.main.receive(event)
        await super().on_event(event)

    async def _begin(self, load: Load) -> None:
        main = self.main
        await main.panes.furnish()
        # a daemon, unlike a worker's thread, keeps nobody waiting who leaves while a model is being prepared
        threading.Thread(target=self._load, args=(load, main), daemon=True).start()
        if self._question:
            question, self._question = self._question, ""  # once, and not again in another archive
            await main.asking.ask(question)

    def _load(self, load: Load, main: MainScreen) -> None:
        with suppress(RuntimeError):  # the user has left, and there is no loop to call any more
            try:
                services = load()
                self.call_from_thread(self._opened, load, main, services)
                services.warm()
            except Exception as error:  # noqa: BLE001 - said on the screen, or raised where the application was run
                self.call_from_thread(self._failed, main, error)
            else:
                self.call_from_thread(main.warmed)

    def _opened(self, load: Load, main: MainScreen, services: Services) -> None:
        self.set_keymap(dict(services.settings.keys))
        if services.settings.theme and load is self._first:
            self._dress(services.settings.theme)
        if not main.is_attached:  # another archive was gone to meanwhile
            return
        main.opened(services)
        if self._conversation and load is self._first:
            main.conversations.go_on_with(self._conversation)

    @on(ConversationShown)
    def _shown(self, event: ConversationShown) -> None:
        if not self.main.archives.is_demo:  # a tab begins with the user's own archive
            self.tell_tab(event.conversation)

    def tell_tab(self, conversation: str | None) -> None:
        """Let the browser's tab remember which conversation it shows; there is none in a terminal."""
        if self.is_web:
            from tui.web.driver import TabDriver  # a terminal needs no browser's driver

            assert isinstance(self._driver, TabDriver)
            self._driver.remember(conversation or "")

    def copy_to_clipboard(self, text: str) -> None:
        """Ask the terminal to copy, and the one around tmux too: tmux keeps what it is asked to itself."""
        super().copy_to_clipboard(text)
        if "TMUX" in os.environ and self._driver is not None and not self.is_web:
            self._driver.write(through_tmux(text))

    @on(BrowserCopied)
    def _browser_copied(self, event: BrowserCopied) -> None:
        self.main.reading.browser_copied(event.done)

    def _failed(self, main: MainScreen, error: Exception) -> None:
        """Go on where asking can; else end, so that the error is said in the terminal."""
        if main.context.services is None or not isinstance(error, AppError):
            self.failure = error
            self.exit()
            return
        main.warmed()
        main.context.complain(error)

    @on(ArchiveWanted)
    async def _go_to(self, event: ArchiveWanted) -> None:
        """Put a new main screen in the place of the old one, so that nothing of one archive shows in the other."""
        self.main = MainScreen(adding=event.adding)
        await self.switch_screen(self.main)
        await self._begin(event.open)

    async def action_quit(self) -> None:
        """Leave as the program's own action does, also by Textual's key for it."""
        await self.main.run_action(call_of("app.quit"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the program, by name; nothing of Textual's own that isn't in the table."""
        if screen is not self.main:
            return
        for action in ACTIONS:
            if action.name == "app.palette":
                continue  # it is open
            keys = key_name(self.main.context.keys_of(action.name))
            text = f"{action.help}  ({keys})" if keys else action.help
            yield SystemCommand(action.label, text, partial(self.main.run_action, call_of(action.name)))
        asking = self.main.asking
        for name in asking.offered():
            mark = "  ✓" if name == asking.answerer else ""
            text = "Answers now" if mark else "Who answers from the next question on"
            yield SystemCommand(f"Answer with: {name}{mark}", text, partial(asking.answer_with, name))


PAPER = Theme(
    name="footnote-light",
    primary="#7A3E1D",
    secondary="#2F5D62",
    accent="#8A360B",
    warning="#9A6700",
    error="#A1260D",
    success="#3B6E22",
    foreground="#2B2622",
    background="#FBF8F1",
    surface="#F3EDE0",
    panel="#E6DDCB",
    dark=False,
)
INK = Theme(
    name="footnote",
    primary="#E0A458",
    secondary="#7FB7BE",
    accent="#F2B866",
    warning="#E5C07B",
    error="#E06C75",
    success="#98C379",
    foreground="#DCD7CC",
    background="#15171A",
    surface="#1B1E22",
    panel="#2A2E34",
    dark=True,
)
