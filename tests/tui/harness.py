"""Runs the application on fakes, and waits for conditions, never for a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from tests.tui.fakes import FakeArchive, FakeAsker, services
from tui.actions import call_of
from tui.app import FootnoteApp
from tui.controllers.panes import Panes
from tui.ports import Services, Settings
from tui.screens.main import MainScreen
from tui.widgets.exchange import Exchange, State

SECONDS = 20
NARROW, MEDIUM, WIDE = (80, 24), (120, 40), (200, 60)
DONE = {State.ANSWERED, State.ABSTAINED, State.FAILED, State.STOPPED}


@dataclass
class Ui:
    """The running application with its fakes."""

    app: FootnoteApp
    pilot: Pilot[None]
    services: Services
    asker: FakeAsker
    archive: FakeArchive

    @property
    def main(self) -> MainScreen:
        """The main screen."""
        return self.app.main

    @property
    def panes(self) -> Panes:
        """The widgets of the main screen."""
        return self.main.panes

    async def do(self, action: str) -> None:
        """Do an action by its name."""
        await self.main.run_action(call_of(action))

    @property
    def last(self) -> Exchange:
        """The newest exchange."""
        exchange = self.panes.view.last
        assert exchange is not None
        return exchange

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until the condition holds; fail after a while."""
        deadline = asyncio.get_running_loop().time() + SECONDS
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, f"never came true: {what or condition}\n{self.text()}"
            await self.pilot.pause()
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Put a text where the focus is, in one go: the pilot takes 60 ms a key."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one after another."""
        await self.pilot.press(*keys)

    async def ask(self, question: str = "When was the lamp lit?") -> Exchange:
        """Ask in the prompt and wait for the answer."""
        before = len(self.panes.view.exchanges)
        await self.press("f3")
        await self.type(question)
        await self.press("enter")
        await self.until(lambda: len(self.panes.view.exchanges) > before, "the question on screen")
        await self.until(lambda: self.last.state in DONE, "the answer")
        return self.last

    def text(self, widget: Widget | None = None) -> str:
        """Return what is on screen, or in one widget's part of it, as plain text; every blank as a common one."""
        strips = self.app.screen._compositor.render_strips()
        lines = ["".join(segment.text for segment in strip).replace("\u00a0", " ") for strip in strips]
        if widget is None:
            return "\n".join(lines)
        x, y, width, height = widget.region
        return "\n".join(line[x : x + width] for line in lines[y : y + height])

    def notices(self) -> str:
        """Return the notices on screen."""
        return "\n".join(notice.message for notice in self.app._notifications)


@asynccontextmanager
async def running(
    folder: Path,
    size: tuple[int, int] = MEDIUM,
    asker: FakeAsker | None = None,
    archive: FakeArchive | None = None,
    settings: Settings | None = None,
    memory: Path | None = None,
    conversation: str | None = None,
    toasts: bool = False,
    question: str = "",
) -> AsyncIterator[Ui]:
    """Run the application in a window of this size until its archive is open and listed; `toasts` shows notices."""
    asker, archive = asker or FakeAsker(), archive or FakeArchive()
    core = services(folder, asker, archive, settings)
    app = FootnoteApp(lambda: core, memory, conversation, question)
    async with app.run_test(size=size, notifications=toasts) as pilot:
        ui = Ui(app, pilot, core, asker, archive)
        await ui.until(lambda: app.main.panes.status.status.articles is not None, "the archive is open")
        yield ui
